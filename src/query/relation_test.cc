// What records of other tables say about a record.
#include "query/relation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "query/dependencies.h"
#include "query/test_database.h"

namespace convoy::query {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct RelationTest : ::testing::Test {
  // p1: a (b and c below it); p2: d; no project: e. The project p3 and the task x are deleted.
  void SetUp() override {
    project("p1", "One");
    project("p2", "Two");
    project("p3", "Three", "deleted");
    task("a", "p1", Null{}, 1);
    task("b", "p1", "a"s, 2);
    task("c", "p1", "a"s, 3);
    task("d", "p2", Null{}, 4);
    task("e", Null{}, Null{}, 5);
    task("f", "p3", "b"s, 6);
    task("x", "p2", "d"s, 9, "deleted");
    comment("k1", "a", "d", "good");
    comment("k2", "a", "b", "bad");
    comment("k3", "d", "a", "good");
  }

  void project(const std::string& id, const std::string& name,
               const std::string& status = "synced") {
    database.insert(*database.schema().find_table("projects"),
                    {id, status, ""s, name, "t-" + name});
  }

  void task(const std::string& id, Value project, Value parent, double rank,
            const std::string& status = "synced") {
    database.insert(*database.schema().find_table("tasks"),
                    {id, status, ""s, project, parent, "title " + id, Null{}, rank, Null{}, false});
  }

  void comment(const std::string& id, const std::string& task, const std::string& about,
               const std::string& text) {
    database.insert(*database.schema().find_table("comments"),
                    {id, "synced"s, ""s, task, about, text});
  }

  std::vector<std::string> ids(Query query) {
    return database.ids(std::move(query).order_by(asc("id")));
  }

