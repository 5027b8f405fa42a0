#include "store/mutation_text.h"

#include <algorithm>

namespace convoy::store {
namespace {

using base::Json;

Json* find(Json& object, std::string_view name) {
  if (object.object() == nullptr) return nullptr;
  const auto found = std::ranges::find(*object.object(), name, &Json::Member::first);
  return found == object.object()->end() ? nullptr : &found->second;
}

}  // namespace

const Json::Array* operations_in(const Json& text) {
  const auto* list = text.find("ops");
  return list == nullptr ? nullptr : list->array();
}

Json::Array* operations_in(Json& text) {
  auto* list = find(text, "ops");
  return list == nullptr ? nullptr : list->array();
}

std::string_view text_of(const Json& operation, std::string_view member) {
  const auto* found = operation.find(member);
  const auto* text = found == nullptr ? nullptr : found->string();
  return text == nullptr ? std::string_view() : std::string_view(*text);
}

const Json::Object* members_of(const Json& operation, std::string_view name) {
  const auto* found = operation.find(name);
  return found == nullptr ? nullptr : found->object();
}

Json::Object* members_of(Json& operation, std::string_view name) {
  auto* found = find(operation, name);
  return found == nullptr ? nullptr : found->object();
}

bool concerns(const Json& operation, std::string_view table, std::string_view id) {
  return text_of(operation, "table") == table && text_of(operation, "id") == id;
}

}  // namespace convoy::store
