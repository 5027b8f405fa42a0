#include "conformance/runner/words.h"

#include <cmath>
#include <limits>

#include "base/number_text.h"

namespace convoy::conformance {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

bool is_bare(std::string_view word) {
  if (word.empty() || !is_letter(word.front())) return false;
  if (word == "null" || word == "true" || word == "false" || word == "Infinity") return false;
  if (word == "nothing" || word == "error") return false;
  for (const char c : word) {
    const bool is_plain = is_letter(c) || (c >= '0' && c <= '9');
    if (!is_plain && std::string_view("-.,:").find(c) == std::string_view::npos) return false;
  }
  return true;
}

std::optional<std::string> json_string(std::string_view word) {
  const auto json = base::parse_json(word);
  if (!json.ok() || json->string() == nullptr) return std::nullopt;
  return *json->string();
}

std::optional<double> named_number(std::string_view name) {
  if (name == "Infinity") return kInfinity;
  if (name == "-Infinity") return -kInfinity;
  if (name == "NaN") return std::numeric_limits<double>::quiet_NaN();
  return std::nullopt;
}

std::optional<Value> repeated(const base::Json& text, const base::Json& times) {
  const auto count = times.integer();
  if (text.string() == nullptr || !count || *count < 0) return std::nullopt;
  std::string result;
  for (std::int64_t i = 0; i < *count; ++i) result += *text.string();
  return result;
}

}  // namespace

void Words::skip_spaces() {
  rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size()));
}

std::string_view Words::skip_word() {
  std::size_t end = 0;
  if (rest_.starts_with('"')) {
    for (++end; end < rest_.size() && rest_[end] != '"'; ++end) {
      if (rest_[end] == '\\') ++end;
    }
  }
  end = std::min(rest_.find(' ', std::min(end, rest_.size())), rest_.size());
  const auto word = rest_.substr(0, end);
  rest_.remove_prefix(end);
  skip_spaces();
  return word;
}

std::optional<Cell> to_cell(std::string_view word) {
  if (word == "null") return Cell{};
  if (word == "true" || word == "false") return Cell{.value = word == "true"};
  if (word == "@now") return Cell{.is_now = true};
  if (word.starts_with('"')) {
    auto text = json_string(word);
    if (!text) return std::nullopt;
    return Cell{.value = *std::move(text)};
  }
  if (is_bare(word)) return Cell{.value = std::string(word)};
  if (const auto named = named_number(word); named && !std::isnan(*named)) {
    return Cell{.value = *named};
  }
  if (!base::is_json_number(word)) return std::nullopt;
  const auto number = base::parse_double(word);
  if (!number) return std::nullopt;
  return Cell{.value = *number};
}

std::optional<std::string> to_name(std::string_view word) {
  if (word.starts_with('"')) return json_string(word);
  if (word.empty() || word.find_first_of("\"[]{}") != std::string_view::npos) return std::nullopt;
  return std::string(word);
}

std::optional<Value> to_value(const base::Json& json) {
  if (json.is_null()) return Null{};
  if (json.boolean() != nullptr) return *json.boolean();
  if (json.string() != nullptr) return *json.string();
  if (json.number() != nullptr) {
    const auto number = json.real();
    return number ? std::optional<Value>(*number) : std::nullopt;
  }
  const auto* members = json.object();
  if (members == nullptr) return std::nullopt;
  if (members->size() == 2 && json.find("repeat") != nullptr && json.find("times") != nullptr) {
    return repeated(*json.find("repeat"), *json.find("times"));
  }
  const auto* name = json.find("number");
  if (members->size() != 1 || name == nullptr || name->string() == nullptr) return std::nullopt;
  const auto number = named_number(*name->string());
  return number ? std::optional<Value>(*number) : std::nullopt;
}

std::string to_word(const Value& value) {
  if (is_null(value)) return "null";
  if (const auto* boolean = std::get_if<bool>(&value)) return *boolean ? "true" : "false";
  if (const auto* number = std::get_if<double>(&value)) {
    if (std::isnan(*number)) return "NaN";
    if (std::isinf(*number)) return *number > 0 ? "Infinity" : "-Infinity";
    return base::format_double(*number);
  }
  const auto& text = std::get<std::string>(value);
  if (is_bare(text)) return text;
  std::string quoted;
  base::append_json_string(quoted, text);
  return quoted;
}

}  // namespace convoy::conformance
