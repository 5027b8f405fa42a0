// What a script says wrongly fails, at its line, and what the runner checks by itself can fail.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/runner/live_checks.h"
#include "conformance/runner/lying_driver.h"
#include "conformance/runner/script_runner.h"

namespace convoy::conformance {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kBegin =
    "schema\n"
    "  projects (name string)\n"
    "  tasks (title string, rank number?, updated_at number, p string -> projects cascade)\n"
    "write\n"
    "  load tasks\n"
    "    id  title  rank  p\n"
    "    a   A      1     x\n"
    "    b   B      2     x\n"
    "    c   C      null  x\n"
    "  load projects\n"
    "    id  name\n"
    "    x   X\n"
    "case it works\n";

Report run(const std::string& lines) {
  const auto script = parse_script(kBegin + lines);
  EXPECT_TRUE(script.ok()) << script.error().message;
  if (!script.ok()) return {};
  const auto driver = make_cpp_driver();
  return run_script(*driver, *script);
}

// Of both places, which must be the same.
std::vector<std::string> failures(const std::string& lines) {
  std::vector<std::string> memory;
  std::vector<std::string> disk;
  for (auto failure : run(lines).failures) {
    auto& texts = failure.place == "in memory" ? memory : disk;
    failure.place = "";
    texts.push_back(to_text("x.xt", failure));
  }
  EXPECT_EQ(memory, disk);
  return disk;
}

TEST(RunnerTest, PassesWhatIsRight) {
  EXPECT_THAT(
      failures("  query tasks [[\"rank\",\"gt\",1]] => b\n"
               "  query tasks => c a b\n"
               "  query tasks\n"
               "    title  rank  _status\n"
               "    C      null  synced\n"
               "    A      1     synced\n"
               "    B      2     synced\n"
               "  find tasks nobody => nothing\n"
               "  count tasks => 3\n"
               "  sql select 1 as one, 'a b' as two\n"
               "    one  two\n"
               "    1    \"a b\"\n"
               "  sql select ? || ?\n"
               "    args [\"a\", \"b\"]\n"
               "    \"? || ?\"\n"
               "    ab\n"
               "  parents tasks.p of a b => x x\n"
               "  children tasks.p of projects x => a b c\n"
               "  local k => nothing\n"
               "  set-local k \"v\"\n"
               "  local k => v\n"
               "  outbox => nothing\n"
               "  write\n"
               "    update tasks a {\"rank\": 5}\n"
               "      rank  updated_at\n"
               "      5     @now\n"
               "  outbox\n"
               "    {\"ops\": [{\"op\": \"update\", \"table\": \"tasks\", \"id\": \"a\", \\\n"
               "      \"values\": {\"rank\": 5, \"updated_at\": \"@now\"}, \\\n"
               "      \"base\": {\"rank\": 1, \"updated_at\": 0}}]}\n"),
      IsEmpty());
}

TEST(RunnerTest, FailsWhatIsWrong) {
  const std::vector<std::string> wrong{
      "  query tasks => a b\n",
      "  query tasks => a b c d\n",
      "  query tasks => nothing\n",
      "  query tasks [[\"rank\",\"gt\",9]] => a\n",
      "  query {\"from\":\"tasks\",\"order\":[[\"rank\",\"desc\"]]} => a b c\n",
      "  query tasks\n    title\n    A\n    B\n    c\n",
      "  query tasks\n    titel\n    A\n    B\n    C\n",
      "  query tasks\n    error NotFound\n",
      "  query task\n    error NotFound\n",
      "  query task\n    error UnknownTable tasks are gone\n",
      "  find tasks a => nothing\n",
      "  find tasks nobody\n    id\n    nobody\n",
      "  find tasks a\n    updated_at\n    @now\n",
      "  count tasks => 2\n",
      "  count tasks => \"3\"\n",
      "  sql select 1 => true\n",
      "  sql select 1, 2 => 1\n",
      "  sql select 1 as a\n    b\n    1\n",
      "  sql select 1 as a, 2 as b\n    a\n    1\n",
      "  sql select title from tasks order by 1\n    title\n    B\n    A\n    C\n",
      "  parents tasks.p of a b => x null\n",
      "  children tasks.p of projects x => a b\n",
      "  local k => v\n",
      "  set-local k \"v\"\n    error NotFound\n",
      "  outbox\n    {\"ops\":[]}\n",
      "  write\n    create projects q\n  outbox => nothing\n",
      "  write\n    create projects q\n    error NotFound\n",
      "  write\n    create projects x\n    delete projects x => 9\n",
      "  write\n    create projects q\n      name\n      q\n",
      "  write\n    delete projects x => 1\n",
      "  write\n    create projects x\n      error NotFound\n",
      "  write\n    load tasks\n      id  rank\n      z\n  count tasks => 3\n",
      "  reopen 0\n    error NotFound\n",
      "  reopen 0\n  count tasks => 3\n",
      "  explain tasks => maybe\n",
  };
  for (const auto& lines : wrong) EXPECT_FALSE(run(lines).failures.empty()) << lines;
}

TEST(RunnerTest, ShowsADifferenceLineByLine) {
  EXPECT_THAT(failures("  query tasks\n"
                       "    id  title\n"
                       "    a   A\n"
                       "    b   \"Two words\"\n"
                       "    c   C\n"),
              ElementsAre("x.xt:14: it works ()\n"
                          "    query tasks\n"
                          "      id  title\n"
                          "      a   A\n"
                          "    - b   \"Two words\"\n"
                          "    + b   B\n"
                          "      c   C\n"));
  EXPECT_THAT(failures("  count task => 3\n"),
              ElementsAre(HasSubstr("    - no error\n    + error UnknownTable ")));
}

TEST(RunnerTest, ATransactionThatFailsMustLeaveNothing) {
  EXPECT_THAT(failures("  write\n    create projects q\n    abort\n  query projects => x\n"),
              IsEmpty());
  EXPECT_THAT(failures("  write\n    create projects x\n    error AlreadyExists x\n"), IsEmpty());
}

// What a runner says about a fault of the database in a script that expects nothing wrong.
std::vector<std::string> found_in(Lie lie) {
  const std::string text = kBegin +
                           "  query tasks [[\"rank\",\"gt\",0]] => a b\n"
                           "  write\n"
                           "    create tasks d {\"rank\": 7}\n"
                           "    update tasks a {\"rank\": 8}\n"
                           "  query tasks [[\"rank\",\"gt\",0]] => a b d\n"
                           "  query tasks [[\"titel\",\"eq\",0]]\n"
                           "    error UnknownColumn\n"
                           "  write\n"
                           "    create tasks z\n"
                           "    abort\n";
  const auto script = parse_script(text);
  EXPECT_TRUE(script.ok()) << script.error().message;
  LyingDriver driver(lie);
  std::vector<std::string> found;
  for (const auto& failure : run_script(driver, *script).failures) found.push_back(failure.what);
  return found;
}

TEST(RunnerTest, FindsFaultsThatNoScriptSpeaksOf) {
  EXPECT_THAT(found_in(Lie::None), IsEmpty());
  EXPECT_THAT(found_in(Lie::CountsOneMore),
              Contains(HasSubstr("the count is the number of records")));
  EXPECT_THAT(found_in(Lie::LosesAnId), Contains(HasSubstr("the ids are the records'")));
  EXPECT_THAT(found_in(Lie::FindsNothing),
              Contains(HasSubstr("the record is what finding it gives")));
  EXPECT_THAT(found_in(Lie::ExplainsNothing),
              Contains(HasSubstr("explaining fails as fetching does")));
  EXPECT_THAT(found_in(Lie::CommitsWhatFailed), Contains("a failed transaction leaves nothing"));
  EXPECT_THAT(found_in(Lie::IsSilent), Contains("the live query is what a fetch finds"));
  EXPECT_THAT(found_in(Lie::RepeatsItself), Contains("a delivery brings something new"));
  EXPECT_THAT(found_in(Lie::TellsNoChanges), Contains("the differences lead to the rows"));
  EXPECT_THAT(found_in(Lie::ObservesAll), Contains("observing fails as fetching does"));
  EXPECT_THAT(found_in(Lie::ForgetsOnClose), Contains("closed and opened, it holds the same"));
}

TEST(RunnerTest, FailsWrongDeliveries) {
  const std::string observe =
      "  observe x query {\"from\":\"tasks\",\"order\":[[\"id\",\"asc\"]]}\n"
      "  observe n count tasks\n";
  const std::string create = "  write\n    create tasks aa\n";
  EXPECT_THAT(failures(observe + create + "  differences x\n    inserted 1\n  delivered n => 4\n"),
              IsEmpty());
  for (const auto* wrong :
       {"  differences x\n    inserted 2\n", "  differences x\n    inserted 1\n    removed 0\n",
        "  differences x => silence\n", "  delivered x => silence\n", "  delivered x => a b c\n",
        "  delivered n => 3\n", "  delivered n => silence\n",
        "  delivered n => 4\n  delivered n => 4\n"}) {
    EXPECT_FALSE(run(observe + create + wrong).failures.empty()) << wrong;
  }
  EXPECT_FALSE(run("  observe x query task\n    error NotFound\n").failures.empty());
  EXPECT_FALSE(run("  observe x query tasks\n    error NotFound\n").failures.empty());
}

TEST(RunnerTest, CasesDoNotSeeEachOther) {
  const auto report =
      run("  write\n    create projects q\n  query projects => q x\n"
          "case it works again\n  query projects => x\n");
  EXPECT_THAT(report.failures, IsEmpty());
}

TEST(RunnerTest, WritesWhatItGotWhereItIsTold) {
  const std::string text = kBegin +
                           "  # A comment.\n"
                           "  query tasks => a\n"
                           "  query {\"from\": \"tasks\", \\\n"
                           "      \"order\": [[\"rank\", \"desc\"]]}\n"
                           "    title  rank\n"
                           "    A      1\n"
                           "  sql select ?\n"
                           "    args [1]\n"
                           "    x\n"
                           "    2\n"
                           "  find tasks a => nothing\n"
                           "  count tasks => 4\n";
  const auto script = parse_script(text);
  ASSERT_TRUE(script.ok()) << script.error().message;
  const auto driver = make_cpp_driver();
  const auto after = updated(text, run_script(*driver, *script).edits);
  EXPECT_EQ(after, kBegin +
                       "  # A comment.\n"
                       "  query tasks => a b c\n"
                       "  query {\"from\": \"tasks\", \\\n"
                       "      \"order\": [[\"rank\", \"desc\"]]}\n"
                       "    title  rank\n"
                       "    B      2\n"
                       "    A      1\n"
                       "    C      null\n"
                       "  sql select ?\n"
                       "    args [1]\n"
                       "    ?\n"
                       "    1\n"
                       "  find tasks a\n"
                       "    id  _status  _changed  title  rank  updated_at  p\n"
                       "    a   synced   \"\"        A      1     0           x\n"
                       "  count tasks => 3\n");
  EXPECT_THAT(run_script(*driver, *parse_script(after)).failures, IsEmpty());
}

TEST(RunnerTest, FollowsDifferencesAsTheyAreMeant) {
  using Row = std::vector<Value>;
  const std::vector<Row> before{{"a"}, {"b"}, {"c"}, {"d"}};
  const std::vector<Row> now{{"d"}, {"e"}, {"b"}, {"C"}};
  EXPECT_EQ(followed(before, now, {"removed 0", "moved 3 0", "inserted 1", "changed 2 3"}), now);
  EXPECT_NE(followed(before, now, {"removed 0", "moved 3 0", "inserted 1"}), now);
  EXPECT_NE(followed(before, now, {"removed 1", "moved 3 0", "inserted 1", "changed 2 3"}), now);
  EXPECT_EQ(followed(before, now, {"removed 4"}), std::nullopt);
  EXPECT_EQ(followed(before, now, {"inserted 4"}), std::nullopt);
}

}  // namespace
}  // namespace convoy::conformance
