// What each migration step does to rows, indices, the outbox and what the server confirmed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/database_impl.h"
#include "store/layout.h"
#include "store/test_file.h"
#include "store/test_support.h"

namespace convoy::store {
namespace {

using base::Json;
using testing::code_of;
using testing::column;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::Fixture;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::layout;
using ::testing::Not;
using testing::page_of;
using testing::rows;
using testing::run_sql;
using testing::TemporaryFolder;
using testing::text;

const std::vector<std::string> kTaskColumns{"project_id", "parent_id", "title",     "rank",
                                            "done",       "details",   "updated_at"};

Json::Array task_row(const char* title, int rank) {
  return {"p", nullptr, title, rank, false, nullptr, "2026-01-01 00:00:00+00"};
}

// Version 1 has projects and tasks: "s" as the server has it, "u" with a change that waits, "c"
// made here, "d" deleted here, "k" with a change that the server refused.
struct MigrateTest : ::testing::Test {
  void SetUp() override {
    auto database = fixture.open(path);
    Replica replica(database);
    auto page = page_of("scope", 3, "projects", {"name"}, {"p"}, {{"Work"}});
    page.changes.push_back(page_of("scope", 3, "tasks", kTaskColumns, {"s", "u", "d", "k"},
                                   {task_row("Same", 1), task_row("Theirs", 2), task_row("Old", 3),
                                    task_row("Kept", 4)})
                               .changes[0]);
    page.server_schema = schema::ServerSchema{.fingerprint = "server", .tables = {}};
    CONVOY_ASSERT_OK(replica.apply_page(page));
    write(database, [](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.update("tasks", "k", {{"title", "Refused"}}));
      return ok_status();
    });
    CONVOY_ASSERT_OK(replica.prepare_push(1, 1 << 20));
    CONVOY_ASSERT_OK(replica.apply_outcomes({{.mid = 1,
                                              .kind = schema::Outcome::Kind::Rejected,
                                              .code = "23514",
                                              .message = "no",
                                              .table = "tasks",
                                              .id = "k"}}));
    write(database, [](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.update("tasks", "u", {{"title", "Mine"}, {"rank", 7.0}}));
      return ok_status();
    });
    write(database, [](Writer& writer) -> Status {
      CONVOY_CHECK_OK(
          writer.create("tasks", {{"project_id", "p"}, {"title", "New"}, {"rank", 1.5}}, "c"));
      return ok_status();
    });
    write(database, [](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.mark_deleted("tasks", "d"));
      return ok_status();
    });
  }

  static void write(Database& database, const std::function<Status(Writer&)>& work) {
    CONVOY_ASSERT_OK(database.write(work));
  }

  // The options that lead from version 1 to `wanted` in one migration.
  DatabaseOptions options(Schema wanted, std::vector<MigrationStep> steps) {
    wanted.version = 2;
    auto result = fixture.options(path, std::move(wanted));
    result.migrations = {{.to_version = 2, .steps = std::move(steps)}};
    return result;
  }

  // Opens with the migration, and checks what holds after every one.
  Database migrate(Schema wanted, std::vector<MigrationStep> steps) {
    auto database = Database::open(options(wanted, std::move(steps)));
    if (!database.ok()) {
      ADD_FAILURE() << database.error().message;
      std::abort();
    }
    EXPECT_EQ(text(path, "pragma user_version"), "2");
    EXPECT_EQ(text(path, "pragma integrity_check"), "ok");
    Fixture other;
    wanted.version = 2;
    const auto fresh = folder.file("fresh.db");
    {
      const auto made = other.open(fresh, wanted);
    }
    EXPECT_EQ(layout(*testing::connect(path)), layout(*testing::connect(fresh)));
    EXPECT_EQ(column(path, "select name || columns from convoy_table order by name"),
              column(fresh, "select name || columns from convoy_table order by name"));
    // Looked at, and rolled back.
    static_cast<void>(database->impl().write([&](sql::Connection& connection) -> Status {
      testing::expect_settled(connection, database->impl().tables());
      return Error{};
    }));
    return *std::move(database);
  }

  // The migration fails, and the file is as before.
  std::string failure(const Schema& wanted, std::vector<MigrationStep> steps,
                      ErrorCode code = ErrorCode::InvalidSchema) {
    const auto before = testing::dump(path);
    const auto database = Database::open(options(wanted, std::move(steps)));
    EXPECT_EQ(code_of(database), code);
    EXPECT_EQ(testing::dump(path), before);
    EXPECT_TRUE(Database::open(fixture.options(path)).ok());
    return database.ok() ? "" : database.error().message;
  }

  [[nodiscard]] std::vector<std::string> bodies() const {
    return column(path, "select body from convoy_mutation order by seq");
  }

  static Column* find(Table& table, const std::string& name) {
    const auto found = std::ranges::find(table.columns, name, &Column::name);
    return found == table.columns.end() ? nullptr : &*found;
  }

  static void erase(Table& table, const std::string& name) {
    std::erase_if(table.columns, [&](const Column& one) { return one.name == name; });
  }

  TemporaryFolder folder;
  Fixture fixture;
  std::string path = folder.file();
  Schema schema = testing::task_schema();
  Table& projects = schema.tables[0];
  Table& tasks = schema.tables[1];
};

