// Whatever the steps: the file ends as a new one of the last schema would be, every record that
// survives keeps its values, and what waits to be sent still stands on what the server confirmed.
#include <map>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "query/compile.h"
#include "schema/test_story.h"
#include "schema/wire.h"
#include "store/foreign.h"
#include "store/open.h"
#include "store/page_applier.h"
#include "store/test_file.h"
#include "store/test_support.h"
#include "store/writer.h"

namespace convoy::store {
namespace {

using base::Json;
using schema::testing::Story;
using schema::testing::Storyteller;

// Where each column of the first schema is in the last; nothing if it was dropped on the way.
using Place = std::pair<std::string, std::string>;

struct Lineage {
  explicit Lineage(const Story& story) {
    for (const auto& table : story.first.tables) {
      tables[table.name] = table.name;
      for (const auto& column : table.columns) {
        places[{table.name, column.name}] = Place(table.name, column.name);
      }
    }
    for (const auto& migration : story.migrations) {
      for (const auto& step : migration.steps) follow(step);
    }
  }

  void follow(const MigrationStep& step) {
    if (const auto* drop = std::get_if<DropTable>(&step)) {
      std::erase_if(tables, [&](const auto& entry) { return entry.second == drop->table; });
      std::erase_if(places, [&](const auto& entry) { return entry.second.first == drop->table; });
    } else if (const auto* drop_column = std::get_if<DropColumn>(&step)) {
      const Place gone(drop_column->table, drop_column->column);
      std::erase_if(places, [&](const auto& entry) { return entry.second == gone; });
    } else if (const auto* rename = std::get_if<RenameTable>(&step)) {
      for (auto& [first, now] : tables) {
        if (now == rename->from) now = rename->to;
      }
      for (auto& [first, now] : places) {
        if (now.first == rename->from) now.first = rename->to;
      }
    } else if (const auto* rename_column = std::get_if<RenameColumn>(&step)) {
      for (auto& [first, now] : places) {
        if (now == Place(rename_column->table, rename_column->from)) now.second = rename_column->to;
      }
    }
  }

  std::map<std::string, std::string> tables;
  std::map<Place, Place> places;
};

Value random_value(const Column& column) {
  if (column.is_optional && *rc::gen::inRange(0, 4) == 0) return Null{};
  if (column.type == ColumnType::Boolean) return *rc::gen::arbitrary<bool>();
  if (column.type == ColumnType::Number) return double{*rc::gen::inRange(0, 1000) / 8.0};
  switch (column.pg_type) {
    case PgType::Date:
      return std::string("2026-11-22");
    case PgType::Uuid:
      return std::string("0192f0c1-2233-7abc-8def-001122334455");
    case PgType::Jsonb:
      return std::string(R"({"a":[1,2.50]})");
    case PgType::Array:
      return std::string("[1,2]");
    case PgType::Bigint:
      return std::to_string(*rc::gen::inRange(0, 1000));
    case PgType::Numeric:
      return std::string("1.50");
    default:
      return std::string(1, static_cast<char>('a' + *rc::gen::inRange(0, 26)));
  }
}

class Device {
 public:
  explicit Device(const Story& story) : story_(story) {
    connection_ = testing::connect(":memory:");
    connection_->leave_out_of_triggers(std::string(kForeignTable));
    open(story.first, {});
    fill();
  }

  void migrate() { open(story_.last, story_.migrations); }

  sql::Connection& connection() { return *connection_; }

  Tables& tables() { return *tables_; }

 private:
  void open(const Schema& schema, const Migrations& migrations) {
    auto options = fixture_.options(":memory:", schema);
    options.migrations = migrations;
    const auto numbers = open_file(*connection_, options);
    if (!numbers.ok()) RC_FAIL(numbers.error().message);
    tables_ = std::make_unique<Tables>(schema, *numbers);
  }

  void check(const Status& status) {
    if (!status.ok()) RC_FAIL(status.error().message);
  }

  // Each table gets rows in each state that a row can be in.
  void fill() {
    check(
        save_scope(*connection_, {.id = "s", .visibility = "v", .base = "1:1:", .generation = 1}));
    for (const auto& info : tables_->all()) {
      confirm(info);
      write([&](Writer& writer) { return create(writer, info); });
      for (const char* kind : {"-u", "-w"}) {
        write([&](Writer& writer) { return update(writer, info, info.table->name + kind); });
      }
      write([&](Writer& writer) -> Status {
        CONVOY_CHECK_OK(writer.mark_deleted(info.table->name, info.table->name + "-d"));
        return ok_status();
      });
    }
  }

