#include "request.h"

namespace convoy::compat {
namespace {

using base::Json;

Error wrong(std::string_view member, std::string_view wanted) {
  return {.code = ErrorCode::InvalidArgument,
          .message = "\"" + std::string(member) + "\" must be " + std::string(wanted)};
}

}  // namespace

Result<std::string> text_of(const Json& object, std::string_view member) {
  const auto* json = object.find(member);
  if (json == nullptr || json->string() == nullptr) return wrong(member, "a text");
  return *json->string();
}

Result<const Json::Array*> array_of(const Json& object, std::string_view member) {
  const auto* json = object.find(member);
  if (json == nullptr || json->array() == nullptr) return wrong(member, "an array");
  return json->array();
}

Result<schema::SchemaDocument> schema_of(const Json& request) {
  const auto* json = request.find("schema");
  if (json == nullptr) return wrong("schema", "there");
  return schema::parse_schema(json->dump());
}

}  // namespace convoy::compat
