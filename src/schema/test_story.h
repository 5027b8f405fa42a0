// test_story.h: random schemas and the migrations that lead to them, for properties.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <rapidcheck.h>

#include "convoy/migration.h"
#include "convoy/schema.h"

namespace convoy::schema::testing {

// A schema of version 1, and what became of it. Names come from a small pool, so that they are used
// again after a drop or a rename. The functions belong into a rapidcheck property.
struct Story {
  Schema first;
  Schema last;
  Migrations migrations;
};

class Storyteller {
 public:
  static Story tell() {
    Storyteller teller;
    const auto count = *rc::gen::inRange(0, 4);
    for (int i = 0; i < count; ++i) teller.add_table(*rc::gen::elementOf(teller.free_tables()));
    teller.story_.first = teller.schema_;
    const auto versions = *rc::gen::inRange(0, 4);
    for (int i = 0; i < versions; ++i) teller.migrate();
    teller.story_.last = teller.schema_;
    return std::move(teller.story_);
  }

 private:
  using Names = std::vector<std::string>;

  static Names without(Names all, const Names& used) {
    std::erase_if(
        all, [&](const std::string& name) { return std::ranges::find(used, name) != used.end(); });
    return all;
  }

  [[nodiscard]] Names free_tables() const {
    Names used;
    for (const auto& table : schema_.tables) used.push_back(table.name);
    return without({"Notes", "a", "b", "order", "tasks", "Mixed", "Z9"}, used);
  }

  static Names free_columns(const Table& table) {
    Names used;
    for (const auto& column : table.columns) used.push_back(column.name);
    return without({"a", "B", "title", "rank", "done", "group", "select", "_x"}, used);
  }

  Column column(const std::string& name) {
    Column column{.name = name, .is_optional = *rc::gen::arbitrary<bool>()};
    column.type = *rc::gen::element(ColumnType::String, ColumnType::Number, ColumnType::Boolean);
    column.is_indexed = *rc::gen::arbitrary<bool>();
    if (column.type == ColumnType::Number && *rc::gen::arbitrary<bool>()) {
      column.pg_type = PgType::Timestamptz;
    }
    if (column.type != ColumnType::String) return column;
    column.is_searchable = name != "rank" && *rc::gen::arbitrary<bool>();
    if (!schema_.tables.empty() && *rc::gen::arbitrary<bool>()) {
      column.references.emplace();
      column.references->table = (*rc::gen::elementOf(schema_.tables)).name;
      column.references->on_delete = column.is_optional
                                         ? *rc::gen::element(OnDelete::SetNull, OnDelete::Nothing)
                                         : *rc::gen::element(OnDelete::Cascade, OnDelete::Nothing);
    } else {
      column.pg_type = *rc::gen::element(PgType::Native, PgType::Date, PgType::Uuid, PgType::Jsonb,
                                         PgType::Array, PgType::Bigint, PgType::Numeric);
    }
    return column;
  }

  const Table& add_table(const std::string& name) {
    Table table{.name = name, .ids = *rc::gen::element(IdKind::Uuid, IdKind::Watermelon)};
    const auto count = *rc::gen::inRange(0, 4);
    for (int i = 0; i < count; ++i) {
      table.columns.push_back(column(*rc::gen::elementOf(free_columns(table))));
    }
    schema_.tables.push_back(std::move(table));
    return schema_.tables.back();
  }

  void migrate() {
    Migration migration{.to_version = ++schema_.version, .steps = {}};
    const auto count = *rc::gen::inRange(0, 6);
    for (int i = 0; i < count; ++i) step(migration.steps);
    story_.migrations.push_back(std::move(migration));
  }

  void step(std::vector<MigrationStep>& steps) {
    const auto kind = *rc::gen::inRange(0, 8);
    if (kind == 0 && !free_tables().empty()) {
      steps.emplace_back(CreateTable{add_table(*rc::gen::elementOf(free_tables()))});
    }
    if (kind == 0 || schema_.tables.empty()) return;
    auto& table = schema_.tables[*rc::gen::inRange(std::size_t{0}, schema_.tables.size())];
    if (kind == 1) return drop_table(table, steps);
    if (kind == 2) return rename_table(table, steps);
    if (kind == 3) return add_columns(table, steps);
    if (table.columns.empty()) return;
    const auto at = *rc::gen::inRange(std::size_t{0}, table.columns.size());
    auto& column = table.columns[at];
    if (kind == 4) {
      steps.emplace_back(DropColumn{table.name, column.name});
      table.columns.erase(table.columns.begin() + static_cast<std::ptrdiff_t>(at));
    } else if (kind == 5) {
      const auto name = *rc::gen::elementOf(free_columns(table));
      steps.emplace_back(RenameColumn{table.name, column.name, name});
      column.name = name;
      if (name == "rank") column.is_searchable = false;
    } else if (column.is_indexed) {
      steps.emplace_back(DropIndex{table.name, column.name});
      column.is_indexed = false;
    } else {
      steps.emplace_back(AddIndex{table.name, column.name});
      column.is_indexed = true;
    }
  }

  // Whoever refers to the table refers to `to` from now on.
  void redirect(const std::string& from, const std::string& to) {
    for (auto& table : schema_.tables) {
      for (auto& column : table.columns) {
        if (!column.references || column.references->table != from) continue;
        column.references->table = to;
        if (to.empty()) column.references.reset();
      }
    }
  }

  void drop_table(const Table& table, std::vector<MigrationStep>& steps) {
    const auto name = table.name;
    steps.emplace_back(DropTable{name});
    std::erase_if(schema_.tables, [&](const Table& other) { return other.name == name; });
    redirect(name, "");
  }

  void rename_table(Table& table, std::vector<MigrationStep>& steps) {
    const auto from = table.name;
    const auto to = *rc::gen::elementOf(free_tables());
    steps.emplace_back(RenameTable{from, to});
    table.name = to;
    redirect(from, to);
  }

  void add_columns(Table& table, std::vector<MigrationStep>& steps) {
    AddColumns step{.table = table.name, .columns = {}};
    const auto count = *rc::gen::inRange(0, 3);
    for (int i = 0; i < count && !free_columns(table).empty(); ++i) {
      step.columns.push_back(column(*rc::gen::elementOf(free_columns(table))));
      // Not always last: the order of columns in a file may differ from the schema's.
      table.columns.insert(
          *rc::gen::arbitrary<bool>() ? table.columns.begin() : table.columns.end(),
          step.columns.back());
    }
    steps.emplace_back(std::move(step));
  }

  Schema schema_;
  Story story_;
};

}  // namespace convoy::schema::testing
