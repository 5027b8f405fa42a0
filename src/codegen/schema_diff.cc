#include "codegen/schema_diff.h"

#include <algorithm>
#include <utility>

#include "codegen/renames.h"
#include "schema/server_type.h"

namespace convoy::codegen {
namespace {

constexpr std::string_view kPull = "Take it over: convoy schema pull.";

std::string reference_text(const std::optional<Reference>& reference) {
  if (!reference) return "none";
  switch (reference->on_delete) {
    case OnDelete::Cascade:
      return reference->table + ", deleting with it";
    case OnDelete::SetNull:
      return reference->table + ", becoming null with it";
    case OnDelete::Nothing:
      break;
  }
  return reference->table;
}

class Comparison {
 public:
  Comparison(const Schema& local, const ServerDescription& server, const ServerSchema& converted)
      : local_(local), server_(server), converted_(converted) {}

  std::vector<Difference> run(std::vector<Difference> renamed) {
    differences_ = std::move(renamed);
    for (const auto& table : local_.tables) compare_table(table);
    for (const auto& table : converted_.schema.tables) {
      if (local_.find_table(table.name) != nullptr) continue;
      add(Impact::Additive, Change::TableAdded, table.name, "",
          "is new on the server, with " + std::to_string(table.columns.size()) + " columns",
          std::string(kPull));
    }
    return std::move(differences_);
  }

 private:
  void add(Impact impact, Change change, const std::string& table, const std::string& column,
           std::string message, std::string advice) {
    differences_.push_back({.impact = impact,
                            .change = change,
                            .table = table,
                            .column = column,
                            .message = std::move(message),
                            .advice = std::move(advice)});
  }

  void compare_table(const Table& table) {
    const auto* server = server_.find_table(table.name);
    const auto* made = converted_.schema.find_table(table.name);
    if (table.is_local_only) {
      if (server == nullptr) return;
      add(Impact::Note, Change::TableKeptLocal, table.name, "",
          "lives on this device alone, and the server syncs a table of the same name",
          "Take \"local_only\" out of the schema to sync it.");
    } else if (server == nullptr || made == nullptr) {
      auto advice = "Sync it (convoy.enable('" + table.name +
                    "')), let authenticated read it, or take it out: convoy schema pull.";
      if (const auto guess = likely_table(table, local_, converted_.schema); !guess.empty()) {
        advice =
            "Perhaps it was renamed: --rename " + table.name + "=" + guess + ". Else: " + advice;
      }
      add(Impact::Breaking, Change::TableMissing, table.name, "",
          "the server does not sync this table, or not for you", std::move(advice));
    } else {
      compare_columns(table, *server, *made);
    }
  }

  void compare_columns(const Table& table, const ServerTable& server, const Table& made) {
    if (!holds_ids(table, server)) {
      add(Impact::Breaking, Change::IdsChanged, table.name, "",
          "the server's ids are of type " + server.id_type + "; those made here are not",
          "Say \"ids\": \"uuid\", or take it over: convoy schema pull.");
    }
    for (const auto& column : table.columns) {
      const auto* described = server.find_column(column.name);
      if (described == nullptr) {
        missing_column(table, column, made);
      } else if (!schema::holds_type(column, described->type)) {
        add(Impact::Breaking, Change::TypeChanged, table.name, column.name,
            "the server's type " + described->type + " does not fit the local one",
            std::string(kPull) + " The values come anew with the next sync.");
      } else if (const auto* as_made = made.find_column(column.name); as_made != nullptr) {
        compare_column(table, column, *described, *as_made);
      }
    }
    for (const auto& column : made.columns) {
      if (table.find_column(column.name) == nullptr) new_column(table, server, column);
    }
  }

  void missing_column(const Table& table, const Column& column, const Table& made) {
    std::string advice = "Add it to the server, or take it out: convoy schema pull.";
    if (const auto guess = likely_column(column, table, made); !guess.empty()) {
      advice = "Perhaps it was renamed: --rename " + table.name + "." + column.name + "=" + guess +
               ". Else: " + advice;
    }
    add(Impact::Breaking, Change::ColumnMissing, table.name, column.name,
        "the server has no such column", std::move(advice));
  }