  testing::TestDatabase database{testing::task_schema()};
};

TEST_F(RelationTest, FollowsAReference) {
  EXPECT_THAT(ids(from("tasks").on("projects", {where("name", eq("One"))})),
              ElementsAre("a", "b", "c"));
  EXPECT_THAT(ids(from("tasks").on("projects", {})), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(ids(from("tasks").on("projects", {where("name", eq("Three"))})), IsEmpty())
      << "a deleted record does not count";
}

TEST_F(RelationTest, FollowsAReferenceBack) {
  EXPECT_THAT(ids(from("projects").on("tasks", {where("rank", lt(3))})), ElementsAre("p1"));
  EXPECT_THAT(ids(from("projects").on("tasks", {})), ElementsAre("p1", "p2"));
  EXPECT_THAT(ids(from("projects").on("tasks", {where("rank", eq(9))})), IsEmpty());
}

TEST_F(RelationTest, IsATableApart) {
  const auto compiled = *database.compile(from("tasks").on("projects", {where("name", eq("x"))}));
  EXPECT_THAT(
      compiled.sql,
      HasSubstr(
          R"("tasks"."_status" is not 'deleted' and "tasks"."project_id" in (select "projects"."id" from "projects" )"
          R"(where "projects"."name" is ? and "projects"."_status" is not 'deleted'))"));
}

TEST_F(RelationTest, SaysWhichRecordOfTheSameTable) {
  const auto low = std::vector{where("rank", lt(3))};
  EXPECT_THAT(ids(from("tasks").on("tasks", low, "parent_id")), ElementsAre("b", "c", "f"));
  EXPECT_THAT(ids(from("tasks").on("tasks", low, "->parent_id")), ElementsAre("b", "c", "f"));
  EXPECT_THAT(ids(from("tasks").on("tasks", low, "<-parent_id")), ElementsAre("a"));
  EXPECT_THAT(ids(from("tasks").on("tasks", {}, "<-parent_id")), ElementsAre("a", "b"))
      << "the only child of d is deleted";
  const auto error = database.error(from("tasks").on("tasks", low));
  EXPECT_EQ(error.code, ErrorCode::InvalidQuery);
  EXPECT_THAT(error.hint, HasSubstr(R"("->parent_id" (tasks.parent_id))"));
  EXPECT_THAT(error.hint, HasSubstr(R"("<-parent_id" (tasks.parent_id))"));
}

TEST_F(RelationTest, SpeaksOfTheInnerRecordInside) {
  EXPECT_THAT(ids(from("tasks").on("tasks", {sql_expression("\"tasks\".\"rank\" = 2 and rank < 3")},
                                   "->parent_id")),
              ElementsAre("f"));
  EXPECT_THAT(ids(from("tasks").on("projects", {sql_expression("\"title\" = ?", {"t-Two"s})})),
              ElementsAre("d"))
      << "both tables have a title";
}

TEST_F(RelationTest, AsksWhichOfSeveralReferences) {
  const auto good = std::vector{where("text", eq("good"))};
  EXPECT_THAT(ids(from("tasks").on("comments", good, "task_id")), ElementsAre("a", "d"));
  EXPECT_THAT(ids(from("tasks").on("comments", good, "about_id").where("rank", gt(1))),
              ElementsAre("d"));
  EXPECT_THAT(ids(from("tasks").on("comments", good, "<-about_id").where("rank", gt(1))),
              ElementsAre("d"));
  const auto error = database.error(from("tasks").on("comments", good));
  EXPECT_EQ(error.code, ErrorCode::InvalidQuery);
  EXPECT_THAT(error.message, HasSubstr("on(\"comments\")"));
  EXPECT_THAT(error.hint, HasSubstr(R"("<-task_id" (comments.task_id) or "<-about_id")"));
  const auto wrong = database.error(from("tasks").on("comments", good, "->task_id"));
  EXPECT_EQ(wrong.code, ErrorCode::InvalidQuery);
  EXPECT_THAT(wrong.hint, HasSubstr("<-task_id"));
  EXPECT_EQ(database.error(from("tasks").on("comments", good, "text")).code,
            ErrorCode::InvalidQuery);
}

TEST_F(RelationTest, RefusesTablesThatAreNotRelated) {
  const auto error = database.error(from("projects").on("comments", {}));
  EXPECT_EQ(error.code, ErrorCode::InvalidQuery);
  EXPECT_THAT(error.message, HasSubstr("no column of projects refers to comments"));
  const auto unknown = database.error(from("tasks").on("project", {}));
  EXPECT_EQ(unknown.code, ErrorCode::UnknownTable);
  EXPECT_EQ(unknown.hint, "Did you mean \"projects\"?");
  EXPECT_EQ(database.error(from("tasks").on("projects", {where("nam", eq(1))})).hint,
            "Did you mean \"name\"?");
}

TEST_F(RelationTest, SideBySideSpeaksOfOneRecord) {
  const auto good = std::vector{where("text", eq("good"))};
  const auto about_b = std::vector{where("about_id", eq("b"))};
  const auto both =
      from("tasks").on("comments", good, "task_id").on("comments", about_b, "<-task_id");
  EXPECT_THAT(ids(both), IsEmpty()) << "a has one comment that is good and another about b";
  EXPECT_THAT(ids(from("tasks")
                      .where(all_of({on("comments", good, "task_id")}))
                      .where(all_of({on("comments", about_b, "task_id")}))),
              ElementsAre("a"));
  EXPECT_THAT(ids(from("tasks").where(
                  any_of({on("comments", good, "task_id"), on("comments", about_b, "task_id")}))),
              ElementsAre("a", "d"));
  EXPECT_THAT(ids(from("tasks")
                      .on("comments", good, "task_id")
                      .on("comments", {where("text", eq("bad"))}, "about_id")),
              IsEmpty())
      << "another reference, another record: d is spoken of well only";
  EXPECT_THAT(ids(from("tasks").on("comments", good, "task_id").on("comments", good, "about_id")),
              ElementsAre("a", "d"));
}

TEST_F(RelationTest, KeepsArgumentsInTheirPlaces) {
  const auto query = from("tasks")
                         .on("projects", {where("name", eq("One"))})
                         .where("rank", gt(1))
                         .on("projects", {where("title", eq("t-One"))})
                         .where("title", neq("title c"));
  EXPECT_THAT(ids(query), ElementsAre("b"));
  EXPECT_EQ(database.compile(query)->args, (std::vector<Value>{1.0, "title c"s, "One"s, "t-One"s}));
}

TEST_F(RelationTest, Nests) {
  const auto one = on("projects", {where("name", eq("One"))});
  EXPECT_THAT(ids(from("comments").on("tasks", {one}, "task_id")), ElementsAre("k1", "k2"));
  EXPECT_THAT(ids(from("comments").on("tasks", {on("tasks", {one}, "parent_id")}, "about_id")),
              ElementsAre("k2"));
  EXPECT_THAT(
      ids(from("projects").on("tasks", {on("comments", {where("text", eq("bad"))}, "about_id")})),
      ElementsAre("p1"));
  EXPECT_THAT(ids(from("tasks").where(any_of({one, where("project_id", eq(nullptr))}))),
              ElementsAre("a", "b", "c", "e"));
}

TEST_F(RelationTest, FindsARecordOnce) {
  EXPECT_THAT(ids(from("projects").on("tasks", {}).where("name", eq("One"))), ElementsAre("p1"));
  EXPECT_THAT(database.ids(from("projects").on("tasks", {}).order_by(desc("name")).take(1)),
              ElementsAre("p2"));
}

TEST(Dependencies, NamesTheTablesOfAQuery) {
  const auto query =
      from("tasks")
          .on("projects", {})
          .where(any_of({on("comments", {on("tasks", {}, "about_id")}, "task_id"), search("x")}));
  EXPECT_THAT(tables_of(query).tables, ElementsAre("tasks", "projects", "comments"));
  EXPECT_TRUE(tables_of(query).is_complete);
}

TEST(Dependencies, SaysWhenOnlySqliteKnows) {
  const auto is_complete = [](const char* fragment) {
    return tables_of(from("tasks").where(all_of({sql_expression(fragment)}))).is_complete;
  };
  EXPECT_TRUE(is_complete("rank in (1, 2) and title = 'select'"));
  EXPECT_TRUE(is_complete("\"select\" > inches"));
  EXPECT_FALSE(is_complete("rank > (SELECT 1)"));
  EXPECT_FALSE(is_complete("exists(select 1)"));
  EXPECT_FALSE(is_complete("id in other"));
  EXPECT_FALSE(is_complete("id IN \"other\""));
  EXPECT_FALSE(tables_of(from_sql("tasks", "select * from tasks")).is_complete);
}

}  // namespace
}  // namespace convoy::query
