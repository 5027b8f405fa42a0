#include "store/mutation_builder.h"

#include <algorithm>

namespace convoy::store {
namespace {

using base::Json;

// Sets a member, adding it at the end.
void assign(Json::Object& object, const std::string& name, Json value) {
  const auto found = std::ranges::find(object, name, &Json::Member::first);
  if (found == object.end()) {
    object.emplace_back(name, std::move(value));
  } else {
    found->second = std::move(value);
  }
}

bool has(const Json::Object& object, const std::string& name) {
  return std::ranges::find(object, name, &Json::Member::first) != object.end();
}

}  // namespace

MutationBuilder::RowEdit& MutationBuilder::edit(const TableInfo& info, std::string_view id) {
  auto& row = rows_[Key(info.number, id)];
  row.info = &info;
  return row;
}

void MutationBuilder::append(RowEdit& row, Operation operation) {
  row.operations.push_back(operations_.size());
  operations_.push_back(std::move(operation));
}

void MutationBuilder::note_before(const TableInfo& info, std::string_view id,
                                  std::optional<Json::Object> row) {
  if (is_known(info, id)) return;
  edit(info, id).before = std::move(row);
}

void MutationBuilder::note_confirmed(const TableInfo& info, std::string_view id) {
  edit(info, id).is_confirmed = true;
}

bool MutationBuilder::is_confirmed(const TableInfo& info, std::string_view id) const {
  const auto found = rows_.find(Key(info.number, id));
  return found != rows_.end() && found->second.is_confirmed;
}

void MutationBuilder::insert(const TableInfo& info, std::string_view id, Json::Object values) {
  auto& row = edit(info, id);
  row.has_insert = true;
  append(row, {.kind = Kind::Insert,
               .info = &info,
               .id = std::string(id),
               .values = std::move(values),
               .base = std::nullopt});
}

bool MutationBuilder::can_merge(const RowEdit& row, const Json::Object& values,
                                Effect effect) const {
  if (row.operations.empty()) return false;
  const auto position = row.operations.back();
  if (operations_[position].effect != effect || last_delete_ > position) return false;
  return std::ranges::none_of(values, [&](const Json::Member& member) {
    const auto column = row.info->column_index(member.first);
    const auto* target = member.second.string();
    if (!column || row.info->references[*column] == nullptr || target == nullptr) return false;
    const auto other = rows_.find(Key(row.info->references[*column]->number, *target));
    return other != rows_.end() && other->second.has_insert &&
           other->second.operations.front() > position;
  });
}

void MutationBuilder::update(const TableInfo& info, std::string_view id, Json::Object values,
                             std::optional<Json::Object> base, Effect effect) {
  auto& row = edit(info, id);
  if (!can_merge(row, values, effect)) {
    append(row, {.kind = Kind::Update,
                 .effect = effect,
                 .info = &info,
                 .id = std::string(id),
                 .values = std::move(values),
                 .base = std::move(base)});
    return;
  }
  auto& last = operations_[row.operations.back()];
  for (auto& [name, value] : values) {
    const bool is_first_change = last.kind == Kind::Update && !has(last.values, name);
    if (is_first_change && last.base && base) {
      const auto found = std::ranges::find(*base, name, &Json::Member::first);
      if (found != base->end()) assign(*last.base, name, std::move(found->second));
    }
    assign(last.values, name, std::move(value));
  }
}

void MutationBuilder::remove(const TableInfo& info, std::string_view id, Effect effect) {
  auto& row = edit(info, id);
  row.is_merged_away = !row.operations.empty();
  for (const auto position : row.operations) operations_[position].is_dropped = true;
  row.operations.clear();
  if (row.has_insert) {
    row.has_insert = false;
    return;
  }
  append(row, {.kind = Kind::Delete,
               .effect = effect,
               .info = &info,
               .id = std::string(id),
               .values = {},
               .base = std::nullopt});
  last_delete_ = operations_.size();
}

bool MutationBuilder::has_insert(const TableInfo& info, std::string_view id) const {
  const auto found = rows_.find(Key(info.number, id));
  return found != rows_.end() && found->second.has_insert;
}

bool MutationBuilder::is_known(const TableInfo& info, std::string_view id) const {
  return rows_.contains(Key(info.number, id));
}

bool MutationBuilder::is_empty() const {
  return std::ranges::all_of(operations_, &Operation::is_dropped);
}

std::string MutationBuilder::encode(bool with_local) const {
  Json::Array list;
  for (const auto& operation : operations_) {
    if (operation.is_dropped || (operation.effect == Effect::Local && !with_local)) continue;
    Json::Object object;
    const char* kind = operation.kind == Kind::Insert   ? "insert"
                       : operation.kind == Kind::Update ? "update"
                                                        : "delete";
    object.emplace_back("op", kind);
    object.emplace_back("table", operation.info->table->name);
    object.emplace_back("id", operation.id);
    if (operation.kind != Kind::Delete) object.emplace_back("values", operation.values);
    if (operation.base) object.emplace_back("base", *operation.base);
    list.emplace_back(std::move(object));
  }
  Json::Object whole;
  whole.emplace_back("ops", std::move(list));
  return Json(std::move(whole)).dump();
}

std::string MutationBuilder::body() const { return encode(false); }

std::optional<std::string> MutationBuilder::replay() const {
  const bool has_local = std::ranges::any_of(operations_, [](const Operation& operation) {
    return operation.effect == Effect::Local && !operation.is_dropped;
  });
  if (!has_local) return std::nullopt;
  return encode(true);
}

std::vector<MutationBuilder::View> MutationBuilder::operations() const {
  std::vector<View> views;
  for (const auto& operation : operations_) {
    if (operation.is_dropped) continue;
    views.push_back({.kind = operation.kind,
                     .effect = operation.effect,
                     .info = operation.info,
                     .id = operation.id,
                     .values = &operation.values});
  }
  return views;
}

std::vector<MutationBuilder::Touched> MutationBuilder::touched() const {
  std::vector<Touched> result;
  result.reserve(rows_.size());
  for (const auto& [key, row] : rows_) {
    result.push_back({.info = row.info,
                      .id = key.second,
                      .has_operations = !row.operations.empty(),
                      .is_merged_away = row.is_merged_away,
                      .before = row.before});
  }
  return result;
}

}  // namespace convoy::store
