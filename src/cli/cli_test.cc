// The commands, on a device without a server.
#include <cstdio>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/test_program.h"

namespace convoy::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string text_of(const base::Json& json, std::string_view name) {
  const auto* member = json.find(name);
  return member == nullptr || member->string() == nullptr ? "" : *member->string();
}

class CliTest : public testing::Test {
 protected:
  std::string created(std::vector<std::string> arguments) {
    arguments.emplace_back("--json");
    const auto result = program.run(arguments);
    EXPECT_EQ(result.code, 0) << result.out << result.err;
    return text_of(result.json(), "id");
  }

  void SetUp() override {
    ASSERT_TRUE(program.state.store.database.ok());
    workspace = created({"workspace", "create", "--name", "Night train"});
    project = created({"project", "create", "--workspace", workspace, "--name", "Timetable"});
    milestone = created({"milestone", "create", "--project", project, "--name", "First draft"});
    task = created({"task", "create", "--milestone", milestone, "--title", "Ask around"});
  }

  TestProgram program;
  std::string workspace;
  std::string project;
  std::string milestone;
  std::string task;
};

TEST_F(CliTest, CreatesAndShowsWithAllColumns) {
  const auto result = program.run({"project", "create", "--workspace", workspace, "--name",
                                   "[P] -1", "--description=", "--tech-stack", R"(["a","b"])",
                                   "--status", "on-hold", "--json"});
  ASSERT_EQ(result.code, 0) << result.out;
  const auto json = result.json();
  EXPECT_EQ(text_of(json, "name"), "[P] -1");
  EXPECT_TRUE(json.find("description")->is_null());
  EXPECT_EQ(json.find("tech_stack")->dump(), R"(["a","b"])");
  EXPECT_EQ(text_of(json, "status"), "ON_HOLD");
  EXPECT_EQ(text_of(json, "_status"), "created");
  EXPECT_EQ(text_of(json, "created_at"), "2026-11-22T10:46:02+00:00");
  const auto shown = program.run({"--json", "project", "show", text_of(json, "id")});
  EXPECT_EQ(shown.out, result.out);
}

TEST_F(CliTest, ShowsAPageWithWhatLiesAboveAndBeneath) {
  created({"task", "create", "--milestone", milestone, "--title", "Part", "--parent", task});
  program.run({"task", "update", task, "--description", "line one\nline\x1b two"});
  const auto page = program.run({"task", "show", task}).out;
  for (const auto* part : {"Task: Ask around", "● not sent yet", "Status      TODO",
                           "Milestone   First draft (", "Project     Timetable (",
                           "Workspace   Night train (", "  line one\n", "Subtasks (1)", "Part"}) {
    EXPECT_THAT(page, HasSubstr(part));
  }
  EXPECT_THAT(page, HasSubstr(task));
  EXPECT_THAT(page, Not(HasSubstr("\x1b")));
  EXPECT_THAT(program.run({"milestone", "show", milestone}).out, HasSubstr("Tasks (2)"));
  EXPECT_THAT(program.run({"workspace", "show", workspace}).out, HasSubstr("Projects (1)"));
}

TEST_F(CliTest, ListsInATableThatFits) {
  created({"task", "create", "--milestone", milestone, "--title", std::string(200, 'x')});
  program.columns = 80;
  const auto table = program.run({"task", "list"});
  ASSERT_EQ(table.code, 0) << table.err;
  std::istringstream lines(table.out);
  std::string line;
  std::getline(lines, line);
  EXPECT_THAT(line, testing::ContainsRegex("^ +ID +TITLE +STATUS +STAGE +MILESTONE$"));
  while (std::getline(lines, line)) EXPECT_LE(line.size(), 90U) << line;
  EXPECT_THAT(table.out, HasSubstr(task.substr(28)));
  EXPECT_THAT(table.out, HasSubstr("● not sent yet"));
  EXPECT_EQ(program.run({"task", "list", "--status", "DONE"}).out, "No tasks found.\n");
}

