#include "codegen/server_schema.h"

#include <algorithm>
#include <set>

#include "schema/check.h"
#include "schema/server_type.h"

namespace convoy::codegen {
namespace {

class Converter {
 public:
  explicit Converter(const ServerDescription& server) : server_(server) {}

  Result<ServerSchema> convert() {
    for (const auto& table : server_.tables) add_table(table);
    for (auto& table : result_.schema.tables) settle_references(table);
    drop_clashing_indices();
    CONVOY_CHECK_OK(validate(result_.schema));
    return std::move(result_);
  }

 private:
  void note(const std::string& table, const std::string& column, std::string text) {
    result_.notes.push_back({.table = table, .column = column, .text = std::move(text)});
  }

  void add_table(const ServerTable& table) {
    if (auto status = schema::check_table_name(table.name); !status.ok()) {
      note(table.name, "", "left out: " + status.error().message);
      return;
    }
    if (!tables_.insert(schema::lower(table.name)).second) {
      note(table.name, "", "left out: another table differs from it in upper and lower case only");
      return;
    }
    Table local{.name = table.name, .columns = {}};
    local.ids = schema::bare_type(table.id_type) == "uuid" ? IdKind::Uuid : IdKind::Watermelon;
    if (!schema::is_id_type(table.id_type)) {
      note(table.name, "",
           "its key is of type " + table.id_type +
               ", which devices can't make: new records come from the server alone");
    }
    if (!table.is_writable()) note(table.name, "", "read only: what a device writes is refused");
    std::set<std::string> names;
    for (const auto& column : table.columns) add_column(table, column, local, names);
    result_.schema.tables.push_back(std::move(local));
  }

  void add_column(const ServerTable& table, const ServerColumn& column, Table& local,
                  std::set<std::string>& names) {
    const auto form = schema::local_form(column.type);
    const bool is_time = column.name == "created_at" || column.name == "updated_at";
    Column made{.name = column.name,
                .type = form.type,
                .is_optional = column.is_nullable && !is_time,
                .pg_type = form.pg_type};
    if (auto status = schema::check_column(table.name, made); !status.ok()) {
      leave_out(table, column, status.error().message);
      return;
    }
    if (!names.insert(schema::lower(column.name)).second) {
      leave_out(table, column, "another column differs from it in upper and lower case only");
      return;
    }
    if (is_time && column.is_nullable) {
      note(table.name, column.name,
           "may be null on the server, but never here, where the first null would stop sync. "
           "Change the server: alter table " +
               table.name + " alter column " + column.name + " set not null");
    }
    if (!form.is_known) {
      note(table.name, column.name,
           "the type " + column.type +
               " is taken for text, as enums are; not if it stands for "
               "numbers or documents");
    }
    if (table.is_writable() && !column.is_writable) {
      note(table.name, column.name, "the server alone writes it");
    }
    // An index on a whole document would be as large as the table, and find nothing.
    const bool can_index = form.pg_type != PgType::Jsonb && form.pg_type != PgType::Array;
    made.is_indexed = column.is_indexed && can_index;
    local.columns.push_back(std::move(made));
  }

  void leave_out(const ServerTable& table, const ServerColumn& column, const std::string& why) {
    std::string text = "left out: " + why;
    if (column.is_writable && !column.is_nullable && !column.has_default) {
      text += ". The server wants a value for it and has no default, so it refuses new records";
    }
    note(table.name, column.name, std::move(text));
  }

  // When all tables are known: foreign keys, each with an index, because lists and cascades look
  // rows up by it.
  void settle_references(Table& table) {
    const auto& described = *server_.find_table(table.name);
    for (auto& column : table.columns) {
      const auto& foreign = described.find_column(column.name)->references;
      if (!foreign) continue;
      const auto why = refusal(column, *foreign);
      if (!why.empty()) {
        note(table.name, column.name,
             "its foreign key to " + foreign->table + " is not followed here: " + why);
        continue;
      }
      Reference reference{.table = foreign->table,
                          .on_delete = foreign->on_delete.value_or(OnDelete::Nothing)};
      if (reference.on_delete == OnDelete::SetNull && !column.is_optional) {
        reference.on_delete = OnDelete::Nothing;
        note(table.name, column.name,
             "becomes null when its record of " + foreign->table +
                 " is deleted, which the server then refuses: it may not be null");
      }
      column.references = std::move(reference);
      column.is_indexed = true;
    }
  }

  // Why a foreign key can't be a reference; "" if it can.
  [[nodiscard]] std::string refusal(const Column& column, const ServerReference& foreign) const {
    const auto* target = server_.find_table(foreign.table);
    if (target == nullptr || result_.schema.find_table(foreign.table) == nullptr) {
      return "that table is not here";
    }
    if (foreign.column != target->id) return "it leads to " + foreign.column + ", not to the key";
    if (column.type != ColumnType::String) return "a number can't hold an id";
    return {};
  }

  // A table may be called as an index would be.
  void drop_clashing_indices() {
    for (auto& table : result_.schema.tables) {
      for (auto& column : table.columns) {
        const auto name = schema::lower(schema::index_name(table.name, column.name));
        if (!column.is_indexed || !tables_.contains(name)) continue;
        column.is_indexed = false;
        note(table.name, column.name, "has no index here: a table has its name");
      }
    }
  }

  const ServerDescription& server_;
  ServerSchema result_;
  std::set<std::string> tables_;  // In lower case.
};

}  // namespace

Result<ServerSchema> to_local_schema(const ServerDescription& server) {
  return Converter(server).convert();
}

}  // namespace convoy::codegen
