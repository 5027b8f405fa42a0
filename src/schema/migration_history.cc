#include "schema/migration_history.h"

#include <algorithm>
#include <utility>

namespace convoy::schema {
namespace {

constexpr std::string_view kHint =
    "A migration is what it was when it was released: later changes need steps of their own, and "
    "the schema is what all steps together make.";

Error contradiction(std::string message) {
  return {
      .code = ErrorCode::InvalidSchema, .message = std::move(message), .hint = std::string(kHint)};
}

std::string named(std::string_view table) { return "the table \"" + std::string(table) + "\""; }

std::string named(std::string_view table, std::string_view column) {
  return "the column " + std::string(table) + "." + std::string(column);
}

std::string_view name_of(ColumnType type) {
  return type == ColumnType::String ? "String" : type == ColumnType::Number ? "Number" : "Boolean";
}

}  // namespace

History::History(const Schema& schema) {
  for (const auto& table : schema.tables) {
    auto& facts = tables_[table.name];
    for (const auto& column : table.columns) {
      facts.columns[column.name] = {.type = column.type, .is_indexed = column.is_indexed};
    }
  }
}

Status History::undo(const MigrationStep& step) {
  if (!is_known_) return ok_status();
  return std::visit([this](const auto& kind) { return undo(kind); }, step);
}

Result<History::TableFacts*> History::require_table(const std::string& name) {
  const auto found = tables_.find(name);
  if (found != tables_.end()) return &found->second;
  return contradiction("there is no table \"" + name + "\" after it");
}

Result<History::ColumnFacts*> History::require_column(const std::string& table,
                                                      const std::string& column) {
  CONVOY_TRY(auto* facts, require_table(table));
  const auto found = facts->columns.find(column);
  if (found != facts->columns.end()) return &found->second;
  if (!facts->is_complete) return &facts->columns[column];
  return contradiction("there is no column " + table + "." + column + " after it");
}

Status History::forbid_column(const std::string& table, const std::string& column) {
  CONVOY_TRY(const auto* facts, require_table(table));
  if (!facts->columns.contains(column)) return ok_status();
  return contradiction(named(table, column) + " is still there after it");
}

Status History::match_column(const std::string& table, const Column& column) {
  CONVOY_TRY(const auto* facts, require_column(table, column.name));
  if (facts->type.value_or(column.type) != column.type) {
    return contradiction(named(table, column.name) + " is a " + std::string(name_of(column.type)) +
                         " in it, but a " + std::string(name_of(*facts->type)) + " after it");
  }
  if (facts->is_indexed.value_or(column.is_indexed) != column.is_indexed) {
    return contradiction(named(table, column.name) +
                         (column.is_indexed ? " is indexed in it, but not after it"
                                            : " is not indexed in it, but is after it"));
  }
  return ok_status();
}

Status History::undo(const CreateTable& step) {
  const auto& table = step.table;
  CONVOY_TRY(const auto* facts, require_table(table.name));
  for (const auto& column : table.columns) CONVOY_CHECK_OK(match_column(table.name, column));
  for (const auto& [name, unused] : facts->columns) {
    if (table.find_column(name) == nullptr) {
      return contradiction(named(table.name, name) + " is there after it, but nothing adds it");
    }
  }
  tables_.erase(table.name);
  return ok_status();
}

Status History::undo(const AddColumns& step) {
  CONVOY_TRY(auto* facts, require_table(step.table));
  for (const auto& column : step.columns) {
    CONVOY_CHECK_OK(match_column(step.table, column));
    facts->columns.erase(column.name);
  }
  return ok_status();
}

Status History::undo(const DropTable& step) {
  if (tables_.contains(step.table)) {
    return contradiction(named(step.table) + " is still there after it");
  }
  tables_[step.table].is_complete = false;
  return ok_status();
}

Status History::undo(const RenameTable& step) {
  if (tables_.contains(step.from)) {
    return contradiction(named(step.from) + " is still there after it");
  }
  CONVOY_CHECK_OK(require_table(step.to));
  auto node = tables_.extract(step.to);
  node.key() = step.from;
  tables_.insert(std::move(node));
  return ok_status();
}

Status History::undo(const DropColumn& step) {
  CONVOY_CHECK_OK(forbid_column(step.table, step.column));
  tables_[step.table].columns[step.column] = {};
  return ok_status();
}

Status History::undo(const RenameColumn& step) {
  CONVOY_CHECK_OK(forbid_column(step.table, step.from));
  CONVOY_CHECK_OK(require_column(step.table, step.to));
  auto& columns = tables_[step.table].columns;
  auto node = columns.extract(step.to);
  node.key() = step.from;
  columns.insert(std::move(node));
  return ok_status();
}

Status History::undo(const AddIndex& step) {
  CONVOY_TRY(auto* facts, require_column(step.table, step.column));
  if (!facts->is_indexed.value_or(true)) {
    return contradiction(named(step.table, step.column) + " is not indexed after it");
  }
  facts->is_indexed = false;
  return ok_status();
}

Status History::undo(const DropIndex& step) {
  CONVOY_TRY(auto* facts, require_column(step.table, step.column));
  if (facts->is_indexed.value_or(false)) {
    return contradiction(named(step.table, step.column) + " is still indexed after it");
  }
  facts->is_indexed = true;
  return ok_status();
}

Status History::undo(const RunSql& /*step*/) {
  is_known_ = false;
  return ok_status();
}

}  // namespace convoy::schema