TEST_F(MigrateTest, CreatesATable) {
  const Table labels{.name = "labels",
                     .columns = {{.name = "text", .is_indexed = true}},
                     .ids = IdKind::Watermelon};
  schema.tables.push_back(labels);
  const auto before = bodies();
  auto database = migrate(schema, {CreateTable{labels}});
  EXPECT_EQ(bodies(), before);
  write(database, [](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create("labels", {{"text", "red"}}, "l"));
    return ok_status();
  });
  EXPECT_EQ((*database.find("labels", "l"))->text("text"), "red");
  EXPECT_THAT(column(path, "select number from convoy_table order by number"),
              ElementsAre("1", "2", "3"));
}

TEST_F(MigrateTest, AddsColumnsWithTheirDefaults) {
  const std::vector<Column> added{
      {.name = "note", .is_indexed = true},
      {.name = "maybe", .is_optional = true},
      {.name = "count", .type = ColumnType::Number},
      {.name = "count2", .type = ColumnType::Number, .is_optional = true},
      {.name = "open", .type = ColumnType::Boolean}};
  // The schema's order is not the file's.
  tasks.columns.insert(tasks.columns.begin(), added.rbegin(), added.rend());
  const auto before = bodies();
  auto database = migrate(schema, {AddColumns{"tasks", added}});
  EXPECT_EQ(bodies(), before);
  EXPECT_EQ(text(path,
                 "select group_concat(distinct quote(note) || quote(maybe) || quote(count) || "
                 "quote(count2) || quote(open)) from tasks"),
            "''NULL0NULL0");
  EXPECT_THAT(column(path, "select id || ' ' || _status || ' ' || _changed from tasks order by id"),
              ElementsAre("c created ", "d deleted ", "k synced ", "s synced ",
                          "u updated updated_at,title,rank"));
  const auto task = **database.find("tasks", "u");
  EXPECT_EQ(task.text("title"), "Mine");
  EXPECT_EQ(task.number("count"), 0.0);
  EXPECT_EQ(task.boolean("open"), false);
  EXPECT_EQ(task.get("maybe"), Value(Null{}));
  // What the server sends for the new columns lands in them, under what waits.
  auto columns = kTaskColumns;
  auto row = task_row("Theirs", 2);
  for (const char* name : {"note", "maybe", "count", "count2", "open"}) columns.emplace_back(name);
  for (const auto& value : {Json("n"), Json("m"), Json(3), Json(4), Json(true)})
    row.push_back(value);
  CONVOY_ASSERT_OK(
      Replica(database).apply_page(page_of("scope", 4, "tasks", columns, {"u"}, {row})));
  const auto brought = **database.find("tasks", "u");
  EXPECT_EQ(brought.text("note"), "n");
  EXPECT_EQ(brought.number("count2"), 4.0);
  EXPECT_EQ(brought.text("title"), "Mine");
}

