// reply_reader.h: takes a reply apart and remembers the first thing that was wrong. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.h"
#include "convoy/result.h"

namespace convoy::sync::machine {

// Reads members of JSON objects. After a member was missing or of the wrong type, `status` is
// BadReply naming it, and what the reader returned for it is empty. So a parser reads straight
// through and asks once, at the end.
class ReplyReader {
 public:
  std::string string(const base::Json& object, std::string_view name);
  std::string string_or(const base::Json& object, std::string_view name, std::string_view fallback);
  std::int64_t integer(const base::Json& object, std::string_view name);
  std::int64_t integer_or(const base::Json& object, std::string_view name, std::int64_t fallback);
  bool boolean(const base::Json& object, std::string_view name);
  const base::Json::Array& array(const base::Json& object, std::string_view name);
  // An absent array is an empty one.
  const base::Json::Array& array_or_empty(const base::Json& object, std::string_view name);
  const base::Json::Object& object_or_empty(const base::Json& object, std::string_view name);
  // The value itself as a string.
  std::string text(const base::Json& value, std::string_view what);

  void fail(std::string_view what);

  [[nodiscard]] bool ok() const { return problem_.empty(); }

  // Errors: BadReply.
  [[nodiscard]] Status status() const;

 private:
  std::string problem_;
};

}  // namespace convoy::sync::machine
