#include "sync/machine/verifier.h"

#include <gtest/gtest.h>

#include "schema/row_hash.h"

namespace convoy::sync::machine {
namespace {

using base::Json;

constexpr const char* kScope = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa";

Json json(const std::string& text) {
  auto parsed = base::parse_json(text);
  EXPECT_TRUE(parsed.ok()) << text;
  return parsed.ok() ? *parsed : Json();
}

Schema two_tables() {
  Schema schema;
  schema.tables.push_back({.name = "projects", .columns = {{.name = "name"}}});
  schema.tables.push_back({.name = "tasks", .columns = {{.name = "title"}, {.name = "status"}}});
  schema.tables.push_back({.name = "drafts", .columns = {{.name = "text"}}, .is_local_only = true});
  return schema;
}

schema::ReplicaState synced() {
  schema::ReplicaState state{.client_id = "cccccccc-cccc-4ccc-8ccc-cccccccccccc", .epoch = "e"};
  state.scopes[kScope] = {.id = kScope, .visibility = "owner:1", .base = "10:10:"};
  return state;
}

template <class T>
T expect(VerifierEffect effect) {
  auto* found = std::get_if<T>(&effect);
  EXPECT_NE(found, nullptr) << "unexpected effect, index " << effect.index();
  return found == nullptr ? T{} : std::move(*found);
}

// Projects are empty on both sides; this device has one task.
schema::ScopeHashes one_task(std::uint64_t hash = 0xff) {
  schema::ScopeHashes here;
  here.tables["projects"];
  here.tables["tasks"][7] = {.rows = 1, .hash = hash};
  return here;
}

std::string tables(std::int64_t tasks, std::uint64_t hash) {
  return R"({"status":"ok","behind":false,"tables":[{"table":"projects","rows":0,"hash":"0000000000000000"},)"
         R"({"table":"tasks","rows":)" +
         std::to_string(tasks) + R"(,"hash":")" + schema::hash_text(hash) + R"("}]})";
}

struct VerifierTest : ::testing::Test {
  Call reply(const std::string& text) { return expect<Call>(on(text)); }

  VerifierEffect on(const std::string& text) { return verifier.on(Replied{json(text)}); }

  // As far as the server's hashes of the tables.
  Json asked() {
    EXPECT_EQ(expect<HashScope>(verifier.start()).scope, kScope);
    return expect<Call>(verifier.on(ScopeHashed{one_task()})).request;
  }

  Schema schema = two_tables();
  Verifier verifier{schema, synced()};
};

TEST_F(VerifierTest, SaysThatBothSidesHoldTheSame) {
  const auto request = asked();
  EXPECT_EQ(request,
            json(R"({"protocol":1,"client":"cccccccc-cccc-4ccc-8ccc-cccccccccccc","epoch":"e",
    "scope":"aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa","visibility":"owner:1","base":"10:10:",
    "columns":{"projects":["name"],"tasks":["title","status"]}})"));
  const auto done = expect<VerificationDone>(on(tables(1, 0xff)));
  EXPECT_FALSE(done.error);
  EXPECT_EQ(done.result.scopes, 1);
  EXPECT_EQ(done.result.rows, 1);
  EXPECT_TRUE(done.result.differences.empty());
}

TEST_F(VerifierTest, RepairsWhatDiffers) {
  asked();
  auto request = reply(tables(2, 0xee)).request;
  EXPECT_EQ(*request.find("table")->string(), "tasks");
  EXPECT_EQ(request.find("buckets"), nullptr);
  request =
      reply(
          R"({"status":"ok","behind":false,"buckets":[[3,1,"0000000000000011"],[7,1,"00000000000000ff"]]})")
          .request;
  EXPECT_EQ(request.find("buckets")->dump(), "[3]") << "bucket 7 is the same";
  const auto repair =
      expect<RepairBuckets>(
          on(
              R"({"status":"ok","behind":false,"changes":[{"table":"tasks","scope":"aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa",
          "columns":["title","status"],"rows":[["id","T","S"]],"gone":[]}]})"))
          .repair;
  EXPECT_EQ(repair.table, "tasks");
  EXPECT_EQ(repair.buckets, std::vector<int>{3});
  ASSERT_EQ(repair.changes.size(), 1U);
  EXPECT_EQ(repair.changes[0].ids, std::vector<std::string>{"id"});
  expect<HashScope>(verifier.on(Repaired{1}));
  auto here = one_task();
  here.tables["tasks"][3] = {.rows = 1, .hash = 0x11};
  const auto done = expect<VerificationDone>(verifier.on(ScopeHashed{here}));
  ASSERT_EQ(done.result.differences.size(), 1U);
  const auto& difference = done.result.differences[0];
  EXPECT_EQ(difference.table, "tasks");
  EXPECT_EQ(difference.rows_here, 1);
  EXPECT_EQ(difference.rows_there, 2);
  EXPECT_EQ(difference.buckets, 1);
  EXPECT_EQ(difference.rows_repaired, 1);
  EXPECT_TRUE(difference.is_repaired);
}