TEST_F(MigrateTest, DropsATableAndKeepsItsWritesInTheOutbox) {
  const auto before = bodies();
  const auto mutations = rows(path, "convoy_mutation");
  schema.tables.pop_back();
  auto database = migrate(schema, {DropTable{"tasks"}});
  EXPECT_EQ(bodies(), before);
  EXPECT_EQ(rows(path, "convoy_mutation"), mutations);
  EXPECT_THAT(rows(path, "convoy_mutation_row"), IsEmpty());
  EXPECT_EQ(text(path, "select count(*) from convoy_row"), "1");
  // They are sent as they are, and acknowledged.
  const auto sent = *Replica(database).prepare_push(50, 1 << 20);
  ASSERT_EQ(sent.size(), 3U);
  EXPECT_EQ(sent[0].body, before[1]);
  CONVOY_ASSERT_OK(Replica(database).apply_outcomes({{.mid = 2}, {.mid = 3}, {.mid = 4}}));
  schema::PageCommit page;
  page.acknowledged = 4;
  CONVOY_ASSERT_OK(Replica(database).apply_page(page));
  EXPECT_EQ(Replica(database).queue()->size(), 1U);  // The parked one.
}

TEST_F(MigrateTest, RenamesATableWithAllThatBelongsToIt) {
  tasks.name = "todos";
  find(tasks, "parent_id")->references->table = "todos";
  const auto content = rows(path, "tasks");
  const auto confirmed = rows(path, "convoy_row");
  auto database = migrate(schema, {RenameTable{"tasks", "todos"}});
  EXPECT_EQ(rows(path, "todos"), content);
  EXPECT_EQ(rows(path, "convoy_row"), confirmed);
  for (const auto& body : bodies()) {
    EXPECT_THAT(body, HasSubstr(R"("table":"todos")"));
    EXPECT_THAT(body, Not(HasSubstr("tasks")));
  }
  EXPECT_EQ(text(path, "select table_name from convoy_mutation where state = 3"), "todos");
  EXPECT_EQ(text(path, "select number from convoy_table where name = 'todos'"), "2");
  EXPECT_THAT(layout(*testing::connect(path)),
              Contains("index todos_project_id on todos.project_id"));
  // Pending writes still stand on what the server says.
  CONVOY_ASSERT_OK(Replica(database).apply_page(
      page_of("scope", 4, "todos", kTaskColumns, {"u"}, {task_row("Newer", 9)})));
  const auto task = **database.find("todos", "u");
  EXPECT_EQ(task.text("title"), "Mine");
  EXPECT_EQ(task.number("rank"), 7.0);
  EXPECT_EQ(task.status, "updated");
}

TEST_F(MigrateTest, RenamesATableToTheSameNameInOtherLetters) {
  tasks.name = "Tasks";
  find(tasks, "parent_id")->references->table = "Tasks";
  const auto content = rows(path, "tasks");
  const auto database = migrate(schema, {RenameTable{"tasks", "Tasks"}});
  EXPECT_EQ(rows(path, "Tasks"), content);
}

TEST_F(MigrateTest, SwapsTwoTables) {
  std::swap(projects.name, tasks.name);
  find(tasks, "parent_id")->references->table = "projects";
  find(tasks, "project_id")->references->table = "tasks";
  const auto content = rows(path, "tasks");
  const auto database =
      migrate(schema, {RenameTable{"tasks", "other"}, RenameTable{"projects", "tasks"},
                       RenameTable{"other", "projects"}});
  EXPECT_EQ(rows(path, "projects"), content);
  EXPECT_EQ(text(path, "select name from tasks"), "Work");
  EXPECT_THAT(bodies(), ::testing::Each(HasSubstr(R"("table":"projects")")));
}

