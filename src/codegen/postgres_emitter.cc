#include "codegen/postgres_emitter.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace convoy::codegen {
namespace {

std::string public_name(const std::string& table) { return "public." + sql_name(table); }

std::string id_type(const Table& table) { return table.ids == IdKind::Uuid ? "uuid" : "text"; }

bool is_time_by_name(const Column& column) {
  return column.name == "created_at" || column.name == "updated_at";
}

std::string plain_type(const Column& column) {
  switch (column.pg_type) {
    case PgType::Timestamptz:
      return "timestamptz";
    case PgType::Date:
      return "date";
    case PgType::Uuid:
      return "uuid";
    case PgType::Jsonb:
      return "jsonb";
    case PgType::Array:
      return "text[]";
    case PgType::Bigint:
      return "bigint";
    case PgType::Numeric:
      return "numeric";
    case PgType::Native:
      break;
  }
  if (column.type == ColumnType::String) return "text";
  return column.type == ColumnType::Number ? "double precision" : "boolean";
}

// What a device gives a column that is not optional and was given nothing, so that a writer of the
// server's side need not give it either.
std::string default_of(const Column& column) {
  if (column.references) return {};
  switch (column.pg_type) {
    case PgType::Timestamptz:
      return is_time_by_name(column) ? "now()" : "";
    case PgType::Native:
      if (column.type == ColumnType::String) return "''";
      return column.type == ColumnType::Number ? "0" : "false";
    case PgType::Bigint:
    case PgType::Numeric:
      return "0";
    default:
      return {};
  }
}

std::string_view on_delete(OnDelete rule) {
  switch (rule) {
    case OnDelete::Cascade:
      return " on delete cascade";
    case OnDelete::SetNull:
      return " on delete set null";
    case OnDelete::Nothing:
      break;
  }
  return {};
}

class Emitter {
 public:
  explicit Emitter(const schema::SchemaDocument& document) : schema_(document.schema) {}

  std::string run() {
    order_tables();
    out_ = "-- Made by `convoy schema sql` from version " + std::to_string(schema_.version) +
           " of the schema. Read it, fill in the policies, and keep it as a\n"
           "-- migration: supabase/migrations/<time>_tables.sql, behind Convoy's own. Safe to run "
           "again.\n";
    list_local_tables();
    emit_tables();
    emit_late_keys();
    emit_indices();
    emit_security();
    emit_sync();
    return std::move(out_);
  }

 private:
  // Parents before children, else the schema's order. In a circle whoever comes first begins, and
  // its foreign keys are added when all tables are there.
  void order_tables() {
    std::vector<const Table*> waiting;
    for (const auto& table : schema_.tables) {
      if (!table.is_local_only) waiting.push_back(&table);
    }
    while (!waiting.empty()) {
      auto next = std::ranges::find_if(waiting, [&](const auto* table) {
        return std::ranges::all_of(table->columns, [&](const auto& column) {
          return !column.references || column.references->table == table->name ||
                 is_made(column.references->table);
        });
      });
      if (next == waiting.end()) next = waiting.begin();
      tables_.push_back(*next);
      waiting.erase(next);
    }
  }

  [[nodiscard]] bool is_made(const std::string& table) const {
    return std::ranges::any_of(tables_, [&](const auto* made) { return made->name == table; });
  }

  [[nodiscard]] std::size_t place_of(const std::string& table) const {
    const auto found =
        std::ranges::find_if(tables_, [&](const auto* made) { return made->name == table; });
    return static_cast<std::size_t>(found - tables_.begin());
  }

  // A foreign key has the type of the key it leads to.
  [[nodiscard]] std::string type_of(const Column& column) const {
    if (!column.references) return plain_type(column);
    const bool is_free = column.pg_type == PgType::Native || column.pg_type == PgType::Uuid;
    return is_free ? id_type(*schema_.find_table(column.references->table)) : plain_type(column);
  }

  // Whether Postgres can hold this foreign key: the types on both sides are one.
  [[nodiscard]] bool is_key(const Column& column) const {
    return column.references &&
           type_of(column) == id_type(*schema_.find_table(column.references->table));
  }

  [[nodiscard]] bool is_late(std::size_t place, const Column& column) const {
    return is_key(column) && place_of(column.references->table) > place;
  }

  void heading(std::string_view text) {
    out_ += "\n-- ";
    out_ += text;
    out_ += ' ';
    constexpr std::size_t kWidth = 100;
    const auto used = text.size() + 4;
    out_.append(used < kWidth ? kWidth - used : 3, '-');
    out_ += '\n';
  }

  void list_local_tables() {
    std::string names;
    for (const auto& table : schema_.tables) {
      if (table.is_local_only) names += (names.empty() ? "" : ", ") + table.name;
    }
    if (!names.empty())
      out_ += "--\n-- Left out, because they live on devices alone: " + names + ".\n";
  }

