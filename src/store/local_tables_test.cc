// A table that becomes the device's own, or is no longer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/test_file.h"
#include "store/test_support.h"

namespace convoy::store {
namespace {

using testing::bodies;
using testing::code_of;
using testing::column;
using ::testing::ElementsAre;
using testing::Fixture;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::page_of;
using testing::TemporaryFolder;
using testing::text;

Schema drafts(bool is_local_only) {
  Schema schema;
  schema.tables.push_back({.name = "drafts",
                           .columns = {{.name = "text"}},
                           .ids = IdKind::Watermelon,
                           .is_local_only = is_local_only});
  schema.tables.push_back({.name = "tasks", .columns = {{.name = "title"}}});
  return schema;
}

struct LocalTablesTest : ::testing::Test {
  Database open(bool is_local_only) { return fixture.open(path, drafts(is_local_only)); }

  static void create(Database& database, const std::string& id) {
    CONVOY_ASSERT_OK(database.write([&](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.create("drafts", {{"text", id}}, id));
      return ok_status();
    }));
  }

  static schema::PageCommit page(std::int64_t generation) {
    return page_of("s", generation, "drafts", {"text"}, {"server"}, {{"Server"}});
  }

  void expect_unsent() {
    const auto before = testing::dump(path);
    const auto database = Database::open(fixture.options(path, drafts(true)));
    EXPECT_EQ(code_of(database), ErrorCode::UnsentWrites);
    EXPECT_THAT(database.error().message, HasSubstr("\"drafts\""));
    EXPECT_EQ(testing::dump(path), before);
  }

  TemporaryFolder folder;
  Fixture fixture;
  std::string path = folder.file();
};

TEST_F(LocalTablesTest, OneThatBecomesLocalKeepsItsRecords) {
  {
    auto database = open(false);
    CONVOY_ASSERT_OK(Replica(database).apply_page(page(1)));
  }
  auto database = open(true);
  EXPECT_EQ((*database.find("drafts", "server"))->text("text"), "Server");
  EXPECT_EQ(text(path, "select count(*) from convoy_row"), "0");
  create(database, "mine");
  EXPECT_THAT(bodies(database), IsEmpty());
  // The scope is lost; the record is the device's own.
  schema::PageCommit lost;
  lost.scopes_removed = {"s"};
  CONVOY_ASSERT_OK(Replica(database).apply_page(lost));
  EXPECT_EQ(*database.count(from("drafts")), 2);
}

TEST_F(LocalTablesTest, OneWithUnsentWritesDoesNotBecomeLocal) {
  {
    auto database = open(false);
    create(database, "mine");
  }
  expect_unsent();
  {
    auto database = open(false);
    CONVOY_ASSERT_OK(Replica(database).prepare_push(1, 1 << 20));
  }
  expect_unsent();
  {
    auto database = open(false);
    CONVOY_ASSERT_OK(Replica(database).apply_outcomes(
        {{.mid = 1, .kind = schema::Outcome::Kind::Rejected, .code = "x"}}));
  }
  expect_unsent();
}

TEST_F(LocalTablesTest, OneThatBecomesSyncedSendsItsRecords) {
  {
    auto database = open(true);
    create(database, "a");
    create(database, "b");
    auto other = page(1);
    other.changes[0].table = "tasks";
    other.changes[0].columns = {"title"};
    other.server_schema = schema::ServerSchema{.fingerprint = "f", .tables = {}};
    CONVOY_ASSERT_OK(Replica(database).apply_page(other));
  }
  auto database = open(false);
  EXPECT_THAT(
      bodies(database),
      ElementsAre(R"({"ops":[{"op":"insert","table":"drafts","id":"a","values":{"text":"a"}}]})",
                  R"({"ops":[{"op":"insert","table":"drafts","id":"b","values":{"text":"b"}}]})"));
  EXPECT_EQ((*database.find("drafts", "a"))->status, "created");
  // What the server has of it was passed over until now.
  const auto state = *Replica(database).load();
  EXPECT_TRUE(state.scopes.at("s").is_backfilling);
  EXPECT_EQ(state.scopes.at("s").generation, 2);
  EXPECT_EQ(state.fingerprint, "");
  CONVOY_ASSERT_OK(Replica(database).apply_page(page(2)));
  EXPECT_EQ(*database.count(from("drafts")), 3);
  // Once only.
  auto again = open(false);
  EXPECT_EQ(bodies(again).size(), 2U);
}

TEST_F(LocalTablesTest, AMigrationCanRenameThemAndMakeThem) {
  {
    auto database = open(true);
    create(database, "a");
  }
  auto schema = drafts(true);
  schema.version = 2;
  schema.tables[0].name = "sketches";
  const Table settings{.name = "settings", .columns = {}, .is_local_only = true};
  schema.tables.push_back(settings);
  auto options = fixture.options(path, schema);
  options.migrations = {
      {.to_version = 2, .steps = {RenameTable{"drafts", "sketches"}, CreateTable{settings}}}};
  auto database = Database::open(options);
  ASSERT_TRUE(database.ok()) << database.error().message;
  EXPECT_THAT(bodies(*database), IsEmpty());
  EXPECT_EQ((*database->find("sketches", "a"))->status, "synced");
  EXPECT_EQ(text(path, "select value from convoy_meta where key = 'local_tables'"),
            "settings,sketches");
}

TEST_F(LocalTablesTest, NothingIsFetchedAgainForTheirSake) {
  {
    auto database = open(true);
    auto other = page(1);
    other.changes[0].table = "tasks";
    other.changes[0].columns = {"title"};
    CONVOY_ASSERT_OK(Replica(database).apply_page(other));
  }
  auto schema = drafts(true);
  schema.version = 2;
  schema.tables[0].columns.push_back({.name = "more"});
  auto options = fixture.options(path, schema);
  options.migrations = {{.to_version = 2, .steps = {AddColumns{"drafts", {{.name = "more"}}}}}};
  auto database = Database::open(options);
  ASSERT_TRUE(database.ok()) << database.error().message;
  EXPECT_FALSE(Replica(*database).load()->scopes.at("s").is_backfilling);
}

}  // namespace
}  // namespace convoy::store
