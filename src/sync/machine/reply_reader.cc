#include "sync/machine/reply_reader.h"

namespace convoy::sync::machine {
namespace {

const base::Json::Array kNoArray;
const base::Json::Object kNoObject;

}  // namespace

std::string ReplyReader::string(const base::Json& object, std::string_view name) {
  const auto* member = object.find(name);
  return text(member == nullptr ? base::Json() : *member, name);
}

std::string ReplyReader::string_or(const base::Json& object, std::string_view name,
                                   std::string_view fallback) {
  const auto* member = object.find(name);
  if (member == nullptr || member->is_null()) return std::string(fallback);
  return text(*member, name);
}

std::string ReplyReader::text(const base::Json& value, std::string_view what) {
  if (const auto* found = value.string()) return *found;
  fail(what);
  return {};
}

std::int64_t ReplyReader::integer(const base::Json& object, std::string_view name) {
  const auto* member = object.find(name);
  const auto value = member == nullptr ? std::nullopt : member->integer();
  if (!value) fail(name);
  return value.value_or(0);
}

std::int64_t ReplyReader::integer_or(const base::Json& object, std::string_view name,
                                     std::int64_t fallback) {
  const auto* member = object.find(name);
  return member == nullptr || member->is_null() ? fallback : integer(object, name);
}

bool ReplyReader::boolean(const base::Json& object, std::string_view name) {
  const auto* member = object.find(name);
  const auto* value = member == nullptr ? nullptr : member->boolean();
  if (value == nullptr) fail(name);
  return value != nullptr && *value;
}

const base::Json::Array& ReplyReader::array(const base::Json& object, std::string_view name) {
  const auto* member = object.find(name);
  const auto* value = member == nullptr ? nullptr : member->array();
  if (value == nullptr) fail(name);
  return value == nullptr ? kNoArray : *value;
}

const base::Json::Array& ReplyReader::array_or_empty(const base::Json& object,
                                                     std::string_view name) {
  const auto* member = object.find(name);
  return member == nullptr || member->is_null() ? kNoArray : array(object, name);
}

const base::Json::Object& ReplyReader::object_or_empty(const base::Json& object,
                                                       std::string_view name) {
  const auto* member = object.find(name);
  if (member == nullptr || member->is_null()) return kNoObject;
  if (const auto* value = member->object()) return *value;
  fail(name);
  return kNoObject;
}

void ReplyReader::fail(std::string_view what) {
  if (problem_.empty()) problem_ = what;
}

Status ReplyReader::status() const {
  if (ok()) return ok_status();
  return Error{
      .code = ErrorCode::BadReply,
      .message = "the server's answer breaks the sync protocol at \"" + problem_ + "\"",
      .hint = "Check that the project's Convoy SQL and this program are of the same version."};
}

}  // namespace convoy::sync::machine