  void new_column(const Table& table, const ServerTable& server, const Column& column) {
    const auto& described = *server.find_column(column.name);
    const bool is_wanted =
        described.is_writable && !described.is_nullable && !described.has_default;
    if (is_wanted) {
      add(Impact::Breaking, Change::ColumnAdded, table.name, column.name,
          "is new on the server (" + described.type +
              "), which wants a value for it: new records of this schema are refused",
          "Give it a default on the server, at least until every device has the new schema: alter "
          "table " +
              table.name + " alter column " + column.name + " set default …");
      return;
    }
    add(Impact::Additive, Change::ColumnAdded, table.name, column.name,
        "is new on the server (" + described.type + ")", std::string(kPull));
  }

  void compare_column(const Table& table, const Column& column, const ServerColumn& described,
                      const Column& made) {
    compare_null(table, column, described, made);
    const auto& left = column.references;
    const auto& right = made.references;
    const bool says_on_delete = described.references && described.references->on_delete;
    const bool is_same = left.has_value() == right.has_value() &&
                         (!left || left->table == right->table) &&
                         (!left || !says_on_delete || left->on_delete == right->on_delete);
    if (!is_same && column.type == ColumnType::String) {
      add(Impact::Additive, Change::ReferenceChanged, table.name, column.name,
          "refers to another record here (" + reference_text(left) + ") than on the server (" +
              reference_text(right) + ")",
          std::string(kPull));
    }
    if (described.is_indexed && made.is_indexed && !column.is_indexed) {
      add(Impact::Note, Change::IndexMissing, table.name, column.name,
          "has an index on the server and none here", "");
    }
  }

  void compare_null(const Table& table, const Column& column, const ServerColumn& described,
                    const Column& made) {
    if (!column.is_optional && described.is_nullable) {
      // Where the local rules leave no choice there is nothing to pull.
      const bool can_follow = made.is_optional;
      add(can_follow ? Impact::Breaking : Impact::Note, Change::BecameOptional, table.name,
          column.name, "may be null on the server, but not here, where a null stops sync",
          (can_follow ? std::string(kPull) + " Or change the server: " : "Change the server: ") +
              "alter table " + table.name + " alter column " + column.name + " set not null");
    } else if (column.is_optional && !described.is_nullable) {
      add(Impact::Additive, Change::BecameRequired, table.name, column.name,
          "may be null here, but not on the server, which refuses such writes", std::string(kPull));
    }
  }

  const Schema& local_;
  const ServerDescription& server_;
  const ServerSchema& converted_;
  std::vector<Difference> differences_;
};

// What was said to be renamed stops old programs all the same.
std::vector<Difference> renamings(const std::vector<Rename>& renames) {
  std::vector<Difference> all;
  for (const auto& rename : renames) {
    all.push_back({.impact = Impact::Breaking,
                   .change = rename.column.empty() ? Change::TableRenamed : Change::ColumnRenamed,
                   .table = rename.table,
                   .column = rename.column,
                   .message = "is called " + rename.to + " on the server",
                   .advice = "Take the new name over: convoy schema pull with the same --rename."});
  }
  return all;
}

}  // namespace

std::string_view to_string(Impact impact) {
  switch (impact) {
    case Impact::Note:
      return "note";
    case Impact::Additive:
      return "additive";
    case Impact::Breaking:
      break;
  }
  return "breaking";
}

std::string_view to_string(Change change) {
  switch (change) {
    case Change::TableAdded:
      return "table_added";
    case Change::TableMissing:
      return "table_missing";
    case Change::TableRenamed:
      return "table_renamed";
    case Change::TableKeptLocal:
      return "table_kept_local";
    case Change::IdsChanged:
      return "ids_changed";
    case Change::ColumnAdded:
      return "column_added";
    case Change::ColumnMissing:
      return "column_missing";
    case Change::ColumnRenamed:
      return "column_renamed";
    case Change::TypeChanged:
      return "type_changed";
    case Change::BecameOptional:
      return "became_optional";
    case Change::BecameRequired:
      return "became_required";
    case Change::ReferenceChanged:
      return "reference_changed";
    case Change::IndexMissing:
      break;
  }
  return "index_missing";
}

Result<std::vector<Difference>> compare(const Schema& local, const ServerDescription& server,
                                        const ServerSchema& converted,
                                        const std::vector<Rename>& renames) {
  auto renamed = local;
  CONVOY_CHECK_OK(apply_renames(renamed, server, renames));
  return Comparison(renamed, server, converted).run(renamings(renames));
}

Impact worst(const std::vector<Difference>& differences) {
  const auto found = std::ranges::max_element(differences, {}, &Difference::impact);
  return found == differences.end() ? Impact::Note : found->impact;
}

}  // namespace convoy::codegen