TEST_F(MigrateTest, DropsAColumnAndKeepsItsWritesInTheOutbox) {
  const auto before = bodies();
  erase(tasks, "title");
  erase(tasks, "rank");
  auto database = migrate(schema, {DropColumn{"tasks", "title"}, DropColumn{"tasks", "rank"}});
  EXPECT_EQ(bodies(), before);
  EXPECT_EQ(text(path, "select _status || ' ' || _changed from tasks where id = 'u'"),
            "updated updated_at");
  EXPECT_THAT(text(path, "select content from convoy_confirmed where id = 'u'"),
              Not(HasSubstr("Theirs")));
  EXPECT_EQ(Replica(database).prepare_push(50, 1 << 20)->size(), 3U);
}

TEST_F(MigrateTest, ARowWhoseOnlyChangeIsDroppedIsAsTheServerHasIt) {
  {
    auto database = fixture.open(path);
    CONVOY_ASSERT_OK(
        Replica(database).apply_page(page_of("scope", 3, "projects", {"name"}, {"p2"}, {{"Two"}})));
    write(database, [](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.update("projects", "p2", {{"name", "Second"}}));
      return ok_status();
    });
  }
  erase(projects, "name");
  const auto database = migrate(schema, {DropColumn{"projects", "name"}});
  EXPECT_EQ(text(path, "select _status || _changed from projects where id = 'p2'"), "synced");
  EXPECT_THAT(bodies().back(), HasSubstr("Second"));
}

TEST_F(MigrateTest, DropsAnIndexedColumn) {
  erase(tasks, "project_id");
  const auto database = migrate(schema, {DropColumn{"tasks", "project_id"}});
}

TEST_F(MigrateTest, RenamesAColumnWithAllThatBelongsToIt) {
  find(tasks, "title")->name = "name";
  find(tasks, "project_id")->name = "list_id";
  auto database = migrate(schema, {RenameColumn{"tasks", "title", "name"},
                                   RenameColumn{"tasks", "project_id", "list_id"}});
  EXPECT_EQ(text(path, "select _changed from tasks where id = 'u'"), "updated_at,name,rank");
  EXPECT_THAT(
      bodies()[1],
      HasSubstr(
          R"("values":{"updated_at":"2026-09-21T14:13:20.000000Z","name":"Mine","rank":7},"base":{"updated_at":"2026-01-01T00:00:00.000000Z","name":"Theirs","rank":2})"));
  EXPECT_THAT(bodies()[2], HasSubstr(R"("list_id":"p","name":"New")"));
  EXPECT_THAT(text(path, "select content from convoy_confirmed where id = 'u'"),
              HasSubstr(R"("name":"Theirs")"));
  EXPECT_EQ((*database.find("tasks", "u"))->text("name"), "Mine");
  EXPECT_EQ((*database.find("tasks", "s"))->text("name"), "Same");
  // Refused later, the row falls back to what the server had.
  CONVOY_ASSERT_OK(Replica(database).prepare_push(1, 1 << 20));
  CONVOY_ASSERT_OK(Replica(database).apply_outcomes(
      {{.mid = 2, .kind = schema::Outcome::Kind::Rejected, .code = "x"}}));
  EXPECT_EQ((*database.find("tasks", "u"))->text("name"), "Theirs");
}

TEST_F(MigrateTest, ChangesWhatConflictsAreAbout) {
  run_sql(path,
          "insert into convoy_conflict (at_ms, mid, table_name, row_id, column_name, base, client, "
          "server, kept, rule, reason, state) values (1, 1, 'tasks', 'u', 'title', '1', '2', '3', "
          "'server', 'x', '', 'settled')");
  tasks.name = "todos";
  find(tasks, "parent_id")->references->table = "todos";
  find(tasks, "title")->name = "name";
  const auto database =
      migrate(schema, {RenameColumn{"tasks", "title", "name"}, RenameTable{"tasks", "todos"}});
  EXPECT_EQ(text(path, "select table_name || column_name from convoy_conflict"), "todosname");
}

