// json.h: a JSON document as a value, with numbers kept as they were written.
//
// Numbers stay text ("1.10", 38-digit numerics, 64-bit integers): Postgres' numeric and bigint must
// never pass through a double. Parsing is simdjson's; its types stay out of this header.
//
// Thread-safety: thread-compatible.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "convoy/result.h"

namespace convoy::base {

class Json {
 public:
  struct Number {
    std::string text;  // A number of RFC 8259, verbatim.
    bool operator==(const Number&) const = default;
  };

  using Array = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  using Object = std::vector<Member>;  // In document order; names are unique.

  Json() = default;

  Json(std::nullptr_t) {}

  Json(bool value) : value_(value) {}

  Json(Number value) : value_(std::move(value)) {}

  Json(std::int64_t value) : value_(Number{std::to_string(value)}) {}

  Json(int value) : Json(std::int64_t{value}) {}

  Json(std::string value) : value_(std::move(value)) {}

  Json(std::string_view value) : value_(std::string(value)) {}

  Json(const char* value) : value_(std::string(value)) {}

  Json(Array value) : value_(std::move(value)) {}

  Json(Object value) : value_(std::move(value)) {}

  // A finite double in its shortest exact form; null for NaN and the infinities, which JSON can't
  // hold.
  static Json from_double(double value);

  [[nodiscard]] bool is_null() const { return std::holds_alternative<std::monostate>(value_); }

  [[nodiscard]] const bool* boolean() const { return std::get_if<bool>(&value_); }

  [[nodiscard]] const Number* number() const { return std::get_if<Number>(&value_); }

  [[nodiscard]] const std::string* string() const { return std::get_if<std::string>(&value_); }

  [[nodiscard]] const Array* array() const { return std::get_if<Array>(&value_); }

  [[nodiscard]] const Object* object() const { return std::get_if<Object>(&value_); }

  Array* array() { return std::get_if<Array>(&value_); }

  Object* object() { return std::get_if<Object>(&value_); }

  // The number as an integer, if it is one that fits.
  [[nodiscard]] std::optional<std::int64_t> integer() const;
  // The number as the nearest double.
  [[nodiscard]] std::optional<double> real() const;

  // The member of this object called `name`, or null if there is none or this is no object.
  [[nodiscard]] const Json* find(std::string_view name) const;
  // Adds or replaces a member. REQUIRES: this is an object or null (which becomes one).
  Json& set(std::string_view name, Json value);

  // Compact JSON text. Well-formed UTF-8 in, well-formed JSON out.
  [[nodiscard]] std::string dump() const;
  void dump_to(std::string& out) const;
  // JSON text over several lines, two spaces a level, for people.
  [[nodiscard]] std::string dump_pretty() const;

  // Equal by meaning: members in any order; numbers by value where both are plain integers or
  // doubles, else by text.
  friend bool operator==(const Json& left, const Json& right);

 private:
  std::variant<std::monostate, bool, Number, std::string, Array, Object> value_;
};

// Parses one whole document.
// Errors: BadReply if it is not JSON, is cut off, is not UTF-8, nests deeper than
// limits::kJsonDepthMax or has two members of one name; the message says where.
Result<Json> parse_json(std::string_view text);

// Appends `text` as a JSON string literal, with the quotes.
void append_json_string(std::string& out, std::string_view text);

}  // namespace convoy::base
