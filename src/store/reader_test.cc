// Reading beside plain queries: relations, selects, one state for several reads, and at the wrong
// moment.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/database_impl.h"
#include "store/test_support.h"

namespace convoy::store {
namespace {

using namespace std::string_literals;
using testing::code_of;
using ::testing::ElementsAre;
using testing::Fixture;
using ::testing::HasSubstr;
using testing::TemporaryFolder;

struct ReaderTest : ::testing::TestWithParam<bool> {
  void SetUp() override {
    CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.create("projects", {{"name", "One"}}, "p1"));
      CONVOY_CHECK_OK(writer.create("projects", {{"name", "Two"}}, "p2"));
      CONVOY_CHECK_OK(
          writer.create("tasks", {{"title", "a"}, {"project_id", "p1"}, {"rank", 1.0}}, "a"));
      CONVOY_CHECK_OK(writer.create(
          "tasks", {{"title", "b"}, {"project_id", "p1"}, {"rank", 2.5}, {"parent_id", "a"}}, "b"));
      CONVOY_CHECK_OK(writer.create("tasks", {{"title", "c"}, {"project_id", "nowhere"}}, "c"));
      CONVOY_CHECK_OK(writer.create("tasks", {{"title", "x"}, {"project_id", "p1"}}, "x"));
      return ok_status();
    }));
    CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.mark_deleted("tasks", "x"));
      return ok_status();
    }));
  }

  TemporaryFolder folder;
  Fixture fixture;
  Database database = fixture.open(GetParam() ? folder.file() : ":memory:");
};

INSTANTIATE_TEST_SUITE_P(Places, ReaderTest, ::testing::Bool(),
                         [](const auto& place) { return place.param ? "OnDisk" : "InMemory"; });

TEST_P(ReaderTest, FindsTheParentsOfManyRecordsAtOnce) {
  const auto tasks = *database.fetch(from("tasks").order_by(asc("id")));
  const auto projects = database.parents(tasks, "project_id");
  ASSERT_TRUE(projects.ok());
  ASSERT_EQ(projects->size(), 3U);
  EXPECT_EQ((*projects)[0]->text("name"), "One");
  EXPECT_EQ((*projects)[1]->text("name"), "One");
  EXPECT_FALSE((*projects)[2]) << "a dangling reference is nothing, no error";
  const auto parents = *database.parents(tasks, "parent_id");
  EXPECT_FALSE(parents[0]);
  EXPECT_EQ(parents[1]->id, "a");
  EXPECT_TRUE(database.parents({}, "project_id")->empty());
  EXPECT_EQ(code_of(database.parents(tasks, "projekt")), ErrorCode::UnknownColumn);
  EXPECT_EQ(code_of(database.parents(tasks, "title")), ErrorCode::InvalidQuery);
}

TEST_P(ReaderTest, FindsTheChildrenOfManyRecordsAtOnce) {
  const auto projects = *database.fetch(from("projects").order_by(asc("id")));
  const auto tasks = database.children(projects, "tasks");
  ASSERT_TRUE(tasks.ok());
  ASSERT_EQ((*tasks)[0].size(), 2U) << "without the deleted one";
  EXPECT_EQ((*tasks)[0][1].id, "b");
  EXPECT_TRUE((*tasks)[1].empty());
  const auto roots = *database.fetch(from("tasks").where("id", eq("a")));
  EXPECT_EQ((*database.children(roots, "tasks", "parent_id"))[0][0].id, "b");
  EXPECT_EQ(code_of(database.children(projects, "tasks", "nope")), ErrorCode::UnknownColumn);
  EXPECT_EQ(code_of(database.children(projects, "nope")), ErrorCode::UnknownTable);
  const auto mixed = std::vector{projects[0], roots[0]};
  EXPECT_EQ(code_of(database.children(mixed, "tasks")), ErrorCode::InvalidQuery);
  EXPECT_EQ(code_of(database.children(roots, "projects")), ErrorCode::InvalidQuery);
  EXPECT_EQ(code_of(database.children(roots, "tasks", "project_id")), ErrorCode::InvalidQuery)
      << "it refers to projects";
}

