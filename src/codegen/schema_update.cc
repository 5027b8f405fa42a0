#include "codegen/schema_update.h"

#include <algorithm>
#include <utility>

#include "schema/check.h"
#include "schema/server_type.h"
#include "schema/suggest.h"

namespace convoy::codegen {
namespace {

Error wrong_rename(const Rename& rename, const std::string& why) {
  const auto from = rename.column.empty() ? rename.table : rename.table + "." + rename.column;
  return {.code = ErrorCode::InvalidArgument,
          .message = "--rename " + from + "=" + rename.to + ": " + why,
          .hint = "The old name is one of the local schema, the new one is the server's."};
}

Result<Table*> table_of(Schema& schema, const std::string& name) {
  const auto found = std::ranges::find(schema.tables, name, &Table::name);
  if (found == schema.tables.end()) return schema::unknown_table(schema, name);
  return &*found;
}

Result<MigrationStep> rename_table(Schema& schema, const ServerDescription& server,
                                   const Rename& rename) {
  CONVOY_TRY(auto* table, table_of(schema, rename.table));
  if (server.find_table(rename.to) == nullptr) {
    return wrong_rename(rename, "the server has no table of the new name");
  }
  if (schema.find_table(rename.to) != nullptr) {
    return wrong_rename(rename, "the local schema has a table of the new name already");
  }
  table->name = rename.to;
  for (auto& other : schema.tables) {
    for (auto& column : other.columns) {
      if (column.references && column.references->table == rename.table) {
        column.references->table = rename.to;
      }
    }
  }
  return MigrationStep(RenameTable{.from = rename.table, .to = rename.to});
}

Result<MigrationStep> rename_column(Schema& schema, const ServerDescription& server,
                                    const Rename& rename, const std::string& table_name) {
  CONVOY_TRY(auto* table, table_of(schema, table_name));
  const auto found = std::ranges::find(table->columns, rename.column, &Column::name);
  if (found == table->columns.end()) return schema::unknown_column(*table, rename.column);
  const auto* described = server.find_table(table_name);
  if (described == nullptr || described->find_column(rename.to) == nullptr) {
    return wrong_rename(rename, "the server has no column of the new name");
  }
  if (table->find_column(rename.to) != nullptr) {
    return wrong_rename(rename, "the local schema has a column of the new name already");
  }
  found->name = rename.to;
  return MigrationStep(RenameColumn{.table = table_name, .from = rename.column, .to = rename.to});
}

// One table that both sides have: what the server says, with this file's own choices kept.
class TableUpdate {
 public:
  TableUpdate(const Table& local, const ServerTable& server, const Table& converted)
      : local_(local), server_(server), converted_(converted) {}

  Table run(std::vector<MigrationStep>& steps) {
    Table table{.name = local_.name, .columns = {}};
    table.ids = holds_ids(local_, server_) ? local_.ids : converted_.ids;
    for (const auto& column : local_.columns) keep(column, table, steps);
    for (const auto& column : converted_.columns) {
      if (local_.find_column(column.name) == nullptr) {
        added_.push_back(column);
        table.columns.push_back(column);
      }
    }
    if (!added_.empty()) steps.emplace_back(AddColumns{local_.name, std::move(added_)});
    return table;
  }

 private:
  void keep(const Column& column, Table& table, std::vector<MigrationStep>& steps) {
    const auto* described = server_.find_column(column.name);
    const auto* made = converted_.find_column(column.name);
    const bool fits = described != nullptr && schema::holds_type(column, described->type);
    if (!fits && made == nullptr) {
      steps.emplace_back(DropColumn{.table = local_.name, .column = column.name});
      return;
    }
    Column kept = fits ? column : *made;
    if (made != nullptr) {
      kept.is_optional = made->is_optional;
      kept.references = kept.type == ColumnType::String ? made->references : std::nullopt;
      if (kept.references && !described->references->on_delete && column.references &&
          column.references->table == kept.references->table) {
        kept.references = column.references;  // An older server does not say.
      }
    }
    kept.is_indexed = column.is_indexed;
    kept.is_searchable = column.is_searchable && kept.type == ColumnType::String;
    if (!fits) {  // The old values are of no use; the next sync brings the new ones.
      steps.emplace_back(DropColumn{.table = local_.name, .column = column.name});
      added_.push_back(kept);
    }
    table.columns.push_back(std::move(kept));
  }

