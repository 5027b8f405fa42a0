// What the doctor finds, on a device without a server.
#include "cli/doctor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/test_program.h"

namespace convoy::cli {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr std::int64_t kHour = 3'600'000;

// A server with this much of the memory bank: no table at all.
constexpr const char* kNoTables = R"({"fingerprint": "f", "tables": []})";

class DoctorTest : public testing::Test {
 protected:
  void SetUp() override {
    state.status.last_sync = LastSync{.finished_at_ms = 1};
    state.description = kNoTables;
  }

  std::vector<Finding> found() {
    TestDevice device(state);
    return examine(device, {.now_ms = 100 * kHour, .version = "0.1.0", .secret_key = key});
  }

  // "warning clock"
  std::vector<std::string> lines() {
    std::vector<std::string> result;
    for (const auto& one : found()) {
      result.push_back(std::string(to_string(one.severity)) + " " + one.check +
                       (one.subject.empty() ? "" : " " + one.subject));
    }
    return result;
  }

  Finding finding(std::string_view check, Severity severity) {
    for (const auto& one : found()) {
      if (one.check == check && one.severity == severity) return one;
    }
    ADD_FAILURE() << check << ": no " << to_string(severity);
    return {};
  }

  static Error error(ErrorCode code, std::string sqlstate = "") {
    return {.code = code, .message = "M", .hint = "H", .sqlstate = std::move(sqlstate)};
  }

