// What is not sent: tables of this device alone, records erased and records loaded.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/test_support.h"

namespace convoy::store {
namespace {

using namespace std::string_literals;
using testing::bodies;
using testing::code_of;
using testing::Fixture;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::page_of;

Schema schema_with_drafts() {
  auto schema = testing::task_schema();
  Column task{.name = "task_id", .is_optional = true};
  task.references = Reference{.table = "tasks", .on_delete = OnDelete::Cascade};
  schema.tables.push_back({.name = "drafts",
                           .columns = {task, {.name = "text"}},
                           .ids = IdKind::Watermelon,
                           .is_local_only = true});
  return schema;
}

struct LocalTest : ::testing::Test {
  Status write(const std::function<Status(Writer&)>& work) { return database.write(work); }

  std::int64_t rows_of(const std::string& table) {
    return static_cast<std::int64_t>(
        std::get<double>(database.select("select count(*) from " + table)->rows[0][0]));
  }

  Fixture fixture;
  Database database = fixture.open(":memory:", schema_with_drafts());
  Replica replica{database};
};

TEST_F(LocalTest, ATableOfThisDeviceIsNeverSent) {
  CONVOY_ASSERT_OK(write([](Writer& writer) -> Status {
    CONVOY_TRY(const auto draft, writer.create("drafts", {{"text", "one"}}, "d"));
    EXPECT_EQ(draft.status, "synced");
    CONVOY_TRY(const auto changed, writer.update("drafts", "d", {{"text", "two"}}));
    EXPECT_EQ(changed.status, "synced");
    EXPECT_EQ(changed.changed, "");
    return ok_status();
  }));
  EXPECT_THAT(bodies(database), IsEmpty());
  EXPECT_EQ((*database.find("drafts", "d"))->text("text"), "two");
  CONVOY_ASSERT_OK(write([](Writer& writer) -> Status {
    CONVOY_TRY(const auto count, writer.mark_deleted("drafts", "d"));
    EXPECT_EQ(count, 1);
    return ok_status();
  }));
  EXPECT_EQ(rows_of("drafts"), 0);
  EXPECT_THAT(bodies(database), IsEmpty());
}

TEST_F(LocalTest, ItsRecordsGoWithTheRecordTheyHangOn) {
  CONVOY_ASSERT_OK(write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create("tasks", {{"title", "T"}}, "t"));
    CONVOY_CHECK_OK(writer.create("drafts", {{"task_id", "t"}}, "d"));
    return ok_status();
  }));
  CONVOY_ASSERT_OK(write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.mark_deleted("tasks", "t"));
    return ok_status();
  }));
  EXPECT_EQ(rows_of("drafts"), 0);
  for (const auto& body : bodies(database)) EXPECT_THAT(body, ::testing::Not(HasSubstr("drafts")));
}

TEST_F(LocalTest, ErasesWithoutTellingTheServer) {
  CONVOY_ASSERT_OK(replica.apply_page(page_of("s", 1, "projects", {"name"}, {"p"}, {{"Work"}})));
  CONVOY_ASSERT_OK(replica.apply_page(page_of(
      "s", 1, "tasks",
      {"project_id", "parent_id", "title", "rank", "done", "details", "updated_at"}, {"a", "b"},
      {{"p", nullptr, "A", 1, false, nullptr, "2026-01-01 00:00:00+00"},
       {"p", "a", "B", 2, false, nullptr, "2026-01-01 00:00:00+00"}})));
  CONVOY_ASSERT_OK(write([](Writer& writer) -> Status {
    CONVOY_TRY(const auto count, writer.erase("projects", "p"));
    EXPECT_EQ(count, 3);
    EXPECT_EQ(code_of(writer.erase("projects", "p")), ErrorCode::NotFound);
    return ok_status();
  }));
  EXPECT_EQ(rows_of("tasks"), 0);
  EXPECT_EQ(rows_of("convoy_row"), 0);
  EXPECT_THAT(bodies(database), IsEmpty());
  // The server may send them again.
  CONVOY_ASSERT_OK(replica.apply_page(page_of("s", 1, "projects", {"name"}, {"p"}, {{"Work"}})));
  EXPECT_TRUE(*database.find("projects", "p"));
}

