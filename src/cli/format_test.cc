// Widths, tables, times, colours and the progress bar.
#include <cstdlib>
#include <ctime>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/change_view.h"
#include "cli/display_text.h"
#include "cli/progress.h"
#include "cli/status_view.h"
#include "cli/table_writer.h"
#include "cli/times.h"

namespace convoy::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(DisplayText, CountsTerminalColumns) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("ünïcödé"), 7U);
  EXPECT_EQ(display_width("日本"), 4U);
  EXPECT_EQ(display_width("🚃"), 2U);
  EXPECT_EQ(display_width("e\xCC\x81"), 1U) << "a combining accent";
}

TEST(DisplayText, ShortensAtWholeCharacters) {
  EXPECT_EQ(shorten("abcdef", 6), "abcdef");
  EXPECT_EQ(shorten("abcdef", 4), "abc…");
  EXPECT_EQ(shorten("日本語", 4), "日…");
  EXPECT_EQ(shorten("ab cdef", 4), "ab…") << "no blank before the dots";
  EXPECT_EQ(shorten("abc", 1), "…");
  EXPECT_EQ(shorten("abc", 0), "");
}

TEST(DisplayText, TakesAwayWhatCouldHarmATerminal) {
  EXPECT_EQ(printable("a\x1b[2Jb"), "a\xEF\xBF\xBD[2Jb");
  EXPECT_EQ(printable("a\nb\tc"), "a b c");
  EXPECT_EQ(printable("a\r\nb", true), "a\nb");
  EXPECT_EQ(printable("\xC2\x9B"
                      "31m"),
            "\xEF\xBF\xBD"
            "31m")
      << "the C1 form of an escape";
  EXPECT_EQ(printable("\xE2\x80\xAE"
                      "txt.exe"),
            "\xEF\xBF\xBD"
            "txt.exe");
  EXPECT_EQ(printable("\xFF"), "\xEF\xBF\xBD");
  EXPECT_EQ(printable("ünï 日本 🚃"), "ünï 日本 🚃");
}

TEST(TableWriter, AlignsColumnsByDisplayWidth) {
  const auto text =
      write_table({{.title = "A"}, {.title = "N", .is_right_aligned = true}, {.title = "B"}},
                  {{{"日本"}, {"1"}, {"x"}}, {{"abc"}, {"100"}, {""}}}, 0, Style(false));
  EXPECT_EQ(text,
            "A       N  B\n"
            "日本    1  x\n"
            "abc   100\n");
}

TEST(TableWriter, LeavesOutColumnsWithNothingInThem) {
  EXPECT_EQ(write_table({{.title = ""}, {.title = "ID"}}, {{{""}, {"1"}}}, 0, Style(false)),
            "ID\n1\n");
  EXPECT_EQ(write_table({{.title = ""}, {.title = "ID"}}, {{{"●"}, {"1"}}}, 0, Style(false)),
            "   ID\n●  1\n");
}

TEST(TableWriter, FitsTheTerminalWidestFirst) {
  const std::string long_text(100, 'x');
  const auto text = write_table({{.title = "ID"},
                                 {.title = "TITLE", .is_flexible = true},
                                 {.title = "WHERE", .is_flexible = true}},
                                {{{"12345678"}, {long_text}, {"somewhere"}}}, 40, Style(false));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(display_width(line), 40U) << line;
  EXPECT_THAT(text, HasSubstr("somewhere"));
  EXPECT_THAT(text, HasSubstr("xxx…"));
  EXPECT_THAT(text, HasSubstr("12345678"));
}

TEST(TableWriter, GivesUpWhatMattersLeast) {
  const std::vector<TableColumn> columns{{.title = "TITLE", .is_flexible = true},
                                         {.title = "IN", .is_flexible = true, .is_secondary = true},
                                         {.title = "WHEN", .is_dispensable = true}};
  const std::vector<std::vector<Cell>> rows{
      {{std::string(40, 't')}, {std::string(40, 'i')}, {"2026-11-22"}}};
  const auto narrow = write_table(columns, rows, 45, Style(false));
  EXPECT_THAT(narrow, HasSubstr(std::string(36, 't') + "…  iiiii…\n"));
  EXPECT_THAT(narrow, Not(HasSubstr("WHEN")));
  const auto wide = write_table(columns, rows, 60, Style(false));
  EXPECT_THAT(wide, HasSubstr(std::string(40, 't') + "  iiiii…  2026-11-22\n"));
}

TEST(TableWriter, ColoursOnlyIfWanted) {
  const std::vector<std::vector<Cell>> rows{{{"DONE", Ink::Green}}};
  EXPECT_THAT(write_table({{.title = "S"}}, rows, 0, Style(true)),
              HasSubstr("\x1b[32mDONE\x1b[0m"));
  EXPECT_THAT(write_table({{.title = "S"}}, rows, 0, Style(false)), Not(HasSubstr("\x1b")));
}