  TestState state;
  std::string key;
};

TEST_F(DoctorTest, SaysWhatIsWell) {
  const auto all = lines();
  for (const auto* check : {"ok configuration", "ok server", "ok sign_in", "ok server_sql",
                            "ok protocol", "ok clock", "ok file", "ok outbox", "ok last_sync"}) {
    EXPECT_THAT(all, Contains(check));
  }
}

TEST_F(DoctorTest, BeginsWithTheConfiguration) {
  state.status = SyncStatus{};
  EXPECT_THAT(lines(), testing::ElementsAre("error configuration"));
  EXPECT_THAT(finding("configuration", Severity::Error).fix, HasSubstr("convoy init"));
}

TEST_F(DoctorTest, TellsWhyTheServerCannotBeReached) {
  state.reach_error = error(ErrorCode::Offline);
  auto all = lines();
  EXPECT_THAT(all, Contains("error server"));
  EXPECT_THAT(all, Contains("ok file")) << "what is here is looked at all the same";
  EXPECT_THAT(all, Not(Contains("ok sign_in"))) << "nobody knows";
  state.reach_error = error(ErrorCode::NotInstalled);
  EXPECT_THAT(finding("server_sql", Severity::Error).fix, HasSubstr("supabase db push"));
  state.reach_error = error(ErrorCode::InvalidApiKey);
  EXPECT_THAT(lines(), Contains("error configuration"));
}

TEST_F(DoctorTest, TellsWhyTheServerRefuses) {
  state.hello_error = error(ErrorCode::Rejected, "CV012");
  EXPECT_THAT(finding("device", Severity::Error).message, HasSubstr("signed out"));
  state.hello_error = error(ErrorCode::ProtocolMismatch, "CV001");
  EXPECT_THAT(lines(), Contains("error protocol"));
  state.hello_error = error(ErrorCode::SignInRequired);
  EXPECT_THAT(lines(), Contains("error sign_in"));
  state.hello_error = error(ErrorCode::ServerRestored, "CV011");
  EXPECT_THAT(lines(), Contains("error server"));
}

TEST_F(DoctorTest, NobodySignedInIsAWarning) {
  state.status.is_signed_in = false;
  EXPECT_EQ(finding("sign_in", Severity::Warning).fix, "convoy login");
  EXPECT_THAT(lines(), Contains("ok file"));
  state.status.user.reset();
  EXPECT_THAT(lines(), Not(Contains("ok file"))) << "there is none";
}

TEST_F(DoctorTest, ComparesVersions) {
  state.server.version = "0.0.9";
  EXPECT_THAT(finding("server_sql", Severity::Warning).fix, HasSubstr("supabase db push"));
  state.server.version = "0.10.0";
  EXPECT_THAT(finding("server_sql", Severity::Note).fix, HasSubstr("Update this program"));
  EXPECT_LT(compare_versions("0.9.0", "0.10.0"), 0);
  EXPECT_GT(compare_versions("1.0.0", "0.99.9"), 0);
  EXPECT_EQ(compare_versions("0.1.0", "0.1.0"), 0);
  EXPECT_EQ(compare_versions("odd", "0.1.0"), 0);
}

TEST_F(DoctorTest, KnowsBothDirectionsOfAClock) {
  state.server.clock_skew_ms = 315'000;
  EXPECT_THAT(finding("clock", Severity::Warning).message, HasSubstr("5 min 15 s behind"));
  state.server.clock_skew_ms = -315'000;
  EXPECT_THAT(finding("clock", Severity::Warning).message, HasSubstr("5 min 15 s ahead of"));
  state.server.round_trip_ms = 40'000;  // As little as this is known.
  EXPECT_THAT(lines(), Contains("ok clock"));
  state.server = {.version = "0.1.0", .clock_skew_ms = 300'000};
  EXPECT_THAT(lines(), Contains("ok clock"));
}

TEST_F(DoctorTest, TellsWhichTablesDoNotFit) {
  EXPECT_THAT(lines(), Contains("error schema tasks"));
  state.description = "nonsense";
  EXPECT_THAT(lines(), Contains("error schema"));
}

TEST_F(DoctorTest, LooksThroughTheFile) {
  state.damage = {"row 1 missing from index", "and", "so on"};
  EXPECT_THAT(finding("file", Severity::Error).message,
              HasSubstr("row 1 missing from index (and 2 more)"));
  state.damage.clear();
  state.error = error(ErrorCode::Corrupt);
  EXPECT_EQ(finding("file", Severity::Error).message, "M");
}

TEST_F(DoctorTest, LooksIntoTheOutbox) {
  state.status.pending = 3;
  state.status.oldest_pending_ms = 99 * kHour;
  EXPECT_THAT(finding("outbox", Severity::Note).message, HasSubstr("3 changes wait"));
  state.status.oldest_pending_ms = 75 * kHour;
  EXPECT_EQ(finding("outbox", Severity::Warning).fix, "convoy sync");
  state.status.pending = 0;
  state.status.parked = 2;
  EXPECT_EQ(finding("outbox", Severity::Warning).fix, "convoy queue");
  state.status.parked = 0;
  state.status.conflicts_open = 1;
  EXPECT_EQ(finding("outbox", Severity::Warning).fix, "convoy conflicts");
  EXPECT_THAT(lines(), Not(Contains("ok outbox")));
}

TEST_F(DoctorTest, RemembersTheLastSync) {
  state.status.last_sync->error_code = "Offline";
  state.status.last_sync->error_message = "no network";
  EXPECT_THAT(finding("last_sync", Severity::Warning).message, HasSubstr("no network"));
  state.status.last_sync.reset();
  EXPECT_EQ(finding("last_sync", Severity::Note).fix, "convoy sync");
}

TEST_F(DoctorTest, AsksTheServersOwnDoctorOnlyWithAKey) {
  state.findings = {{.check = "rls_off",
                     .severity = "error",
                     .subject = "tasks",
                     .message = "it is off",
                     .fix = "alter table tasks enable row level security"},
                    {.check = "no_index", .severity = "warning", .subject = "tasks"},
                    {.check = "not_synced", .severity = "note", .subject = "other"}};
  EXPECT_THAT(lines(), Not(Contains("error server.rls_off tasks")));
  EXPECT_EQ(state.secret_key, "");
  key = "sb_secret_x";
  const auto all = lines();
  for (const auto* line : {"error server.rls_off tasks", "warning server.no_index tasks",
                           "note server.not_synced other"}) {
    EXPECT_THAT(all, Contains(line));
  }
  EXPECT_EQ(state.secret_key, "sb_secret_x");
  state.findings.clear();
  EXPECT_THAT(lines(), Contains("ok server_doctor"));
}

// --- The command

class DoctorCommand : public testing::Test {
 protected:
  TestProgram program;
};

TEST_F(DoctorCommand, EndsWithTheWorst) {
  program.state.status = SyncStatus{};
  EXPECT_EQ(program.run({"doctor"}).code, 11);
  program.state.status = SyncStatus{.project_url = "https://p.supabase.co"};
  const auto warned = program.run({"doctor", "--json"});
  EXPECT_EQ(warned.code, 10);
  EXPECT_EQ(*warned.json().find("worst")->string(), "warning");
  const auto json = warned.json();
  EXPECT_EQ(json.find("findings")->array()->back().dump(),
            R"({"check":"sign_in","severity":"warning","subject":null,)"
            R"("message":"nobody is signed in: nothing is sent or fetched","fix":"convoy login"})");
}

TEST_F(DoctorCommand, ShowsFixesBeneath) {
  program.state.status = SyncStatus{.project_url = "https://p.supabase.co"};
  const auto all = program.run({"doctor"}).out;
  EXPECT_THAT(all, HasSubstr("ok       configuration  this device belongs to"));
  EXPECT_THAT(all, HasSubstr("→ convoy login\n"));
  EXPECT_THAT(program.run({"doctor", "--quiet"}).out, Not(HasSubstr("configuration")));
}

TEST_F(DoctorCommand, TakesTheSecretKeyFromWhereNobodyReadsIt) {
  program.variables["CONVOY_SECRET_KEY"] = "sb_secret_variable";
  program.run({"doctor"});
  EXPECT_EQ(program.state.secret_key, "sb_secret_variable");
  program.input = "sb_secret_piped\r\n";
  const auto result = program.run({"doctor", "--secret-key-stdin"});
  EXPECT_EQ(program.state.secret_key, "sb_secret_piped");
  EXPECT_THAT(result.out + result.err, Not(HasSubstr("sb_secret")));
  program.input = "";
  EXPECT_EQ(program.run({"doctor", "--secret-key-stdin"}).code, 2);
  EXPECT_EQ(program.run({"doctor", "--secret-key", "sb_secret_argument"}).code, 2);
}

}  // namespace
}  // namespace convoy::cli
