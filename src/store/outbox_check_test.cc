// Files whose outbox is damaged: what is damaged is parked and shown, everything else goes on.
#include "store/outbox_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "store/test_sync.h"

namespace convoy::store {
namespace {

using ::testing::HasSubstr;
using testing::SyncTest;
using testing::TemporaryFolder;

// Three mutations in a file, and somebody who spoils it while nobody has it open.
struct DamageTest : ::testing::Test {
  DamageTest() {
    CONVOY_EXPECT_OK(Replica(open()).apply_page(SyncTest::projects({"p", "q", "r"}, "Work")));
    for (const char* id : {"p", "q", "r"}) {
      CONVOY_EXPECT_OK(open().write([&](Writer& writer) -> Status {
        CONVOY_CHECK_OK(writer.update("projects", id, {{"name", "Mine"}}));
        return ok_status();
      }));
    }
  }

  Database& open() {
    if (!file) file.emplace(fixture.open(path));
    return *file;
  }

  void spoil(const std::string& sql) {
    file.reset();
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
    char* error = nullptr;
    EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, &error), SQLITE_OK) << error;
    sqlite3_close(db);
  }

  std::string states() {
    std::string text;
    const auto entries = *Outbox(open()).list();
    for (const auto& entry : entries) {
      text +=
          (text.empty() ? "" : ", ") + entry.state + (entry.code.empty() ? "" : " ") + entry.code;
    }
    return text;
  }

  std::string name(const std::string& id) {
    return std::string((**open().find("projects", id)).text("name"));
  }

  testing::Fixture fixture;
  TemporaryFolder folder;
  std::string path = folder.file();
  std::optional<Database> file;
};

TEST_F(DamageTest, AnOutboxThatIsWholeIsLeftAlone) {
  spoil("select 1");
  EXPECT_EQ(states(), "pending, pending, pending");
}

TEST_F(DamageTest, ATextThatCannotBeReadIsParkedAndTheRestGoesOn) {
  spoil("update convoy_mutation set body = substr(body, 1, 20) where seq = 2");
  EXPECT_EQ(states(), "pending, parked CORRUPT, pending");
  EXPECT_EQ(name("q"), "Work");
  EXPECT_EQ(name("r"), "Mine");
  Replica replica(open());
  EXPECT_EQ(replica.prepare_push(50, testing::kManyBytes)->size(), 2U);
  EXPECT_EQ(replica.counts()->parked, 1);
  // It can't be sent again, but it can be kept and forgotten.
  Outbox outbox(open());
  const auto refused = outbox.retry(2);
  EXPECT_EQ(testing::code_of(refused), ErrorCode::InvalidState);
  EXPECT_THAT(refused.error().hint, HasSubstr("Export"));
  std::string lines;
  CONVOY_ASSERT_OK(outbox.export_lines([&](std::string_view line) -> Status {
    lines += line;
    return ok_status();
  }));
  EXPECT_THAT(lines, HasSubstr(R"("operations":"{\"ops\":[{\"op\":\"updat")"));
  EXPECT_TRUE(outbox.discard(2).ok());
}

TEST_F(DamageTest, ATextWithoutOperationsIsDamagedToo) {
  spoil(R"(update convoy_mutation set body = '{"op":[]}' where seq = 1)");
  EXPECT_EQ(states(), "parked CORRUPT, pending, pending");
}

TEST_F(DamageTest, AMutationWhoseRowsAreLostCanBeRetried) {
  spoil("delete from convoy_mutation_row where seq = 3");
  EXPECT_EQ(states(), "pending, pending, parked CORRUPT");
  Outbox outbox(open());
  ASSERT_TRUE(outbox.retry(3).ok());
  EXPECT_EQ(outbox.list()->back().state, "pending");
  EXPECT_EQ(name("r"), "Mine");
}

TEST_F(DamageTest, RowsOfNobodyFallBack) {
  spoil("delete from convoy_mutation where seq = 1");
  EXPECT_EQ(states(), "pending, pending");
  EXPECT_EQ(name("p"), "Work");
}

TEST_F(DamageTest, AnUnknownStateIsParked) {
  spoil("update convoy_mutation set state = 17 where seq = 1");
  EXPECT_EQ(states(), "parked CORRUPT, pending, pending");
}

TEST_F(DamageTest, NumbersOutOfOrderAreGivenAnew) {
  std::string client;
  {
    Replica replica(open());
    ASSERT_EQ(replica.prepare_push(50, testing::kManyBytes)->size(), 3U);
    client = replica.load()->client_id;
  }
  spoil("update convoy_mutation set mid = 9 where seq = 2");
  EXPECT_EQ(states(), "pending, pending, pending");
  Replica replica(open());
  EXPECT_NE(replica.load()->client_id, client);
  EXPECT_EQ(replica.prepare_push(50, testing::kManyBytes)->back().mid, 3);
}

// With new numbers the server would apply them twice.
TEST_F(DamageTest, AGapWhereOneWasParkedIsNoDamage) {
  std::string client;
  {
    Replica replica(open());
    ASSERT_EQ(replica.prepare_push(50, testing::kManyBytes)->size(), 3U);
    CONVOY_ASSERT_OK(replica.apply_outcomes({{.mid = 1}, SyncTest::refusal(2), {.mid = 3}}));
    CONVOY_ASSERT_OK(replica.start_over("new"));
    client = replica.load()->client_id;
  }
  file.reset();
  EXPECT_EQ(states(), "sending, parked 23514, sending");
  EXPECT_EQ(Replica(open()).load()->client_id, client);
}

TEST_F(DamageTest, PullsGoOnAlsoWhileTheFileIsOpen) {
  open();
  ASSERT_TRUE(file.has_value());
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(db, "update convoy_mutation set body = 'x' where seq = 1", nullptr,
                         nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(db);
  CONVOY_EXPECT_OK(Replica(open()).apply_page(SyncTest::projects({"p"}, "Theirs")));
  EXPECT_EQ(name("p"), "Theirs");
}

}  // namespace
}  // namespace convoy::store