  const Table& local_;
  const ServerTable& server_;
  const Table& converted_;
  std::vector<Column> added_;
};

// What refers to a table that is gone, or from the server's tables to one that is not theirs.
void drop_dead_references(Schema& schema) {
  for (auto& table : schema.tables) {
    for (auto& column : table.columns) {
      if (!column.references) continue;
      const auto* target = schema.find_table(column.references->table);
      const bool is_alive = target != nullptr && (!target->is_local_only || table.is_local_only);
      if (!is_alive) column.references.reset();
    }
  }
}

}  // namespace

Result<Rename> parse_rename(std::string_view text) {
  const auto equals = text.find('=');
  const auto from = text.substr(0, equals);
  const auto dot = from.find('.');
  Rename rename{.table = std::string(from.substr(0, dot)),
                .column = dot == std::string_view::npos ? "" : std::string(from.substr(dot + 1)),
                .to = equals == std::string_view::npos ? "" : std::string(text.substr(equals + 1))};
  const bool is_whole = !rename.table.empty() && !rename.to.empty() &&
                        (dot == std::string_view::npos || !rename.column.empty());
  if (is_whole) return rename;
  return Error{.code = ErrorCode::InvalidArgument,
               .message = "--rename " + std::string(text) + " says no old and new name",
               .hint = "Write it as --rename tasks=todos, or --rename tasks.title=name."};
}

bool holds_ids(const Table& local, const ServerTable& server) {
  if (!schema::is_id_type(server.id_type)) return true;  // Devices make none anyway.
  return local.ids == IdKind::Uuid || schema::bare_type(server.id_type) != "uuid";
}

Result<std::vector<MigrationStep>> apply_renames(Schema& schema, const ServerDescription& server,
                                                 const std::vector<Rename>& renames) {
  std::vector<MigrationStep> steps;
  for (const auto& rename : renames) {
    if (!rename.column.empty()) continue;
    CONVOY_TRY(auto step, rename_table(schema, server, rename));
    steps.push_back(std::move(step));
  }
  for (const auto& rename : renames) {
    if (rename.column.empty()) continue;
    // The table's old name, which another renaming may have changed by now.
    auto table = rename.table;
    for (const auto& other : renames) {
      if (other.column.empty() && other.table == table) {
        table = other.to;
        break;
      }
    }
    CONVOY_TRY(auto step, rename_column(schema, server, rename, table));
    steps.push_back(std::move(step));
  }
  return steps;
}

Result<SchemaUpdate> update_schema(const schema::SchemaDocument& local,
                                   const ServerDescription& server, const ServerSchema& converted,
                                   const std::vector<Rename>& renames) {
  auto before = local.schema;
  CONVOY_TRY(auto steps, apply_renames(before, server, renames));
  SchemaUpdate update{.document = {.schema = {.version = before.version, .tables = {}},
                                   .migrations = local.migrations},
                      .steps = std::move(steps)};
  auto& tables = update.document.schema.tables;
  for (const auto& table : before.tables) {
    const auto* described = server.find_table(table.name);
    const auto* made = converted.schema.find_table(table.name);
    if (table.is_local_only) {
      tables.push_back(table);
    } else if (described == nullptr || made == nullptr) {
      update.steps.emplace_back(DropTable{table.name});
    } else {
      tables.push_back(TableUpdate(table, *described, *made).run(update.steps));
    }
  }
  for (const auto& table : converted.schema.tables) {
    if (before.find_table(table.name) == nullptr) tables.push_back(table);
  }
  drop_dead_references(update.document.schema);
  for (const auto& table : tables) {
    if (before.find_table(table.name) == nullptr) update.steps.emplace_back(CreateTable{table});
  }
  if (!update.steps.empty()) {
    const int version = ++update.document.schema.version;
    update.document.migrations.push_back({.to_version = version, .steps = update.steps});
  }
  CONVOY_CHECK_OK(validate(update.document.schema));
  CONVOY_CHECK_OK(validate(update.document.migrations, update.document.schema));
  return update;
}

}  // namespace convoy::codegen