TEST_F(CliTest, ListsWithFiltersAsJson) {
  created({"task", "create", "--milestone", milestone, "--title", "B", "--status", "DONE"});
  const auto count = [&](std::vector<std::string> filters) {
    filters.insert(filters.begin(), {"task", "list", "--json"});
    const auto json = program.run(filters).json();
    return json.array() == nullptr ? std::size_t{99} : json.array()->size();
  };
  EXPECT_EQ(count({}), 2U);
  EXPECT_EQ(count({"--status", "done,blocked"}), 1U);
  EXPECT_EQ(count({"--stage", "COMMIT"}), 0U);
  EXPECT_EQ(count({"--workspace", workspace, "--project", project.substr(28)}), 2U);
  EXPECT_EQ(count({"--parent", "none"}), 2U);
  EXPECT_EQ(count({"--parent", task}), 0U);
  EXPECT_EQ(count({"--limit", "1"}), 1U);
  const auto sorted = program.run({"task", "list", "--json", "--sort", "title", "--desc"}).json();
  EXPECT_EQ(text_of(sorted.array()->front(), "title"), "B");
  EXPECT_EQ(program.run({"task", "list", "--sort", "colour"}).code, 2);
}

TEST_F(CliTest, UpdatesAndClears) {
  auto json = program.run({"task", "update", task, "--description", "D", "--json"}).json();
  EXPECT_EQ(text_of(json, "description"), "D");
  json = program.run({"task", "update", task, "--description", "", "--json"}).json();
  EXPECT_TRUE(json.find("description")->is_null());
  EXPECT_EQ(program.run({"task", "update", task, "--title", ""}).code, 2);
  EXPECT_EQ(program.run({"task", "update", task, "--status", ""}).code, 2);
  json = program.run({"milestone", "update", milestone, "--target-date", "2026-12-24", "--json"})
             .json();
  EXPECT_EQ(text_of(json, "target_date"), "2026-12-24T00:00:00+00:00");
  EXPECT_THAT(program.run({"task", "update", task, "--status", "DONE"}).out,
              HasSubstr("Updated task \"Ask around\""));
}

TEST_F(CliTest, ReadsLongTextFromInputAndFiles) {
  program.input = "first\nsecond\n";
  auto json = program.run({"task", "update", task, "--description", "-", "--json"}).json();
  EXPECT_EQ(text_of(json, "description"), "first\nsecond");
  const auto path = testing::TempDir() + "convoy_cli_test.txt";
  std::ofstream(path) << "from a file\n";
  json = program.run({"task", "update", task, "--description", "@" + path, "--json"}).json();
  EXPECT_EQ(text_of(json, "description"), "from a file");
  std::remove(path.c_str());
  EXPECT_EQ(program.run({"task", "update", task, "--description", "@" + path}).code, 8);
  json = program.run({"task", "update", task, "--description", "@@me", "--json"}).json();
  EXPECT_EQ(text_of(json, "description"), "@me");
  program.input = std::string("a\0b", 3);
  EXPECT_EQ(program.run({"task", "update", task, "--description", "-"}).code, 2);
  program.input = std::string(5'000'000, 'x');
  EXPECT_EQ(program.run({"task", "update", task, "--description", "-"}).code, 2);
}