TEST_P(ReaderTest, AsksForManyParentsInFewQueries) {
  const std::vector<std::string> project_columns{"id", "name"};
  const std::vector<std::string> task_columns{"id", "project_id"};
  std::vector<std::vector<Value>> projects;
  std::vector<std::vector<Value>> tasks;
  for (int i = 0; i < 1200; ++i) {
    projects.push_back({"many" + std::to_string(i), "name" + std::to_string(i)});
    tasks.push_back({"task" + std::to_string(i), "many" + std::to_string(i)});
  }
  CONVOY_ASSERT_OK(database.write([&](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.load("projects", project_columns, projects));
    CONVOY_CHECK_OK(writer.load("tasks", task_columns, tasks));
    return ok_status();
  }));
  const auto found = *database.fetch(from("tasks").where("id", like("task%")));
  const auto parents = *database.parents(found, "project_id");
  ASSERT_EQ(found.size(), 1200U);
  for (std::size_t i = 0; i < found.size(); ++i) {
    ASSERT_TRUE(parents[i]);
    EXPECT_EQ(parents[i]->id, found[i].text("project_id"));
  }
}

TEST_P(ReaderTest, SelectsPlainValues) {
  const auto rows = database.select(
      "select project_id, count(*) as tasks, avg(rank) as mean from tasks where _status is not "
      "'deleted' group by project_id having count(*) >= ? order by 1",
      std::vector<Value>{1.0});
  ASSERT_TRUE(rows.ok());
  EXPECT_THAT(rows->columns, ElementsAre("project_id", "tasks", "mean"));
  ASSERT_EQ(rows->rows.size(), 2U);
  EXPECT_EQ(rows->rows[0], (std::vector<Value>{"nowhere"s, 1.0, Null{}}));
  EXPECT_EQ(rows->rows[1], (std::vector<Value>{"p1"s, 2.0, 1.75}));
  EXPECT_EQ(code_of(database.select("delete from tasks")), ErrorCode::InvalidQuery);
  EXPECT_EQ(code_of(database.select("select 1; select 2")), ErrorCode::InvalidQuery);
  for (const char* sql : {"begin", "pragma query_only = off", "attach ':memory:' as x", "vacuum",
                          "with x as (select 1) delete from tasks", "explain query"}) {
    EXPECT_EQ(code_of(database.select(sql)), ErrorCode::InvalidQuery) << sql;
  }
  EXPECT_EQ(code_of(database.select("select abs(-9223372036854775807 - 1)")),
            ErrorCode::InvalidQuery);
  EXPECT_TRUE(database.select("  WITH x AS (SELECT 1) SELECT * FROM x").ok());
  EXPECT_EQ(code_of(database.select("selec 1")), ErrorCode::InvalidQuery);
  EXPECT_EQ(code_of(database.select("")), ErrorCode::InvalidQuery);
  EXPECT_EQ(code_of(database.select("select ?")), ErrorCode::InvalidQuery);
  EXPECT_EQ(code_of(database.select("select 1\0 --"s)), ErrorCode::InvalidQuery);
  EXPECT_EQ(*database.count(from("tasks")), 3);
}

TEST_P(ReaderTest, ExplainsAQuery) {
  const auto explanation = database.explain(from("tasks").where("project_id", eq("p1")));
  ASSERT_TRUE(explanation.ok());
  EXPECT_THAT(explanation->sql, HasSubstr("from \"tasks\""));
  EXPECT_THAT(explanation->args, ElementsAre(Value("p1"s)));
  EXPECT_THAT(explanation->tables, ElementsAre("tasks"));
  ASSERT_FALSE(explanation->plan.empty());
  EXPECT_THAT(explanation->plan[0], HasSubstr("tasks_project_id"));
  EXPECT_TRUE(explanation->is_maintained);
  EXPECT_FALSE(database.explain(from_sql("tasks", "select * from tasks"))->is_maintained);
}

TEST_P(ReaderTest, SelectsBehindAComment) {
  EXPECT_TRUE(database.select("-- of all\n /* ( */ select 1").ok());
  EXPECT_TRUE(database.select("/* all */ values (1)").ok());
  EXPECT_EQ(code_of(database.select("-- select\n delete from tasks")), ErrorCode::InvalidQuery);
}

TEST_P(ReaderTest, TakesNoTextAsAnArgumentThatNoColumnHolds) {
  EXPECT_EQ(code_of(database.select("select ?", std::vector<Value>{"a\0b"s})),
            ErrorCode::InvalidText);
}