TEST_F(MigrateTest, RenamesWhatTheServersForeignKeysDid) {
  // A mutation whose cascade touches tasks has the whole in `replay`.
  {
    auto database = fixture.open(path);
    write(database, [](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.mark_deleted("projects", "p"));
      return ok_status();
    });
  }
  ASSERT_EQ(text(path, "select count(*) from convoy_mutation where replay is not null"), "1");
  tasks.name = "todos";
  find(tasks, "parent_id")->references->table = "todos";
  const auto database = migrate(schema, {RenameTable{"tasks", "todos"}});
  EXPECT_THAT(text(path, "select replay from convoy_mutation where replay is not null"),
              HasSubstr(R"("table":"todos","id":"s")"));
  EXPECT_EQ(text(path, "select _status from todos where id = 's'"), "deleted");
}

TEST_F(MigrateTest, AddsAndDropsIndices) {
  find(tasks, "title")->is_indexed = true;
  find(tasks, "project_id")->is_indexed = false;
  const auto before = rows(path, "tasks");
  const auto database =
      migrate(schema, {AddIndex{"tasks", "title"}, DropIndex{"tasks", "project_id"}});
  EXPECT_EQ(rows(path, "tasks"), before);
  const auto now = layout(*testing::connect(path));
  EXPECT_THAT(now, Contains("index tasks_title on tasks.title"));
  EXPECT_THAT(now, Not(Contains("index tasks_project_id on tasks.project_id")));
}

TEST_F(MigrateTest, TakesBackAColumnThatWasDroppedWithWhatPendsOnIt) {
  erase(tasks, "rank");
  {
    const auto database = migrate(schema, {DropColumn{"tasks", "rank"}});
  }
  const Column rank{.name = "rank", .type = ColumnType::Number, .is_optional = true};
  tasks.columns.push_back(rank);
  schema.version = 3;
  auto again = fixture.options(path, schema);
  again.migrations = {{.to_version = 3, .steps = {AddColumns{"tasks", {rank}}}}};
  auto database = Database::open(again);
  ASSERT_TRUE(database.ok()) << database.error().message;
  // What waits to be sent says what the row is.
  EXPECT_EQ((*database->find("tasks", "u"))->number("rank"), 7.0);
  EXPECT_EQ((*database->find("tasks", "s"))->number("rank"), std::nullopt);
}

TEST_F(MigrateTest, RunsSqlOfTheProgramsOwn) {
  tasks.columns.push_back({.name = "slug"});
  auto opened = Database::open(options(
      schema, {AddColumns{"tasks", {{.name = "slug"}}},
               RunSql{"update tasks set slug = lower(title); create table helper (a);"
                      "insert into tasks (id, _status, _changed, title, done, updated_at, "
                      "project_id, slug) values ('x', 'created', 'title', 'X', 0, 0, 'p', 'x');"
                      "delete from tasks where id = 's';"}}));
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  auto database = *std::move(opened);
  EXPECT_EQ((*database.find("tasks", "u"))->text("slug"), "mine");
  EXPECT_EQ(text(path, "select count(*) from helper"), "0");
  // A row that it made counts as the server's; one that it took out is forgotten.
  EXPECT_EQ((*database.find("tasks", "x"))->status, "synced");
  EXPECT_EQ(text(path, "select count(*) from convoy_row where id = 'x'"), "1");
  EXPECT_EQ(text(path, "select count(*) from convoy_row where id = 's'"), "0");
  EXPECT_EQ(bodies().size(), 4U);
}

TEST_F(MigrateTest, KeepsOwnSqlAwayFromTheEngineAndItsTransaction) {
  for (const char* sql :
       {"commit;", "rollback;", "begin;", "savepoint a;", "delete from convoy_mutation;",
        "drop table CONVOY_ROW;", "alter table convoy_meta rename to a;",
        "create trigger t after insert on tasks begin delete from convoy_row; end; insert into "
        "tasks (id) values ('y');",
        "create table convoy_mine (a);", "attach ':memory:' as other;",
        "update tasks set title = 'lost'; commit;"}) {
    const auto message = failure(schema, {RunSql{sql}});
    EXPECT_THAT(message, HasSubstr("migration to version 2, step 1 (RunSql)")) << sql;
  }
}