TEST(Times, AreLocalAndShortForPeople) {
  setenv("TZ", "CET-1", 1);
  tzset();
  EXPECT_EQ(local_time(1795344362952.027), "2026-11-22 11:46");
  EXPECT_EQ(local_time(1e20), "(no such time)");
  unsetenv("TZ");
  tzset();
}

TEST(Times, AreAsTheServerPrintsThemForPrograms) {
  EXPECT_EQ(json_time(1795344362952.027), "2026-11-22T10:46:02.952027+00:00");
  EXPECT_EQ(json_time(1795344362950), "2026-11-22T10:46:02.95+00:00");
  EXPECT_EQ(json_time(1795344362000), "2026-11-22T10:46:02+00:00");
}

TEST(Times, AreUnderstood) {
  EXPECT_EQ(*parse_time("2026-11-22"), *parse_time("2026-11-22T00:00:00Z"));
  EXPECT_EQ(*parse_time("2026-11-22T11:46:02+01:00"), 1795344362000);
  for (const auto* wrong : {"", "tomorrow", "2026-13-01", "22.11.2026"}) {
    EXPECT_FALSE(parse_time(wrong).ok()) << wrong;
  }
}

TEST(Times, AgesAndDurationsHaveOneUnit) {
  EXPECT_EQ(age(0, 999), "now");
  EXPECT_EQ(age(5000, 0), "now") << "a clock that was set back";
  EXPECT_EQ(age(0, 59'000), "59 s");
  EXPECT_EQ(age(0, 3'599'000), "59 min");
  EXPECT_EQ(age(0, 47 * 3'600'000LL), "47 h");
  EXPECT_EQ(age(0, 72 * 3'600'000LL), "3 d");
  EXPECT_EQ(duration(12), "12 ms");
  EXPECT_EQ(duration(1250), "1.2 s");
  EXPECT_EQ(duration(125'000), "2 min 5 s");
  EXPECT_EQ(byte_count(999), "999 B");
  EXPECT_EQ(byte_count(4200), "4.2 kB");
  EXPECT_EQ(byte_count(1'300'000), "1.3 MB");
}

TEST(Progress, ShowsPhaseRowsAndPercentage) {
  const SyncProgress half{.phase = SyncPhase::Pulling, .rows_received = 500, .rows_expected = 1000};
  EXPECT_EQ(progress_line(half, 80), "Receiving  ████████████░░░░░░░░░░░░  50%  500/1000 rows");
  EXPECT_EQ(progress_line(half, 40), "Receiving  50%  500/1000 rows");
  EXPECT_LE(display_width(progress_line(half, 20)), 20U);
  const SyncProgress more{.phase = SyncPhase::Pulling, .rows_received = 12, .rows_expected = 10};
  EXPECT_THAT(progress_line(more, 40), HasSubstr("100%"));
  const SyncProgress unknown{.phase = SyncPhase::Pulling, .rows_received = 7};
  EXPECT_EQ(progress_line(unknown, 40), "Receiving  7 rows");
  const SyncProgress sending{
      .phase = SyncPhase::Pushing, .mutations_sent = 1, .mutations_expected = 4};
  EXPECT_EQ(progress_line(sending, 40), "Sending    25%  1/4 changes");
}

TEST(StatusView, SaysWhatToDoNext) {
  const Page page{.now_ms = 600'000};
  EXPECT_THAT(view(SyncStatus{}, page), HasSubstr("convoy init"));
  SyncStatus status{.project_url = "https://p.supabase.co"};
  EXPECT_THAT(view(status, page), HasSubstr("convoy login"));
  status.user = UserInfo{.id = "u", .email = "ada@example.com"};
  status.is_signed_in = true;
  EXPECT_THAT(view(status, page), HasSubstr("Last sync   never"));
  EXPECT_THAT(view(status, page), HasSubstr("convoy sync"));
  status.last_sync = LastSync{.finished_at_ms = 0};
  EXPECT_THAT(view(status, page), HasSubstr("10 min ago"));
  EXPECT_THAT(view(status, page), Not(HasSubstr("Next")));
  status.pending = 2;
  status.oldest_pending_ms = 300'000;
  EXPECT_THAT(view(status, page), HasSubstr("2 changes, oldest 5 min ago"));
  status.parked = 1;
  status.conflicts = 3;
  EXPECT_THAT(view(status, page), HasSubstr("1 change, see convoy queue"));
  EXPECT_THAT(view(status, page), HasSubstr("3 values settled, see convoy conflicts"));
  EXPECT_THAT(view(status, page), Not(HasSubstr("Undecided")));
  status.conflicts_open = 1;
  EXPECT_THAT(view(status, page), HasSubstr("1 value, see convoy conflicts --open"));
  EXPECT_THAT(view(status, page), HasSubstr("2 values settled"));
  EXPECT_THAT(view(status, page), Not(HasSubstr("Clock")));
  status.clock_offset_ms = -600'000;
  EXPECT_THAT(view(status, page), HasSubstr("this device's is 10 min 0 s fast"));
  status.clock_offset_ms = 300'000;
  EXPECT_THAT(view(status, page), Not(HasSubstr("Clock")));
  status.last_sync->error_code = "Offline";
  status.last_sync->error_message = "no route";
  EXPECT_THAT(view(status, page), HasSubstr("failed 10 min ago"));
  EXPECT_THAT(view(status, page), HasSubstr("no route"));
}

TEST(StatusView, SaysHowItIsSyncedInTheBackground) {
  SyncStatus status{.project_url = "https://p.supabase.co",
                    .user = UserInfo{.id = "u", .email = "ada@example.com"},
                    .is_signed_in = true,
                    .connection = Connection::Online,
                    .realtime = Realtime::On,
                    .next_attempt_ms = 605'000,
                    .pending = 1};
  const auto text = view(status, {.now_ms = 600'000});
  EXPECT_THAT(text, HasSubstr("online, with Realtime, next sync in 5.0 s"));
  EXPECT_THAT(text, Not(HasSubstr("convoy sync"))) << "nobody needs to";
}

TEST(StatusLine, SaysWhatIsUnderWay) {
  SyncStatus status{.connection = Connection::Online,
                    .activity = SyncActivity{.progress = {.phase = SyncPhase::Pulling,
                                                          .rows_received = 10,
                                                          .rows_expected = 100},
                                             .eta_ms = 9000},
                    .pending = 2,
                    .parked = 1};
  const auto line = status_line(status, {});
  EXPECT_THAT(line, HasSubstr("online"));
  EXPECT_THAT(line, HasSubstr("10/100 rows, 9.0 s left"));
  EXPECT_THAT(line, HasSubstr("2 to send  1 refused"));
  status.activity.reset();
  status.connection = Connection::Offline;
  status.last_sync = LastSync{.error_code = "Offline", .error_message = "no route"};
  EXPECT_THAT(status_line(status, {}), HasSubstr("offline  no route"));
}

TEST(LogView, HasALineForEachSync) {
  const SyncLogEntry entry{.started_at_ms = 0,
                           .finished_at_ms = 340,
                           .cause = "commit",
                           .mutations_sent = 3,
                           .bytes_up = 12};
  const auto text = view(std::vector{entry}, {});
  EXPECT_THAT(text, testing::ContainsRegex("commit +340 ms +3 +0 +12 B / 0 B +ok"));
  EXPECT_EQ(view(std::vector<SyncLogEntry>{}, {}), "Never synced.\n");
}

TEST(QueueView, SaysWhatWaitsAndWhyItWasRefused) {
  const QueueEntry entry{
      .number = 7,
      .state = "parked",
      .created_at_ms = 0,
      .attempts = 1,
      .operations = R"([{"op":"update","table":"tasks","id":"01939f3c-0f4b-7cc2-9a8e-0123456789ab",
        "values":{"title":"New","updated_at":"x"}},{"op":"delete","table":"tasks","id":"b"}])",
      .code = "CV004",
      .message = "the row is gone"};
  const auto text = view(std::vector{entry}, {.now_ms = 120'000});
  EXPECT_THAT(text, HasSubstr("update task 456789ab: title and 1 more"));
  EXPECT_THAT(text, HasSubstr("the row is gone (CV004)"));
  EXPECT_THAT(text, HasSubstr("2 min"));
  EXPECT_EQ(view(std::vector<QueueEntry>{}, {}), "Nothing waits.\n");
}

TEST(ConflictView, PutsTheValuesSideBySide) {
  const ConflictInfo conflict{.number = 1,
                              .table = "tasks",
                              .id = "01939f3c-0f4b-7cc2-9a8e-0123456789ab",
                              .column = "title",
                              .base = R"("Old")",
                              .client = R"("Mine")",
                              .server = "null",
                              .kept = "server",
                              .rule = "server_wins"};
  const auto text = view(std::vector{conflict}, {.columns = 80});
  EXPECT_THAT(text, testing::ContainsRegex("BASE +MINE +THEIRS +OUTCOME"));
  EXPECT_THAT(text, testing::ContainsRegex("task 456789ab +title +Old +Mine +– +theirs"));
}

}  // namespace
}  // namespace convoy::cli