  void emit_tables() {
    heading("1. Tables, parents before children");
    for (std::size_t place = 0; place < tables_.size(); ++place) {
      const auto& table = *tables_[place];
      out_ += "\ncreate table if not exists " + public_name(table.name) + " (\n  id " +
              id_type(table) + " primary key";
      if (table.ids == IdKind::Uuid) out_ += " default gen_random_uuid()";
      std::string remark;
      for (const auto& column : table.columns) {
        out_ += "," + remark + "\n" + column_line(place, column);
        remark = column.pg_type == PgType::Array ? "  -- or an array of another type" : "";
      }
      out_ += remark + "\n);\n";
    }
  }

  std::string column_line(std::size_t place, const Column& column) {
    std::string line = "  " + sql_name(column.name) + " " + type_of(column);
    if (!column.is_optional) {
      line += " not null";
      if (const auto value = default_of(column); !value.empty()) line += " default " + value;
    }
    if (is_key(column) && !is_late(place, column)) line += references(column);
    return line;
  }

  static std::string references(const Column& column) {
    return " references " + public_name(column.references->table) + " (id)" +
           std::string(on_delete(column.references->on_delete));
  }

  void emit_late_keys() {
    bool is_first = true;
    for (std::size_t place = 0; place < tables_.size(); ++place) {
      const auto& table = *tables_[place];
      for (const auto& column : table.columns) {
        if (!is_late(place, column)) continue;
        if (std::exchange(is_first, false)) {
          out_ += "\n-- Keys that go in a circle.\n";
        }
        const auto name = sql_name(table.name + "_" + column.name + "_fkey");
        out_ += "alter table " + public_name(table.name) + " drop constraint if exists " + name +
                ",\n  add constraint " + name + " foreign key (" + sql_name(column.name) + ")" +
                references(column) + ";\n";
      }
    }
  }

  void emit_indices() {
    std::string lines;
    for (const auto* table : tables_) {
      for (const auto& column : table->columns) {
        if (!column.is_indexed && !is_key(column)) continue;
        lines += "create index if not exists " + sql_name(table->name + "_" + column.name) +
                 " on " + public_name(table->name) + " (" + sql_name(column.name) + ");\n";
      }
    }
    if (lines.empty()) return;
    heading("2. Indices: every foreign key, because cascades and policies look rows up by it");
    out_ += "\n" + lines;
  }

  void emit_security() {
    heading("3. Who may see and change what");
    out_ +=
        "-- Row Level Security is on, so nobody sees a row until a policy says so. A policy is the "
        "only rule there is, for\n"
        "-- devices and for everybody else. Write (select auth.uid()), so that it is asked once "
        "and "
        "not for every row.\n"
        "-- What stands below is a beginning.\n";
    for (const auto* table : tables_) {
      const auto name = public_name(table->name);
      out_ += "\nalter table " + name + " enable row level security;\n";
      out_ += "grant select, insert, update, delete on " + name + " to authenticated;\n";
      out_ += policy(*table);
    }
  }

  // A beginning: by the parent's policies where there is a parent, else by whose the row is.
  std::string policy(const Table& table) const {
    const auto name = sql_name(table.name);
    std::string rule;
    if (const auto* via = parent_key(table)) {
      const auto parent = public_name(via->references->table);
      rule = "exists (select 1 from " + parent + " p where p.id = " + name + "." +
             sql_name(via->name) + ")";
    } else {
      rule = "owner = (select auth.uid())";
    }
    return "-- create policy " + sql_name(table.name + "_all") + " on " + public_name(table.name) +
           " for all to authenticated\n--   using (" + rule + ")\n--   with check (" + rule +
           ");\n";
  }

  // The key to the record that this one is a part of: the first that is never null and deletes with
  // it, of a table that comes before.
  [[nodiscard]] const Column* parent_key(const Table& table) const {
    for (const auto& column : table.columns) {
      if (is_key(column) && !column.is_optional &&
          column.references->on_delete == OnDelete::Cascade &&
          place_of(column.references->table) < place_of(table.name)) {
        return &column;
      }
    }
    return nullptr;
  }

  void emit_sync() {
    heading("4. Sync");
    out_ +=
        "-- A row's scope is what is shared as one: a workspace, a project, a person. A table "
        "names "
        "it by a uuid column\n"
        "-- (scope_column => 'workspace_id'), or shares its parent's (scope_via). Without either "
        "its "
        "rows are looked at for\n"
        "-- every user, and policies alone tell them apart: right for small tables, slow for large "
        "ones.\n\n";
    for (const auto* table : tables_) {
      out_ += "select convoy.enable('" + public_name(table->name) + "'";
      if (const auto* via = parent_key(*table)) out_ += ", scope_via => '" + via->name + "'";
      out_ += ");\n";
    }
  }

  const Schema& schema_;
  std::vector<const Table*> tables_;
  std::string out_;
};

}  // namespace

std::string emit_postgres(const schema::SchemaDocument& document) {
  return Emitter(document).run();
}

}  // namespace convoy::codegen