TEST_F(VerifierTest, SaysWhatCouldNotBeRepairedAndTriesNoMore) {
  asked();
  reply(tables(1, 0xee));
  reply(R"({"status":"ok","behind":false,"buckets":[[7,1,"00000000000000ee"]]})");
  expect<RepairBuckets>(on(R"({"status":"ok","behind":false,"changes":[]})"));
  expect<HashScope>(verifier.on(Repaired{1}));
  const auto done = expect<VerificationDone>(verifier.on(ScopeHashed{one_task()}));
  ASSERT_EQ(done.result.differences.size(), 1U);
  EXPECT_FALSE(done.result.differences[0].is_repaired);
}

TEST_F(VerifierTest, TakesOutWhatTheServerHasNot) {
  asked();
  reply(tables(0, 0));
  const auto request = reply(R"({"status":"ok","behind":false,"buckets":[]})").request;
  EXPECT_EQ(request.find("buckets")->dump(), "[7]");
}

TEST_F(VerifierTest, BackFillsAnewWhatIsTooMuchForOneReply) {
  asked();
  reply(tables(9000, 1));
  reply(R"({"status":"ok","behind":false,"buckets":[[1,9000,"0000000000000001"]]})");
  const auto restart =
      expect<RestartBackfill>(on(R"({"status":"ok","behind":false,"too_many":true,"changes":[]})"));
  EXPECT_EQ(restart.scope, kScope);
  const auto done = expect<VerificationDone>(verifier.on(Repaired{}));
  ASSERT_EQ(done.result.differences.size(), 1U);
  EXPECT_TRUE(done.result.differences[0].is_repaired);
}

TEST_F(VerifierTest, LeavesToASyncWhatIsBehind) {
  asked();
  const auto done = expect<VerificationDone>(on(R"({"status":"ok","behind":true})"));
  EXPECT_FALSE(done.error);
  EXPECT_EQ(done.result.scopes, 0);
  EXPECT_EQ(done.result.scopes_behind, 1);
}

TEST_F(VerifierTest, SkipsAScopeThatIsBeingBackFilled) {
  auto state = synced();
  state.scopes[kScope].is_backfilling = true;
  Verifier other(schema, state);
  EXPECT_EQ(expect<VerificationDone>(other.start()).result.scopes_behind, 1);
}

TEST_F(VerifierTest, NamesTablesThatTheServerLeavesOut) {
  asked();
  const auto done = expect<VerificationDone>(on(
      R"({"status":"ok","behind":false,"tables":[{"table":"tasks","rows":1,"hash":"00000000000000ff"}]})"));
  EXPECT_EQ(done.result.tables_left_out, std::vector<std::string>{"projects"});
}

TEST_F(VerifierTest, StopsAtAnAnswerThatBreaksTheProtocol) {
  for (const char* bad :
       {R"({"status":"ok"})", R"({"status":"no","behind":false})", "[]",
        R"({"status":"ok","behind":false,"tables":[{"table":"tasks","rows":1,"hash":"xyz"}]})",
        R"({"status":"ok","behind":false,"tables":[{"table":"tasks","rows":1}]})"}) {
    Verifier other(schema, synced());
    expect<HashScope>(other.start());
    expect<Call>(other.on(ScopeHashed{one_task()}));
    const auto done = expect<VerificationDone>(other.on(Replied{json(bad)}));
    ASSERT_TRUE(done.error) << bad;
    EXPECT_EQ(done.error->code, ErrorCode::BadReply);
  }
}

TEST_F(VerifierTest, TellsWhyItCouldNotAsk) {
  asked();
  const auto done = expect<VerificationDone>(
      verifier.on(Replied{Error{.code = ErrorCode::Offline, .message = "no network"}}));
  ASSERT_TRUE(done.error);
  EXPECT_EQ(done.error->code, ErrorCode::Offline);
}

}  // namespace
}  // namespace convoy::sync::machine