TEST_F(MigrateTest, NamesTheStepThatFails) {
  EXPECT_THAT(failure(schema, {RunSql{"update no_such set a = 1;"}}),
              ::testing::AllOf(HasSubstr("migration to version 2, step 1 (RunSql)"),
                               HasSubstr("no such table: no_such")));
  EXPECT_THAT(failure(schema, {DropTable{"labels"}}),
              ::testing::AllOf(HasSubstr("step 1 (DropTable)"), HasSubstr("labels")));
  EXPECT_THAT(failure(schema, {RunSql{"update tasks set title = '';"}, DropColumn{"tasks", "no"}}),
              ::testing::AllOf(HasSubstr("step 2 (DropColumn)"), HasSubstr("no")));
  find(tasks, "title")->name = "name";
  EXPECT_THAT(failure(schema, {RenameColumn{"tasks", "heading", "name"}}),
              HasSubstr("step 1 (RenameColumn)"));
}

TEST_F(MigrateTest, WantsTheSchemaAsOutcome) {
  auto wider = schema;
  wider.tables[1].columns.push_back({.name = "more"});
  EXPECT_THAT(failure(wider, {}), HasSubstr("tasks.more is in the schema, but not in the file"));
  wider.tables.push_back({.name = "labels"});
  wider.tables[1].columns.pop_back();
  EXPECT_THAT(failure(wider, {}), HasSubstr("the table \"labels\" is in the schema, but not"));
  auto narrower = schema;
  erase(narrower.tables[1], "details");
  EXPECT_THAT(failure(narrower, {}), HasSubstr("tasks.details is in the file, but not in the"));
  narrower = schema;
  narrower.tables.pop_back();
  EXPECT_THAT(failure(narrower, {}), HasSubstr("the table \"tasks\" is in the file, but not in"));
  auto other = schema;
  find(other.tables[1], "rank")->type = ColumnType::Boolean;
  EXPECT_THAT(failure(other, {}), HasSubstr("tasks.rank has another type"));
  other = schema;
  find(other.tables[1], "rank")->is_indexed = true;
  EXPECT_THAT(failure(other, {}), HasSubstr("tasks.rank is indexed in the schema, but not"));
  other = schema;
  find(other.tables[1], "project_id")->is_indexed = false;
  EXPECT_THAT(failure(other, {}), HasSubstr("tasks.project_id is indexed in the file, but not"));
  // Whoever drops with SQL of their own is believed when it is true.
  narrower = schema;
  erase(narrower.tables[1], "details");
  EXPECT_THAT(failure(narrower, {RunSql{"select 1;"}}), HasSubstr("tasks.details"));
  const auto database = migrate(narrower, {RunSql{"alter table tasks drop column details;"}});
}

TEST_F(MigrateTest, BringsWhatTheServerHasWithTheNextSync) {
  const auto scope = [&] {
    auto database = fixture.open(path, schema);
    return Replica(database).load()->scopes.at("scope");
  };
  auto wanted = scope();
  wanted.base.clear();
  wanted.is_backfilling = true;
  wanted.generation = 4;
  const Column note{.name = "note"};
  tasks.columns.push_back(note);
  {
    auto database = migrate(schema, {AddColumns{"tasks", {note}}});
    const auto state = *Replica(database).load();
    EXPECT_EQ(state.scopes.at("scope"), wanted);
    EXPECT_EQ(state.fingerprint, "");  // Whether the server has the column is asked anew.
    // Everything stays readable meanwhile.
    EXPECT_EQ(*database.count(from("tasks")), 4);
    // The back-fill brings the column, keeps what waits, and takes out what is no longer there.
    auto columns = kTaskColumns;
    columns.emplace_back("note");
    auto row = task_row("Theirs", 2);
    row.emplace_back("Noted");
    auto page = page_of("scope", 4, "tasks", columns, {"u", "k"}, {row, row});
    page.backfills_finished = {"scope"};
    CONVOY_ASSERT_OK(Replica(database).apply_page(page));
    EXPECT_EQ((*database.find("tasks", "u"))->text("note"), "Noted");
    EXPECT_EQ((*database.find("tasks", "u"))->text("title"), "Mine");
    EXPECT_EQ((*database.find("tasks", "c"))->text("title"), "New");
    EXPECT_FALSE(database.find("tasks", "s")->has_value());
    EXPECT_EQ(Replica(database).counts()->pending, 3);
  }
  // Nothing is brought again where nothing can be missing.
  schema.version = 3;
  erase(tasks, "note");
  find(tasks, "title")->is_indexed = true;
  auto next = fixture.options(path, schema);
  next.migrations = {
      {.to_version = 3, .steps = {DropColumn{"tasks", "note"}, AddIndex{"tasks", "title"}}}};
  auto database = Database::open(next);
  ASSERT_TRUE(database.ok()) << database.error().message;
  EXPECT_FALSE(Replica(*database).load()->scopes.at("scope").is_backfilling);
}

