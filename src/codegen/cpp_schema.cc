// The schema and its migrations as static data.
#include "codegen/cpp_emitter.h"

namespace convoy::codegen {
namespace {

template <class... Step>
struct Overloaded : Step... {
  using Step::operator()...;
};

constexpr std::string_view kData = "  static constexpr convoy::typed::";

std::string_view name_of(ColumnType type) {
  switch (type) {
    case ColumnType::String:
      return "String";
    case ColumnType::Number:
      return "Number";
    case ColumnType::Boolean:
      return "Boolean";
  }
  return {};
}

std::string_view name_of(PgType type) {
  switch (type) {
    case PgType::Native:
      return "Native";
    case PgType::Timestamptz:
      return "Timestamptz";
    case PgType::Date:
      return "Date";
    case PgType::Uuid:
      return "Uuid";
    case PgType::Jsonb:
      return "Jsonb";
    case PgType::Array:
      return "Array";
    case PgType::Bigint:
      return "Bigint";
    case PgType::Numeric:
      return "Numeric";
  }
  return {};
}

std::string_view name_of(OnDelete rule) {
  switch (rule) {
    case OnDelete::Nothing:
      return "Nothing";
    case OnDelete::Cascade:
      return "Cascade";
    case OnDelete::SetNull:
      return "SetNull";
  }
  return {};
}

// Only what is not the default.
std::string column_data(const Column& column) {
  std::string out = "{.name = " + cpp_literal(column.name);
  const auto add = [&out](std::string_view member, std::string_view value) {
    out.append(", .").append(member).append(" = ").append(value);
  };
  const auto add_enum = [&add](std::string_view member, std::string_view type, auto value) {
    add(member, "convoy::" + std::string(type) + "::" + std::string(name_of(value)));
  };
  if (column.type != ColumnType::String) add_enum("type", "ColumnType", column.type);
  if (column.is_optional) add("is_optional", "true");
  if (column.is_indexed) add("is_indexed", "true");
  if (column.is_searchable) add("is_searchable", "true");
  if (column.pg_type != PgType::Native) add_enum("pg_type", "PgType", column.pg_type);
  if (column.references) {
    add("references", cpp_literal(column.references->table));
    if (column.references->on_delete != OnDelete::Nothing) {
      add_enum("on_delete", "OnDelete", column.references->on_delete);
    }
  }
  return out + "}";
}

// Names what it wrote: "kColumns3". Nothing if there are no columns, which no array can hold.
std::string emit_column_array(std::string& out, const std::vector<Column>& columns,
                              std::string_view remark, int& number) {
  if (columns.empty()) return {};
  const auto name = "kColumns" + std::to_string(number++);
  out += std::string(kData) + "ColumnData " + name + "[] = {  // " + std::string(remark) + "\n";
  for (const auto& column : columns) out += "      " + column_data(column) + ",\n";
  out += "  };\n";
  return name;
}

std::string table_members(const Table& table, const std::string& columns) {
  std::string out;
  if (!columns.empty()) out += ", .columns = " + columns;
  if (table.ids == IdKind::Watermelon) out += ", .ids = convoy::IdKind::Watermelon";
  if (table.is_local_only) out += ", .is_local_only = true";
  return out;
}

std::string step_data(std::string_view kind, std::string_view table, const std::string& more) {
  return "{.kind = convoy::typed::StepKind::" + std::string(kind) +
         ", .table = " + cpp_literal(table) + more + "}";
}

std::string column_of(std::string_view column) { return ", .column = " + cpp_literal(column); }

std::string new_name(std::string_view name) { return ", .to = " + cpp_literal(name); }

// Writes the columns it needs to `out`.
std::string step_of(std::string& out, const MigrationStep& step, int& number) {
  const auto columns = [&](const std::vector<Column>& all, const std::string& table) {
    return emit_column_array(out, all, table, number);
  };
  return std::visit(
      Overloaded{
          [&](const CreateTable& s) {
            const auto array = columns(s.table.columns, s.table.name);
            return step_data("CreateTable", s.table.name, table_members(s.table, array));
          },
          [&](const AddColumns& s) {
            const auto array = columns(s.columns, s.table);
            return step_data("AddColumns", s.table, array.empty() ? "" : ", .columns = " + array);
          },
          [](const DropTable& s) { return step_data("DropTable", s.table, {}); },
          [](const RenameTable& s) { return step_data("RenameTable", s.from, new_name(s.to)); },
          [](const DropColumn& s) { return step_data("DropColumn", s.table, column_of(s.column)); },
          [](const RenameColumn& s) {
            return step_data("RenameColumn", s.table, column_of(s.from) + new_name(s.to));
          },
          [](const AddIndex& s) { return step_data("AddIndex", s.table, column_of(s.column)); },
          [](const DropIndex& s) { return step_data("DropIndex", s.table, column_of(s.column)); },
          [](const RunSql& s) {
            return "{.kind = convoy::typed::StepKind::RunSql, .sql = " + cpp_literal(s.sql) + "}";
          }},
      step);
}

}  // namespace

void emit_schema(std::string& out, const Schema& schema) {
  out += "inline const convoy::Schema& schema() {\n";
  std::string tables;
  int number = 0;
  for (const auto& table : schema.tables) {
    const auto columns = emit_column_array(out, table.columns, table.name, number);
    tables += "      {.name = " + cpp_literal(table.name) + table_members(table, columns) + "},\n";
  }
  if (!tables.empty()) {
    out += std::string(kData) + "TableData kTables[] = {\n" + tables + "  };\n";
  }
  out += "  static const convoy::Schema value = convoy::typed::make_schema(" +
         std::to_string(schema.version) + ", " + (tables.empty() ? "{}" : "kTables") +
         ");\n  return value;\n}\n";
}

void emit_migrations(std::string& out, const Migrations& migrations) {
  out += "\ninline convoy::Migrations migrations() {\n";
  std::string data;
  int columns = 0;
  for (std::size_t i = 0; i < migrations.size(); ++i) {
    const auto& migration = migrations[i];
    std::string steps;
    for (const auto& step : migration.steps)
      steps += "      " + step_of(out, step, columns) + ",\n";
    data += "      {.to_version = " + std::to_string(migration.to_version);
    if (!steps.empty()) {
      const auto name = "kSteps" + std::to_string(i);
      out += std::string(kData) + "StepData " + name + "[] = {\n" + steps + "  };\n";
      data += ", .steps = " + name;
    }
    data += "},\n";
  }
  if (data.empty()) {
    out += "  return {};\n}\n";
    return;
  }
  out += std::string(kData) + "MigrationData kMigrations[] = {\n" + data + "  };\n";
  out += "  return convoy::typed::make_migrations(kMigrations);\n}\n";
}

}  // namespace convoy::codegen