TEST_P(ReaderTest, CountsAStatementOnlyIfItGivesRecords) {
  for (const char* statement : {"tasks", "select id from tasks"}) {
    const auto query = from_sql("tasks", statement);
    EXPECT_EQ(code_of(database.fetch(query)), ErrorCode::InvalidQuery) << statement;
    EXPECT_EQ(code_of(database.count(query)), ErrorCode::InvalidQuery) << statement;
  }
}

TEST_P(ReaderTest, KeepsItsStateWhileOthersWrite) {
  if (!GetParam()) {
    // In memory a reader keeps writers out instead, and says so to its own thread.
    CONVOY_ASSERT_OK(database.read([&](Reader& reader) -> Status {
      EXPECT_EQ(*reader.count(from("tasks")), 3);
      EXPECT_EQ(code_of(database.count(from("tasks"))), ErrorCode::InvalidState);
      EXPECT_EQ(code_of(database.write([](Writer&) { return ok_status(); })),
                ErrorCode::InvalidState);
      return ok_status();
    }));
    EXPECT_EQ(*database.count(from("tasks")), 3);
    return;
  }
  const auto create = [](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create("tasks", {}, "new"));
    return ok_status();
  };
  const auto look = [&](Reader& reader) -> Status {
    EXPECT_EQ(*reader.count(from("tasks")), 3);
    CONVOY_CHECK_OK(database.write(create));
    EXPECT_EQ(*database.count(from("tasks")), 4);
    EXPECT_EQ(*reader.count(from("tasks")), 3);
    EXPECT_FALSE(*reader.find("tasks", "new"));
    return ok_status();
  };
  CONVOY_ASSERT_OK(database.read(look));
}

TEST_P(ReaderTest, SaysSoWhenItIsUsedInsideOfAWrite) {
  const auto status = database.write([&](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create("tasks", {}, "mine"));
    EXPECT_EQ(code_of(database.write([](Writer&) { return ok_status(); })),
              ErrorCode::InvalidState);
    EXPECT_EQ(code_of(database.find("tasks", "mine")), ErrorCode::InvalidState);
    EXPECT_EQ(code_of(database.read([](Reader&) { return ok_status(); })), ErrorCode::InvalidState);
    EXPECT_TRUE(*writer.find("tasks", "mine"));
    EXPECT_EQ(*writer.count(from("tasks")), 4);
    return ok_status();
  });
  CONVOY_EXPECT_OK(status);
  EXPECT_TRUE(*database.find("tasks", "mine"));
  CONVOY_EXPECT_OK(database.write([](Writer&) { return ok_status(); }));
}

TEST_P(ReaderTest, ReadsTypedValues) {
  const auto task = **database.find("tasks", "b");
  EXPECT_EQ(task.boolean("done"), false);
  EXPECT_EQ(task.boolean("title"), std::nullopt);
  EXPECT_EQ(task.time("updated_at")->time_since_epoch().count(), fixture.clock.now * 1000);
  EXPECT_EQ(task.time("title"), std::nullopt);
  Record odd = task;
  odd.values[6] = std::numeric_limits<double>::infinity();
  EXPECT_EQ(odd.time("updated_at"), std::nullopt);
  odd.values[6] = -0.5;
  EXPECT_EQ(odd.time("updated_at")->time_since_epoch().count(), -500);
}

TEST_P(ReaderTest, KeepsLocalValues) {
  EXPECT_EQ(*database.local_value("theme"), std::nullopt);
  CONVOY_ASSERT_OK(database.set_local_value("theme", "\"dark\""));
  CONVOY_ASSERT_OK(database.set_local_value("theme", "\"light\""));
  EXPECT_EQ(*database.local_value("theme"), "\"light\"");
  CONVOY_ASSERT_OK(database.set_local_value("it's \"odd\"", ""));
  EXPECT_EQ(*database.local_value("it's \"odd\""), "");
  CONVOY_ASSERT_OK(database.remove_local_value("theme"));
  CONVOY_ASSERT_OK(database.remove_local_value("theme"));
  EXPECT_EQ(*database.local_value("theme"), std::nullopt);
  EXPECT_EQ(code_of(database.set_local_value("", "x")), ErrorCode::InvalidArgument);
  EXPECT_EQ(code_of(database.set_local_value("__watermelon_last_pulled_at", "1")),
            ErrorCode::InvalidArgument);
  EXPECT_EQ(code_of(database.set_local_value("k", "\xff")), ErrorCode::InvalidText);
}

}  // namespace
}  // namespace convoy::store