TEST_F(MigrateTest, GoesThroughSeveralVersionsAtOnce) {
  const Column a{.name = "a"};
  const Column b{.name = "b", .type = ColumnType::Number, .is_indexed = true};
  schema.version = 4;
  tasks.columns.push_back({.name = "c", .type = ColumnType::Number, .is_indexed = true});
  auto next = fixture.options(path, schema);
  next.migrations = {
      {.to_version = 4, .steps = {RenameColumn{"tasks", "b", "c"}}},
      {.to_version = 2, .steps = {AddColumns{"tasks", {a}}}},
      {.to_version = 3, .steps = {DropColumn{"tasks", "a"}, AddColumns{"tasks", {b}}}}};
  auto database = Database::open(next);
  ASSERT_TRUE(database.ok()) << database.error().message;
  EXPECT_EQ(text(path, "pragma user_version"), "4");
  EXPECT_EQ((*database->find("tasks", "s"))->number("c"), 0.0);
  // The next opening finds it done.
  EXPECT_TRUE(Database::open(next).ok());
}

TEST_F(MigrateTest, OnlyRaisesTheVersionWhereNothingChanges) {
  const auto content = [&] {
    std::vector<std::string> all;
    for (const char* table : {"projects", "tasks", "convoy_table", "convoy_scope", "convoy_row",
                              "convoy_mutation", "convoy_mutation_row"}) {
      for (auto& row : rows(path, table)) all.push_back(std::move(row));
    }
    return all;
  };
  const auto before = content();
  const auto database = migrate(schema, {});
  EXPECT_EQ(content(), before);
}

TEST_F(MigrateTest, WorksUnderAnIndexOfWords) {
  find(tasks, "title")->is_searchable = true;
  {
    const auto database = fixture.open(path, schema);
  }
  ASSERT_EQ(text(path, "select count(*) from sqlite_schema where name = 'convoy_fts_tasks'"), "1");
  auto next = schema;
  auto& table = next.tables[1];
  table.name = "todos";
  find(table, "parent_id")->references->table = "todos";
  find(table, "title")->name = "name";
  erase(table, "details");
  auto database = migrate(next, {RenameColumn{"tasks", "title", "name"},
                                 DropColumn{"tasks", "details"}, RenameTable{"tasks", "todos"}});
  EXPECT_THAT(column(path,
                     "select name from sqlite_schema where type = 'trigger' and tbl_name = "
                     "'tasks'"),
              IsEmpty());
  EXPECT_EQ(text(path,
                 "select t.id from todos t join convoy_fts_todos f on f.rowid = t.rowid where "
                 "convoy_fts_todos match 'mine'"),
            "u");
  write(database, [](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.update("todos", "s", {{"name", "Findable"}}));
    return ok_status();
  });
  EXPECT_EQ(text(path,
                 "select t.id from todos t join convoy_fts_todos f on f.rowid = t.rowid where "
                 "convoy_fts_todos match 'findable'"),
            "s");
  // And goes with its table.
  next.tables.pop_back();
  next.version = 3;
  auto last = fixture.options(path, next);
  last.migrations = {{.to_version = 3, .steps = {DropTable{"todos"}}}};
  ASSERT_TRUE(Database::open(last).ok());
  EXPECT_THAT(column(path, "select name from sqlite_schema where name like 'convoy_fts%'"),
              IsEmpty());
}

}  // namespace
}  // namespace convoy::store