TEST_F(CliTest, DeletingWhatHoldsOthersMustBeMeant) {
  const auto refused = program.run({"project", "delete", project, "--json"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.out, HasSubstr("1 milestone, 1 task"));
  EXPECT_EQ(program.run({"task", "delete", task, "--json"}).out, "{\"deleted\":1}\n");
  EXPECT_EQ(program.run({"project", "delete", project, "--yes", "--json"}).out,
            "{\"deleted\":2}\n");
  EXPECT_EQ(program.run({"project", "show", project}).code, 3);
}

TEST_F(CliTest, SomebodyAtATerminalIsAsked) {
  program.is_terminal = true;
  program.input = "n\n";
  const auto kept = program.run({"milestone", "delete", milestone});
  EXPECT_EQ(kept.code, 4);
  EXPECT_THAT(kept.err, HasSubstr("Delete milestone \"First draft\" with 1 task? [y/N]"));
  program.input = "y\n";
  EXPECT_EQ(program.run({"milestone", "delete", milestone}).code, 0);
}

TEST_F(CliTest, WithQuietOnlyTheIdIsPrinted) {
  const auto result = program.run({"-q", "workspace", "create", "--name", "W"});
  EXPECT_THAT(result.out, testing::MatchesRegex("[0-9a-f-]+\n"));
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(program.run({"-q", "sync"}).out, "");
}

TEST_F(CliTest, ColourIsForTerminalsOnly) {
  program.is_terminal = true;
  EXPECT_THAT(program.run({"task", "list"}).out, HasSubstr("\x1b["));
  EXPECT_THAT(program.run({"task", "list", "--no-color"}).out, Not(HasSubstr("\x1b[")));
  program.variables["NO_COLOR"] = "1";
  EXPECT_THAT(program.run({"task", "list"}).out, Not(HasSubstr("\x1b[")));
  program.variables.erase("NO_COLOR");
  program.is_terminal = false;
  EXPECT_THAT(program.run({"task", "list"}).out, Not(HasSubstr("\x1b[")));
}

TEST(Session, InitTellsWhere) {
  TestProgram program;
  const auto result =
      program.run({"init", "--url", "https://p.supabase.co", "--key", "sb_publishable_x"});
  EXPECT_EQ(result.code, 0);
  EXPECT_EQ(program.state.configured.api_key, "sb_publishable_x");
  EXPECT_THAT(result.out, HasSubstr("https://p.supabase.co"));
  EXPECT_THAT(result.out, Not(HasSubstr("sb_publishable_x")));
}

TEST(Session, PasswordsComeFromInputVariableOrPrompt) {
  TestProgram program;
  program.input = "from stdin\r\nmore\n";
  auto result = program.run({"login", "--email", "a@b.c", "--password-stdin", "--json"});
  EXPECT_EQ(program.state.password, "from stdin");
  EXPECT_EQ(result.out, "{\"user\":{\"id\":\"u\",\"email\":\"a@b.c\"}}\n");
  EXPECT_EQ(program.run({"login", "--email", "a@b.c"}).code, 2) << "nobody to ask";
  program.variables["CONVOY_PASSWORD"] = "from variable";
  result = program.run({"login", "--email", "a@b.c"});
  EXPECT_EQ(program.state.password, "from variable");
  EXPECT_THAT(result.out + result.err, Not(HasSubstr("from variable")));
  program.variables.erase("CONVOY_PASSWORD");
  program.is_terminal = true;
  program.input = "typed@b.c\n";
  program.secrets = {"typed"};
  EXPECT_EQ(program.run({"login"}).code, 0);
  EXPECT_EQ(program.state.password, "typed");
  EXPECT_EQ(program.state.email, "typed@b.c");
  EXPECT_FALSE(program.state.is_new);
  program.secrets = {"other", "typed"};
  EXPECT_EQ(program.run({"login", "--email", "a@b.c", "--sign-up"}).code, 2) << "two that differ";
  program.secrets = {"typed", "typed"};
  EXPECT_EQ(program.run({"login", "--email", "a@b.c", "--sign-up"}).code, 0);
  EXPECT_TRUE(program.state.is_new);
}

TEST(Session, WrongCredentialsHaveTheirOwnCode) {
  TestProgram program;
  program.input = "wrong\n";
  program.state.error = Error{.code = ErrorCode::InvalidCredentials,
                              .message = "e-mail or password is wrong",
                              .hint = "Try again."};
  const auto result = program.run({"login", "--email", "a@b.c", "--password-stdin"});
  EXPECT_EQ(result.code, 5);
  EXPECT_EQ(result.err, "convoy: e-mail or password is wrong\n  Try again.\n");
}

TEST(Session, LogoutSaysWhatBecomesOfUnsentWork) {
  TestProgram program;
  EXPECT_EQ(program.run({"logout"}).code, 0);
  EXPECT_EQ(program.state.signed_out, PendingWork::Refuse);
  program.state.status.is_signed_in = true;
  EXPECT_EQ(program.run({"logout", "--discard-pending"}).code, 0);
  EXPECT_EQ(program.state.signed_out, PendingWork::Discard);
  program.state.status.is_signed_in = true;
  EXPECT_EQ(program.run({"logout", "--keep-data"}).code, 0);
  EXPECT_EQ(program.state.signed_out, PendingWork::Keep);
}

TEST(Session, AnUnreachableServerKeepsNobodySignedIn) {
  TestProgram program;
  program.state.error = Error{.code = ErrorCode::Offline, .message = "no route"};
  program.state.forgets_session = true;
  auto result = program.run({"logout", "--json"});
  EXPECT_EQ(result.code, 0);
  EXPECT_EQ(result.out, "{\"signed_out\":true,\"server_told\":false}\n");
  program.state.status.is_signed_in = true;
  program.state.forgets_session = false;
  program.state.error = Error{.code = ErrorCode::Busy, .message = "2 changes wait"};
  EXPECT_EQ(program.run({"logout"}).code, 8);
}

TEST(Sync, SaysWhatItDid) {
  TestProgram program;
  EXPECT_THAT(program.run({"sync"}).out, testing::StartsWith("Up to date ("));
  program.state.report = {
      .rows_received = 1, .mutations_sent = 2, .conflicts = 1, .bytes_up = 100, .bytes_down = 4200};
  EXPECT_EQ(program.run({"sync"}).out,
            "Sent 2 changes, received 1 row, 1 conflict (100 B up, 4.2 kB down, 0 ms)\n"
            "What became of conflicts: convoy conflicts\n");
  program.state.report.parked = 1;
  const auto result = program.run({"sync", "--json"});
  EXPECT_EQ(result.code, 9);
  EXPECT_EQ(result.json().find("parked")->integer(), 1);
  EXPECT_EQ(result.json().find("duration_ms")->integer(), 0);
}

TEST(Sync, ShowsProgressToPeopleOnly) {
  TestProgram program;
  program.state.progress = {
      {.phase = SyncPhase::Pulling, .rows_received = 1, .rows_expected = 2},
      {.phase = SyncPhase::BackFilling, .rows_received = 2, .rows_expected = 2},
      {.phase = SyncPhase::Done}};
  EXPECT_EQ(program.run({"sync"}).err, "Receiving …\n");
  EXPECT_EQ(program.run({"sync", "--json"}).err, "");
  EXPECT_EQ(program.run({"sync", "--quiet"}).err, "");
  program.is_terminal = true;
  const auto drawn = program.run({"sync"}).err;
  EXPECT_THAT(drawn, HasSubstr("50%  1/2 rows"));
  EXPECT_THAT(drawn, testing::EndsWith("\r\x1b[K")) << "taken away";
}

TEST(Sync, CtrlCEndsItInOrder) {
  TestProgram program;
  program.state.is_interrupted = true;
  const auto result = program.run({"sync"});
  EXPECT_EQ(result.code, 130);
  EXPECT_THAT(result.err, HasSubstr("cancelled"));
}

TEST(Sync, OfflineIsFour) {
  TestProgram program;
  program.state.error = Error{.code = ErrorCode::Offline, .message = "p.supabase.co: no route"};
  const auto result = program.run({"sync", "--json"});
  EXPECT_EQ(result.code, 4);
  EXPECT_EQ(result.out,
            "{\"error\":{\"code\":\"Offline\",\"message\":\"p.supabase.co: no route\","
            "\"hint\":null,\"sqlstate\":null}}\n");
}

TEST(Verify, SaysWhatItFoundAndDid) {
  TestProgram program;
  program.state.verification = {.scopes = 1, .rows = 12, .bytes_up = 300, .bytes_down = 250};
  EXPECT_EQ(program.run({"verify"}).out,
            "All the same as on the server: 12 rows in 1 part (300 B up, 250 B down, 0 ms)\n");
  program.state.verification.scopes_skipped = 1;
  program.state.verification.tables_left_out = {"notes"};
  program.state.verification.differences = {
      {.scope = "s",
       .table = "tasks",
       .rows_here = 2,
       .rows_there = 3,
       .rows_repaired = 1,
       .is_repaired = true},
      {.scope = "s", .table = "marks", .rows_here = 9, .rows_there = 9, .is_repaired = true}};
  auto result = program.run({"verify"});
  EXPECT_EQ(result.code, 0);
  EXPECT_EQ(result.out,
            "tasks in s: 2 rows here, 3 there; 1 row repaired\n"
            "marks in s: 9 rows here, 9 there; fetched again\n"
            "notes: not compared, the server does not show it to you\n"
            "1 part kept changing and will be compared the next time\n"
            "Compared with the server: 12 rows in 1 part (300 B up, 250 B down, 0 ms)\n");
  program.state.verification.differences[0].is_repaired = false;
  result = program.run({"verify", "--json"});
  EXPECT_EQ(result.code, 11) << "something stays different";
  EXPECT_EQ(result.json().find("differences")->array()->front().dump(),
            R"({"scope":"s","table":"tasks","rows_here":2,"rows_there":3,"rows_repaired":1,)"
            R"("repaired":false})");
}

TEST(Verify, CtrlCEndsItInOrder) {
  TestProgram program;
  program.state.is_interrupted = true;
  EXPECT_EQ(program.run({"verify"}).code, 130);
}

TEST(Log, SaysWhatASyncDidToGetOn) {
  TestProgram program;
  program.state.log = {{.cause = "timer", .recoveries = {{"start_over", "horizon"}}}};
  EXPECT_THAT(program.run({"log"}).out, HasSubstr("ok; start over (horizon)"));
  EXPECT_EQ(program.run({"log", "--json"}).json().array()->front().find("recoveries")->dump(),
            R"([{"step":"start_over","cause":"horizon"}])");
}

TEST(Status, ShowsTablesThatStopped) {
  TestProgram program;
  program.state.status.stopped = {
      {.name = "tasks", .problem = "the server does not sync this table"}};
  program.state.status.verification = VerificationStatus{.rows = 5, .repaired = 2, .unrepaired = 1};
  const auto out = program.run({"status"}).out;
  EXPECT_THAT(out, HasSubstr("Stopped     tasks: the server does not sync this table\n"));
  EXPECT_THAT(out, HasSubstr(", 2 rows repaired, 1 table can't be kept as it is\n"));
}

TEST(Status, IsOneObjectForPrograms) {
  TestProgram program;
  const auto json = program.run({"status", "--json"}).json();
  EXPECT_EQ(text_of(json, "home"), "/home/ada/.convoy");
  EXPECT_EQ(json.find("user")->dump(), R"({"id":"u","email":"ada@example.com"})");
  EXPECT_EQ(program.run({"queue", "--json"}).out, "[]\n");
  EXPECT_EQ(program.run({"conflicts", "--json"}).out, "[]\n");
  EXPECT_EQ(program.run({"conflicts"}).out, "No conflicts.\n");
}

TEST(Status, MessagesOfTheServerCantHarmATerminal) {
  TestProgram program;
  program.state.error = Error{.code = ErrorCode::ServerError, .message = "\x1b]0;x\x07"};
  EXPECT_THAT(program.run({"sync"}).err, Not(HasSubstr("\x1b]")));
}

TEST(Watch, SyncsAndShowsEachChangeUntilCtrlC) {
  TestProgram program;
  auto status = program.state.status;
  status.connection = Connection::Connecting;
  program.state.statuses.push_back(status);
  program.state.statuses.push_back(status);
  status.connection = Connection::Online;
  program.state.statuses.push_back(status);
  const auto output = program.run({"watch", "--poll", "7"});
  EXPECT_EQ(output.code, 0);
  EXPECT_EQ(program.state.background.poll_interval, std::chrono::seconds(7));
  EXPECT_EQ(output.out, "connecting\nonline\n");
  EXPECT_FALSE(program.state.is_started) << "stopped at the end";
}

TEST(Watch, PrintsAStatusALineForPrograms) {
  TestProgram program;
  program.state.statuses.push_back(program.state.status);
  const auto output = program.run({"watch", "--no-sync", "--json"});
  EXPECT_EQ(output.code, 0);
  EXPECT_EQ(output.out, to_json(program.state.status) + "\n");
}

TEST(Log, ShowsAsManyAsAskedFor) {
  TestProgram program;
  program.state.log = {{.cause = "user"}, {.cause = "timer"}, {.cause = "start"}};
  EXPECT_EQ(program.run({"log", "--limit", "2", "--json"}).json().array()->size(), 2U);
}

}  // namespace
}  // namespace convoy::cli
