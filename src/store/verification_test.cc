// What a device holds is what was pulled, whatever waits on top; and is made so where it is not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "schema/row_hash.h"
#include "store/replica.h"
#include "store/test_file.h"
#include "store/test_support.h"

namespace convoy::store {
namespace {

using testing::Fixture;
using testing::run_sql;
using testing::TemporaryFolder;

constexpr const char* kScope = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa";

Schema note_schema() {
  Schema schema;
  schema.tables.push_back(
      {.name = "notes",
       .columns = {{.name = "title"},
                   {.name = "rank", .type = ColumnType::Number, .is_optional = true}},
       .ids = IdKind::Watermelon});
  schema.tables.push_back({.name = "drafts",
                           .columns = {{.name = "text"}},
                           .ids = IdKind::Watermelon,
                           .is_local_only = true});
  return schema;
}

schema::RowsHash hash_of(const std::string& row) {
  return {.rows = 1, .hash = schema::row_hash(row)};
}

struct VerificationTest : ::testing::Test {
  void SetUp() override {
    schema::PageCommit page;
    page.scopes_saved.push_back({.id = kScope, .visibility = "v", .base = "5:5:"});
    page.changes.push_back(rows({{"a", "One"}, {"b", "Two"}}));
    CONVOY_ASSERT_OK(replica.apply_page(page));
  }

  static schema::RowChanges rows(const std::vector<std::pair<std::string, std::string>>& notes) {
    schema::RowChanges changes{.table = "notes",
                               .scope = kScope,
                               .columns = {"rank", "title"},
                               .ids = {},
                               .rows = {},
                               .gone = {}};
    for (const auto& [id, title] : notes) {
      changes.ids.push_back(id);
      changes.rows.push_back({base::Json(base::Json::Number{"1.50"}), title});
    }
    return changes;
  }

  schema::Buckets hashed() {
    const auto hashes = replica.hash_scope(kScope);
    EXPECT_TRUE(hashes.ok());
    EXPECT_FALSE(hashes->tables.contains("drafts")) << "of this device alone";
    return hashes.ok() ? hashes->tables.at("notes") : schema::Buckets{};
  }

  static schema::Buckets expected(const std::vector<std::pair<std::string, std::string>>& notes) {
    schema::Buckets buckets;
    for (const auto& [id, title] : notes) {
      buckets[schema::bucket_of(id)].add(hash_of(id + "\n\"" + title + "\"\n1.5\n"));
    }
    return buckets;
  }

  Fixture fixture;
  TemporaryFolder folder;
  std::string path = folder.file();
  Database database = fixture.open(path, note_schema());
  Replica replica{database};
};

TEST_F(VerificationTest, HashesWhatWasPulled) {
  EXPECT_EQ(hashed(), expected({{"a", "One"}, {"b", "Two"}}));
  EXPECT_TRUE(replica.hash_scope("another")->tables.at("notes").empty());
}

TEST_F(VerificationTest, MindsNothingThatWaits) {
  CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.update("notes", "a", {{"title", "Mine"}}));
    CONVOY_CHECK_OK(writer.mark_deleted("notes", "b"));
    CONVOY_CHECK_OK(writer.create("notes", {{"title", "New"}}, "c"));
    return ok_status();
  }));
  EXPECT_EQ(hashed(), expected({{"a", "One"}, {"b", "Two"}}));
}

TEST_F(VerificationTest, SeesWhatChangedBehindItsBack) {
  run_sql(path,
          "update notes set title = 'Wrong' where id = 'a'; delete from notes where id = 'b'");
  const auto now = hashed();
  EXPECT_EQ(now.at(schema::bucket_of("a")), hash_of("a\n\"Wrong\"\n1.5\n"));
  EXPECT_EQ(now.at(schema::bucket_of("b")), (schema::RowsHash{.rows = 1, .hash = 0}))
      << "a row that the books name and the table lacks";
}

TEST_F(VerificationTest, PutsTheServersRowsInPlace) {
  CONVOY_ASSERT_OK(database.write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.update("notes", "a", {{"title", "Mine"}}));
    return ok_status();
  }));
  const auto repaired = replica.repair(
      {.scope = kScope,
       .table = "notes",
       .buckets = {schema::bucket_of("a"), schema::bucket_of("b"), schema::bucket_of("d")},
       .changes = {rows({{"a", "Theirs"}, {"d", "Four"}})}});
  ASSERT_TRUE(repaired.ok()) << repaired.error().message;
  EXPECT_EQ(*repaired, 3);
  EXPECT_EQ(hashed(), expected({{"a", "Theirs"}, {"d", "Four"}}));
  EXPECT_EQ((*database.find("notes", "a"))->text("title"), "Mine") << "it waits to be sent";
  EXPECT_FALSE(database.find("notes", "b")->has_value());
  EXPECT_EQ(replica.counts()->pending, 1);
}

TEST_F(VerificationTest, LeavesOtherBucketsAlone) {
  ASSERT_NE(schema::bucket_of("a"), schema::bucket_of("b"));
  const auto repaired = replica.repair(
      {.scope = kScope, .table = "notes", .buckets = {schema::bucket_of("a")}, .changes = {}});
  ASSERT_TRUE(repaired.ok());
  EXPECT_EQ(hashed(), expected({{"b", "Two"}}));
}

TEST_F(VerificationTest, TakesNoRowsOfAnotherTable) {
  auto changes = rows({{"a", "Theirs"}});
  changes.table = "drafts";
  const auto repaired =
      replica.repair({.scope = kScope, .table = "notes", .buckets = {0}, .changes = {changes}});
  EXPECT_EQ(testing::code_of(repaired), ErrorCode::BadReply);
}

TEST_F(VerificationTest, BeginsABackFillAnew) {
  CONVOY_ASSERT_OK(replica.restart_backfill(kScope));
  const auto state = replica.load();
  ASSERT_TRUE(state.ok());
  const auto& scope = state->scopes.at(kScope);
  EXPECT_TRUE(scope.is_backfilling);
  EXPECT_TRUE(scope.base.empty());
  EXPECT_EQ(scope.generation, 1);
  EXPECT_EQ(*database.count(from("notes")), 2) << "rows stay until it is done";
}

}  // namespace
}  // namespace convoy::store
