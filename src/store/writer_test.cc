// What a local transaction does to the tables, and the mutation it becomes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/test_support.h"

namespace convoy::store {
namespace {

using testing::bodies;
using testing::code_of;
using ::testing::ElementsAre;
using testing::Fixture;
using testing::page_of;

constexpr auto kNow = "2026-09-21T14:13:20.000000Z";

struct WriterTest : ::testing::Test {
  // A project and a task that the server has confirmed.
  void seed() {
    CONVOY_ASSERT_OK(replica.apply_page(page_of("s", 1, "projects", {"name"}, {"p"}, {{"Work"}})));
    CONVOY_ASSERT_OK(replica.apply_page(page_of(
        "s", 1, "tasks",
        {"project_id", "parent_id", "title", "rank", "done", "details", "updated_at"}, {"a", "b"},
        {{"p", nullptr, "A", 1, false, nullptr, "2026-01-01 00:00:00+00"},
         {"p", "a", "B", 2, false, nullptr, "2026-01-01 00:00:00+00"}})));
  }

  Record record(std::string_view id) {
    auto found = database.find("tasks", id);
    EXPECT_TRUE(found.ok() && found->has_value()) << id;
    return found.ok() && found->has_value() ? **found : Record{};
  }

  Fixture fixture;
  Database database = fixture.open();
  Replica replica{database};
};

TEST_F(WriterTest, CreatesWithDefaultsAndSendsWhatWasGiven) {
  CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
    CONVOY_TRY(const auto record, writer.create("tasks", {{"title", "Write"}, {"rank", 2.0}}, "t"));
    EXPECT_EQ(record.id, "t");
    EXPECT_EQ(record.status, "created");
    return ok_status();
  }));
  const auto task = record("t");
  EXPECT_EQ(task.text("title"), "Write");
  EXPECT_EQ(task.text("project_id"), "");
  EXPECT_TRUE(is_null(task.get("parent_id")));
  EXPECT_EQ(task.get("done"), Value(false));
  EXPECT_EQ(task.number("updated_at"), 1'790'000'000'000.0);
  EXPECT_THAT(bodies(database),
              ElementsAre(std::string(R"({"ops":[{"op":"insert","table":"tasks","id":"t","values":)"
                                      R"({"title":"Write","rank":2,"updated_at":")") +
                          kNow + R"("}}]})"));
}

TEST_F(WriterTest, UpdateKeepsTheBaseAndTouchesUpdatedAt) {
  seed();
  CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
    CONVOY_TRY(const auto record, writer.update("tasks", "a", {{"title", "New"}, {"rank", 1.0}}));
    EXPECT_EQ(record.status, "updated");
    EXPECT_EQ(record.changed, "updated_at,title");
    return ok_status();
  }));
  EXPECT_THAT(bodies(database),
              ElementsAre(std::string(R"({"ops":[{"op":"update","table":"tasks","id":"a","values":)"
                                      R"({"updated_at":")") +
                          kNow + R"(","title":"New"},"base":{"updated_at":)" +
                          R"("2026-01-01T00:00:00.000000Z","title":"A"}}]})"));
}

TEST_F(WriterTest, NothingChangedIsNoMutation) {
  seed();
  CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
    CONVOY_TRY(const auto record, writer.update("tasks", "a", {{"title", "A"}}));
    EXPECT_EQ(record.status, "synced");
    return ok_status();
  }));
  EXPECT_TRUE(bodies(database).empty());
}

TEST_F(WriterTest, MergesOperationsOnOneRow) {
  seed();
  CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create("projects", {{"name", "1"}}, "q"));
    CONVOY_CHECK_OK(writer.update("projects", "q", {{"name", "2"}}));
    CONVOY_CHECK_OK(writer.update("projects", "p", {{"name", "3"}}));
    CONVOY_CHECK_OK(writer.update("projects", "p", {{"name", "4"}}));
    CONVOY_CHECK_OK(writer.create("projects", {{"name", "5"}}, "gone"));
    CONVOY_CHECK_OK(writer.mark_deleted("projects", "gone"));
    return ok_status();
  }));
  EXPECT_THAT(
      bodies(database),
      ElementsAre(R"({"ops":[{"op":"insert","table":"projects","id":"q","values":{"name":"2"}},)"
                  R"({"op":"update","table":"projects","id":"p","values":{"name":"4"},)"
                  R"("base":{"name":"Work"}}]})"));
  const auto projects = database.fetch(from("projects").order_by(asc("id")));
  ASSERT_TRUE(projects.ok());
  ASSERT_EQ(projects->size(), 2U);
  EXPECT_EQ((*projects)[1].changed, "");
}

TEST_F(WriterTest, AnUpdateStaysBehindTheRecordItRefersTo) {
  seed();
  CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create("tasks", {{"project_id", "p"}, {"updated_at", 0.0}}, "t"));
    CONVOY_CHECK_OK(writer.create("projects", {{"name", "Q"}}, "q"));
    CONVOY_CHECK_OK(writer.update("tasks", "t", {{"project_id", "q"}, {"updated_at", 1.0}}));
    return ok_status();
  }));
  const auto body = bodies(database).at(0);
  const auto insert = body.find(R"("op":"insert","table":"projects")");
  const auto update = body.find(R"("op":"update","table":"tasks")");
  EXPECT_LT(insert, update);
  EXPECT_NE(update, std::string::npos);
}