  void confirm(const TableInfo& info) {
    const auto& table = *info.table;
    schema::RowChanges changes{.table = table.name, .scope = "s"};
    for (const auto& column : table.columns) changes.columns.push_back(column.name);
    for (const char* kind : {"-s", "-u", "-w", "-d"}) {
      changes.ids.push_back(table.name + kind);
      Json::Array row;
      for (const auto& column : table.columns) {
        row.push_back(schema::to_wire(column, random_value(column)));
      }
      changes.rows.push_back(std::move(row));
    }
    auto applier = PageApplier::make(*connection_, *tables_, 0);
    RC_ASSERT(applier.ok());
    check(applier->apply(changes));
  }

  template <class Work>
  void write(Work work) {
    TransactionWriter writer(*connection_, *tables_, fixture_.clock, fixture_.random);
    check(work(writer));
    check(writer.finish());
  }

  static Fields some_fields(const Table& table) {
    Fields fields;
    for (const auto& column : table.columns) {
      if (column.references) continue;  // So that no deletion takes another row along.
      if (*rc::gen::arbitrary<bool>()) fields.emplace_back(column.name, random_value(column));
    }
    return fields;
  }

  static Status create(Writer& writer, const TableInfo& info) {
    CONVOY_CHECK_OK(
        writer.create(info.table->name, some_fields(*info.table), info.table->name + "-c"));
    return ok_status();
  }

  static Status update(Writer& writer, const TableInfo& info, const std::string& id) {
    CONVOY_CHECK_OK(writer.update(info.table->name, id, some_fields(*info.table)));
    return ok_status();
  }

  const Story& story_;
  testing::Fixture fixture_;
  std::unique_ptr<sql::Connection> connection_;
  std::unique_ptr<Tables> tables_;
};

Story device_story() {
  auto story = Storyteller::tell();
  // Ids of any form, so that they can say where a row comes from.
  const auto relax = [](Table& table) { table.ids = IdKind::Watermelon; };
  for (auto& table : story.first.tables) relax(table);
  for (auto& table : story.last.tables) relax(table);
  return story;
}

std::map<std::string, std::string> values_of(sql::Connection& connection, const Place& place) {
  std::map<std::string, std::string> values;
  auto select = connection.prepare("select \"id\", quote(" + query::quoted(place.second) +
                                   ") from " + query::quoted(place.first));
  RC_ASSERT(select.ok());
  while (*select->step()) values[select->text(0)] = select->text(1);
  return values;
}

RC_GTEST_PROP(MigrationStory, EndsAsANewFileAndKeepsEveryRecord, ()) {
  const auto story = device_story();
  Device device(story);
  auto& connection = device.connection();
  const Lineage lineage(story);
  std::map<Place, std::map<std::string, std::string>> before;
  for (const auto& [place, unused] : lineage.places) before[place] = values_of(connection, place);
  const auto mutations = testing::column(connection, "select count(*) from convoy_mutation");

  device.migrate();

  const auto fresh = testing::connect(":memory:");
  testing::Fixture fixture;
  RC_ASSERT(open_file(*fresh, fixture.options(":memory:", story.last)).ok());
  RC_ASSERT(testing::layout(connection) == testing::layout(*fresh));
  for (const auto& [place, now] : lineage.places) {
    RC_LOG() << place.first << "." << place.second << " is " << now.first << "." << now.second
             << "\n";
    RC_ASSERT(values_of(connection, now) == before[place]);
  }
  for (const auto& [first, now] : lineage.tables) {
    const auto rows = connection.integer("select count(*) from " + query::quoted(now));
    RC_ASSERT(rows.ok());
    RC_ASSERT(*rows == 5);
  }
  RC_ASSERT(testing::column(connection, "select count(*) from convoy_mutation") == mutations);
  const auto settled = testing::dump(connection, testing::Numbers::ByValue);
  testing::expect_settled(connection, device.tables());
  RC_ASSERT(testing::dump(connection, testing::Numbers::ByValue) == settled);
}

}  // namespace
}  // namespace convoy::store
