// The only file that sees simdjson's types.
#include <unordered_set>

#include <simdjson.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/number_text.h"

namespace convoy::base {
namespace {

namespace ondemand = simdjson::ondemand;

Error malformed(std::string_view what) {
  return {.code = ErrorCode::BadReply, .message = "not valid JSON: " + std::string(what)};
}

Error malformed(simdjson::error_code code) { return malformed(simdjson::error_message(code)); }

Result<Json> convert(ondemand::value value, int depth);

Result<Json> convert_array(ondemand::value value, int depth) {
  ondemand::array source;
  if (const auto code = value.get_array().get(source)) return malformed(code);
  Json::Array array;
  for (auto item : source) {
    ondemand::value element;
    if (const auto code = item.get(element)) return malformed(code);
    CONVOY_TRY(auto json, convert(element, depth + 1));
    array.push_back(std::move(json));
  }
  return Json(std::move(array));
}

Result<Json> convert_object(ondemand::value value, int depth) {
  ondemand::object source;
  if (const auto code = value.get_object().get(source)) return malformed(code);
  Json::Object object;
  std::unordered_set<std::string> names;
  for (auto item : source) {
    ondemand::field field;
    if (const auto code = std::move(item).get(field)) return malformed(code);
    std::string_view name;
    if (const auto code = field.unescaped_key(false).get(name)) return malformed(code);
    // Two members of one name mean different things to different readers, so nobody gets to choose.
    if (!names.emplace(name).second)
      return malformed("the member \"" + std::string(name) + "\" stands twice");
    std::string owned(name);
    CONVOY_TRY(auto json, convert(field.value(), depth + 1));
    object.emplace_back(std::move(owned), std::move(json));
  }
  return Json(std::move(object));
}

// The token as written, checked by our own grammar: simdjson would take integers beyond 64 bits for
// an error.
Result<Json> convert_number(std::string_view token) {
  while (!token.empty() && (token.back() == ' ' || token.back() == '\n' || token.back() == '\r' ||
                            token.back() == '\t')) {
    token.remove_suffix(1);
  }
  if (!is_json_number(token)) return malformed("a number is written wrongly");
  return Json(Json::Number{std::string(token)});
}

Result<Json> convert(ondemand::value value, int depth) {
  ondemand::json_type type{};
  if (const auto code = value.type().get(type)) return malformed(code);
  const bool has_depth = type == ondemand::json_type::array || type == ondemand::json_type::object;
  if (has_depth && depth >= limits::kJsonDepthMax) return malformed("it nests too deeply");
  switch (type) {
    case ondemand::json_type::array:
      return convert_array(value, depth);
    case ondemand::json_type::object:
      return convert_object(value, depth);
    case ondemand::json_type::number:
      return convert_number(value.raw_json_token());
    case ondemand::json_type::string: {
      std::string_view text;
      if (const auto code = value.get_string().get(text)) return malformed(code);
      return Json(text);
    }
    case ondemand::json_type::boolean: {
      bool boolean = false;
      if (const auto code = value.get_bool().get(boolean)) return malformed(code);
      return Json(boolean);
    }
    case ondemand::json_type::null: {
      bool null = false;
      if (const auto code = value.is_null().get(null)) return malformed(code);
      if (!null) return malformed("a word that is not null");
      return Json();
    }
  }
  return malformed("an unknown token");
}

}  // namespace

Result<Json> parse_json(std::string_view text) {
  // simdjson treats a lone scalar as a document of another kind; inside an array every value is the
  // same.
  std::string wrapped;
  wrapped.reserve(text.size() + 2 + simdjson::SIMDJSON_PADDING);
  wrapped.append("[").append(text).append("]");
  ondemand::parser parser;
  ondemand::document document;
  if (const auto code = parser
                            .iterate(simdjson::padded_string_view(wrapped.data(), wrapped.size(),
                                                                  wrapped.capacity()))
                            .get(document)) {
    return malformed(code);
  }
  ondemand::value root;
  if (const auto code = document.get_value().get(root)) return malformed(code);
  CONVOY_TRY(auto json, convert_array(root, -1));
  if (json.array()->size() != 1) return malformed("expected one document");
  if (!document.at_end()) return malformed("something follows the end");
  return std::move(json.array()->front());
}

}  // namespace convoy::base
