#include "store/table_ledger.h"

#include <utility>
#include <variant>

#include "base/json.h"
#include "store/layout.h"

namespace convoy::store {
namespace {

constexpr std::string_view kIndexed = " indexed";

std::string without_index(const std::string& column) {
  const auto at = column.find(kIndexed);
  return at == std::string::npos ? column : column.substr(0, at);
}

bool is_indexed(const std::string& column) { return column.ends_with(kIndexed); }

const char* step_for(Difference::Kind kind, bool is_table) {
  switch (kind) {
    case Difference::Kind::Missing:
      return is_table ? "CreateTable or RenameTable" : "AddColumns or RenameColumn";
    case Difference::Kind::TooMuch:
      return is_table ? "DropTable or RenameTable" : "DropColumn or RenameColumn";
    case Difference::Kind::Type:
      return "DropColumn and AddColumns";
    case Difference::Kind::Unindexed:
      return "AddIndex";
    case Difference::Kind::Indexed:
      return "DropIndex";
  }
  return "";
}

const char* words_for(Difference::Kind kind) {
  switch (kind) {
    case Difference::Kind::Missing:
      return " is in the schema, but not in the file";
    case Difference::Kind::TooMuch:
      return " is in the file, but not in the schema";
    case Difference::Kind::Type:
      return " has another type in the file than in the schema";
    case Difference::Kind::Unindexed:
      return " is indexed in the schema, but not in the file";
    case Difference::Kind::Indexed:
      return " is indexed in the file, but not in the schema";
  }
  return "";
}

}  // namespace

Error Difference::error(bool has_migrated) const {
  const auto what =
      column.empty() ? "the table \"" + table + "\"" : "the column " + table + "." + column;
  const std::string step = step_for(kind, column.empty());
  return {.code = ErrorCode::InvalidSchema,
          .message = (has_migrated ? "after all migrations " : "") + what + words_for(kind),
          .hint = has_migrated
                      ? "A migration lacks " + step + ". Nothing in the file was changed."
                      : "Raise the schema's version and add a migration with " + step + "."};
}

Result<TableLedger> TableLedger::read(sql::Connection& connection) {
  TableLedger ledger;
  CONVOY_TRY(auto select, connection.prepare("select name, columns from convoy_table"));
  for (;;) {
    CONVOY_TRY(const bool row, select.step());
    if (!row) return ledger;
    auto& columns = ledger.tables_[select.text(0)];
    CONVOY_TRY(const auto recorded, base::parse_json(select.text(1)));
    if (recorded.object() == nullptr) continue;
    for (const auto& [name, column] : *recorded.object()) {
      if (column.string() != nullptr) columns[name] = *column.string();
    }
  }
}

void TableLedger::follow(const MigrationStep& step) {
  std::visit([this](const auto& kind) { follow_one(kind); }, step);
}

void TableLedger::follow_one(const CreateTable& step) {
  auto& columns = tables_[step.table.name];
  for (const auto& column : step.table.columns) columns[column.name] = fingerprint(column);
}

void TableLedger::follow_one(const AddColumns& step) {
  auto& columns = tables_[step.table];
  for (const auto& column : step.columns) columns[column.name] = fingerprint(column);
}

void TableLedger::follow_one(const DropTable& step) { tables_.erase(step.table); }

void TableLedger::follow_one(const RenameTable& step) {
  if (auto node = tables_.extract(step.from)) {
    node.key() = step.to;
    tables_.insert(std::move(node));
  }
}

void TableLedger::follow_one(const DropColumn& step) { tables_[step.table].erase(step.column); }

void TableLedger::follow_one(const RenameColumn& step) {
  auto& columns = tables_[step.table];
  if (auto node = columns.extract(step.from)) {
    node.key() = step.to;
    columns.insert(std::move(node));
  }
}

void TableLedger::follow_one(const AddIndex& step) {
  auto& columns = tables_[step.table];
  const auto found = columns.find(step.column);
  if (found != columns.end() && !is_indexed(found->second)) found->second += kIndexed;
}

void TableLedger::follow_one(const DropIndex& step) {
  auto& columns = tables_[step.table];
  const auto found = columns.find(step.column);
  if (found != columns.end()) found->second = without_index(found->second);
}

void TableLedger::follow_one(const RunSql& /*step*/) {}

std::vector<Difference> TableLedger::compare(const Schema& schema) const {
  using Kind = Difference::Kind;
  std::vector<Difference> differences;
  const auto note = [&](Kind kind, const std::string& table, const std::string& column) {
    differences.push_back({.kind = kind, .table = table, .column = column});
  };
  for (const auto& [name, columns] : tables_) {
    const auto* table = schema.find_table(name);
    if (table == nullptr) {
      note(Kind::TooMuch, name, "");
      continue;
    }
    for (const auto& [column, unused] : columns) {
      if (table->find_column(column) == nullptr) note(Kind::TooMuch, name, column);
    }
  }
  for (const auto& table : schema.tables) {
    const auto known = tables_.find(table.name);
    if (known == tables_.end()) {
      note(Kind::Missing, table.name, "");
      continue;
    }
    for (const auto& column : table.columns) {
      const auto found = known->second.find(column.name);
      if (found == known->second.end()) {
        note(Kind::Missing, table.name, column.name);
        continue;
      }
      const auto wanted = fingerprint(column);
      if (without_index(found->second) != without_index(wanted)) {
        note(Kind::Type, table.name, column.name);
      } else if (found->second != wanted) {
        note(is_indexed(wanted) ? Kind::Unindexed : Kind::Indexed, table.name, column.name);
      }
    }
  }
  return differences;
}

Status forget_table(sql::Connection& connection, std::int64_t number) {
  for (const char* sql : {"delete from convoy_row where table_number = ?",
                          "delete from convoy_confirmed where table_number = ?",
                          "delete from convoy_mutation_row where table_number = ?",
                          "delete from convoy_mutation_need where table_number = ?",
                          "delete from convoy_parked_row where table_number = ?",
                          "delete from convoy_table where number = ?"}) {
    CONVOY_TRY(auto remove, connection.prepare(sql));
    CONVOY_CHECK_OK(remove.bind_integer(1, number).run());
  }
  return ok_status();
}

Status record_tables(sql::Connection& connection, const Schema& schema) {
  std::vector<std::int64_t> gone;
  {
    CONVOY_TRY(auto select, connection.prepare("select number, name from convoy_table"));
    for (;;) {
      CONVOY_TRY(const bool row, select.step());
      if (!row) break;
      if (schema.find_table(select.text(1)) == nullptr) gone.push_back(select.integer(0));
    }
  }
  for (const auto number : gone) CONVOY_CHECK_OK(forget_table(connection, number));
  CONVOY_TRY(auto insert,
             connection.prepare("insert into convoy_table (name, columns) values (?, ?) on "
                                "conflict (name) do update set columns = excluded.columns"));
  for (const auto& table : schema.tables) {
    const auto columns = fingerprint(table);
    CONVOY_CHECK_OK(insert.bind_text(1, std::string_view(table.name))
                        .bind_text(2, std::string_view(columns))
                        .run());
  }
  return ok_status();
}

}  // namespace convoy::store