TEST_F(WriterTest, DeletesWhatTheServerWouldDeleteAndSendsTheRootOnly) {
  seed();
  std::int64_t count = 0;
  CONVOY_ASSERT_OK(database.write([&](Writer& writer) -> Status {
    CONVOY_TRY(count, writer.mark_deleted("projects", "p"));
    return ok_status();
  }));
  EXPECT_EQ(count, 3);
  EXPECT_THAT(bodies(database),
              ElementsAre(R"({"ops":[{"op":"delete","table":"projects","id":"p"}]})"));
  EXPECT_EQ(*database.count(from("tasks")), 0);
  // The refusal brings all of it back.
  CONVOY_ASSERT_OK(replica.prepare_push(50, 1 << 20));
  CONVOY_ASSERT_OK(replica.apply_outcomes(
      {{.mid = 1, .kind = schema::Outcome::Kind::Rejected, .code = "42501"}}));
  EXPECT_EQ(*database.count(from("tasks")), 2);
  EXPECT_EQ(record("b").status, "synced");
}

TEST_F(WriterTest, LetsGoOfChildren) {
  seed();
  CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.mark_deleted("tasks", "a"));
    return ok_status();
  }));
  const auto child = record("b");
  EXPECT_TRUE(is_null(child.get("parent_id")));
  EXPECT_EQ(child.changed, "parent_id");
  EXPECT_THAT(bodies(database),
              ElementsAre(R"({"ops":[{"op":"delete","table":"tasks","id":"a"}]})"));
}

TEST_F(WriterTest, SendsChildrenOfARecordTheServerNeverSaw) {
  seed();
  CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create("projects", {{"name", "Q"}}, "q"));
    CONVOY_CHECK_OK(writer.update("tasks", "a", {{"project_id", "q"}}));
    CONVOY_CHECK_OK(writer.mark_deleted("projects", "q"));
    return ok_status();
  }));
  EXPECT_THAT(bodies(database),
              ElementsAre(R"({"ops":[{"op":"delete","table":"tasks","id":"a"}]})"));
}

TEST_F(WriterTest, AnErrorLeavesNothing) {
  seed();
  const auto status = database.write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.update("tasks", "a", {{"title", "New"}}));
    return Error{.code = ErrorCode::Cancelled, .message = "never mind"};
  });
  EXPECT_EQ(code_of(status), ErrorCode::Cancelled);
  EXPECT_EQ(record("a").text("title"), "A");
  EXPECT_TRUE(bodies(database).empty());
}

TEST_F(WriterTest, RefusesWhatDoesNotFit) {
  seed();
  const auto failing = [&](Fields fields) {
    ErrorCode code{};
    CONVOY_EXPECT_OK(database.write([&](Writer& writer) -> Status {
      code = code_of(writer.update("tasks", "a", fields));
      EXPECT_EQ(code_of(writer.create("tasks", fields)), code);
      return ok_status();
    }));
    return code;
  };
  EXPECT_EQ(failing({{"title", 1.0}}), ErrorCode::InvalidArgument);
  EXPECT_EQ(failing({{"title", Null{}}}), ErrorCode::InvalidArgument);
  EXPECT_EQ(failing({{"title", std::string("a\0b", 3)}}), ErrorCode::InvalidText);
  EXPECT_EQ(failing({{"title", "\xFF"}}), ErrorCode::InvalidText);
  EXPECT_EQ(failing({{"titel", "x"}}), ErrorCode::UnknownColumn);
  EXPECT_EQ(failing({{"_status", "synced"}}), ErrorCode::InvalidArgument);
  EXPECT_EQ(failing({{"details", "{"}}), ErrorCode::InvalidArgument);
  EXPECT_TRUE(bodies(database).empty());
  const auto status = database.write([](Writer& writer) -> Status {
    EXPECT_EQ(code_of(writer.create("projects", {}, "p")), ErrorCode::AlreadyExists);
    EXPECT_EQ(code_of(writer.create("project", {})), ErrorCode::UnknownTable);
    EXPECT_EQ(code_of(writer.update("tasks", "nobody", {})), ErrorCode::NotFound);
    EXPECT_EQ(code_of(writer.mark_deleted("tasks", "nobody")), ErrorCode::NotFound);
    return ok_status();
  });
  CONVOY_EXPECT_OK(status);
}

TEST_F(WriterTest, ReadsItsOwnWrites) {
  CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create("projects", {{"name", "X"}}, "x"));
    CONVOY_TRY(const auto found, writer.find("projects", "x"));
    EXPECT_TRUE(found.has_value());
    CONVOY_TRY(const auto list, writer.fetch(from("projects").where("name", eq("X"))));
    EXPECT_EQ(list.size(), 1U);
    return ok_status();
  }));
}

TEST_F(WriterTest, RefusesMoreThanTheServerTakesAtOnce) {
  const auto big = [&](const std::string& text) {
    return database.write([&](Writer& writer) -> Status {
      return writer.create("projects", {{"name", text}}).ok() ? ok_status() : Status(Error{});
    });
  };
  EXPECT_EQ(code_of(big(std::string(3'200'000, 'x'))), ErrorCode::InvalidArgument);
  // Quotes are escaped twice on their way.
  EXPECT_EQ(code_of(big(std::string(1'100'000, '"'))), ErrorCode::InvalidArgument);
  EXPECT_EQ(*database.count(from("projects")), 0);
  CONVOY_EXPECT_OK(big(std::string(190'000, 'x')));
}

}  // namespace
}  // namespace convoy::store