TEST_F(LocalTest, RefusesToEraseUnsentWrites) {
  CONVOY_ASSERT_OK(write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create("projects", {{"name", "P"}}, "p"));
    CONVOY_CHECK_OK(writer.create("tasks", {{"project_id", "p"}}, "t"));
    EXPECT_EQ(code_of(writer.erase("tasks", "t")), ErrorCode::UnsentWrites);
    return ok_status();
  }));
  CONVOY_ASSERT_OK(write([](Writer& writer) -> Status {
    EXPECT_EQ(code_of(writer.erase("projects", "p")), ErrorCode::UnsentWrites);
    return ok_status();
  }));
  EXPECT_TRUE(*database.find("tasks", "t"));
}

TEST_F(LocalTest, LoadsManyRecordsThatTheServerHas) {
  const std::vector<std::string> columns{"title", "id", "rank", "done"};
  const std::vector<std::vector<Value>> rows{{"A"s, "a"s, 1.0, true}, {"B"s, "b"s, Null{}, false}};
  CONVOY_ASSERT_OK(write([&](Writer& writer) -> Status {
    CONVOY_TRY(const auto count, writer.load("tasks", columns, rows));
    EXPECT_EQ(count, 2);
    return ok_status();
  }));
  EXPECT_THAT(bodies(database), IsEmpty());
  const auto task = **database.find("tasks", "a");
  EXPECT_EQ(task.status, "synced");
  EXPECT_EQ(task.text("title"), "A");
  EXPECT_EQ(task.boolean("done"), true);
  EXPECT_EQ(task.text("project_id"), "") << "what was not given takes its default";
  // They are confirmed: a change is an update, and an acknowledged one stays.
  CONVOY_ASSERT_OK(write([](Writer& writer) -> Status {
    CONVOY_TRY(const auto changed, writer.update("tasks", "a", {{"title", "A2"}}));
    EXPECT_EQ(changed.status, "updated");
    return ok_status();
  }));
  EXPECT_THAT(bodies(database)[0], HasSubstr("\"op\":\"update\""));
  const auto status = write([&](Writer& writer) -> Status {
    return Status(writer.load("tasks", columns, rows).ok()
                      ? ok_status()
                      : writer.load("tasks", columns, rows).error());
  });
  EXPECT_EQ(code_of(status), ErrorCode::UnsentWrites);
  EXPECT_EQ((*database.find("tasks", "a"))->text("title"), "A2");
}

TEST_F(LocalTest, NamesTheRecordThatCantBeLoadedAndLoadsNothing) {
  const auto load = [&](const std::vector<std::string>& columns,
                        const std::vector<std::vector<Value>>& rows) {
    Error error;
    const auto status = write([&](Writer& writer) -> Status {
      const auto loaded = writer.load("tasks", columns, rows);
      if (!loaded.ok()) error = loaded.error();
      return ok_status();  // Even a caller that looks away does not keep half of it.
    });
    EXPECT_FALSE(status.ok());
    EXPECT_EQ(rows_of("tasks"), 0);
    return error;
  };
  const auto wrong_type = load({"id", "rank"}, {{"a"s, 1.0}, {"b"s, "two"s}});
  EXPECT_EQ(wrong_type.code, ErrorCode::InvalidArgument);
  EXPECT_THAT(wrong_type.message, HasSubstr("b"));
  EXPECT_THAT(wrong_type.message, HasSubstr("tasks.rank"));
  EXPECT_EQ(load({"id", "titel"}, {}).code, ErrorCode::UnknownColumn);
  EXPECT_EQ(load({"title"}, {{"x"s}}).code, ErrorCode::InvalidArgument);
  EXPECT_EQ(load({"id", "id"}, {{"x"s, "x"s}}).code, ErrorCode::InvalidArgument);
  EXPECT_EQ(load({"id", "title"}, {{"x"s}}).code, ErrorCode::InvalidArgument);
  EXPECT_EQ(load({"id"}, {{1.0}}).code, ErrorCode::InvalidArgument);
  EXPECT_EQ(load({"id", "title"}, {{"x"s, "\xff"s}}).code, ErrorCode::InvalidText);
}

}  // namespace
}  // namespace convoy::store
