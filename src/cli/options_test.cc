// Arguments, exit codes, and that the documentation knows them all.
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/test_program.h"

namespace convoy::cli {
namespace {

using testing::HasSubstr;

std::string documentation() {
  std::ifstream file(CONVOY_CLI_DOCUMENTATION);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The line of the table of exit codes that begins with this one.
std::string documented(int code) {
  std::istringstream lines(documentation());
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("| " + std::to_string(code) + " |")) return line;
  }
  return {};
}

TEST(ExitCodes, AreDocumentedForEveryError) {
#define CONVOY_CHECK_CODE(name, number, retryable, text)                \
  EXPECT_THAT(documented(static_cast<int>(exit_code(ErrorCode::name))), \
              testing::ContainsRegex("[^A-Za-z]" #name "[^A-Za-z]"));
  CONVOY_ERROR_CODES(CONVOY_CHECK_CODE)
#undef CONVOY_CHECK_CODE
  for (const int code : {0, 9, 130}) EXPECT_NE(documented(code), "") << code;
}

TEST(Documentation, HasEveryCommand) {
  const auto text = documentation();
  const auto names = command_names();
  EXPECT_GE(names.size(), 27U);
  for (const auto& name : names)
    EXPECT_TRUE(text.find("`convoy " + name) != std::string::npos) << name;
}

TEST(Documentation, HasEveryOption) {
  const auto text = documentation();
  TestProgram program;
  for (const auto& name : command_names()) {
    std::istringstream words(name + " --help");
    const std::vector<std::string> arguments{std::istream_iterator<std::string>(words), {}};
    const auto help = program.run(arguments);
    ASSERT_EQ(help.code, 0) << name;
    std::istringstream lines(help.out);
    for (std::string word; lines >> word;) {
      if (!word.starts_with("--")) continue;
      const auto option = word.substr(0, word.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"));
      EXPECT_TRUE(text.find(option) != std::string::npos) << name << " " << option;
    }
  }
}

TEST(Arguments, AMistypedCommandIsNamedWithTheNearestOne) {
  const auto wrong = [](const std::vector<std::string>& arguments) {
    const auto parsed = parse(arguments);
    return parsed.invocation.ok()
               ? ""
               : parsed.invocation.error().message + " " + parsed.invocation.error().hint;
  };
  EXPECT_EQ(wrong({"taks"}),
            "`convoy` has no command \"taks\" Did you mean \"task\"? See `convoy --help`.");
  EXPECT_EQ(
      wrong({"task", "lst", "--json"}),
      "`convoy task` has no command \"lst\" Did you mean \"list\"? See `convoy task --help`.");
  EXPECT_EQ(wrong({"task"}), "`convoy task` needs a command See `convoy task --help`.");
}

TEST(Arguments, WhatIsNotUnderstoodIsAUsageError) {
  TestProgram program;
  for (const std::vector<std::string>& wrong :
       std::vector<std::vector<std::string>>{{},
                                             {"nonsense"},
                                             {"task"},
                                             {"task", "nonsense"},
                                             {"task", "show"},
                                             {"task", "create", "--milestone", "abcd"},
                                             {"task", "list", "--limit", "many"},
                                             {"task", "list", "--limit", "0"},
                                             {"task", "list", "--workspace"},
                                             {"workspace", "list", "--status", "X"},
                                             {"init", "--url", "https://p.supabase.co"},
                                             {"login", "--password", "secret"},
                                             {"logout", "--discard-pending", "--keep-data"},
                                             {"sync", "--bogus"},
                                             {"status", "extra"},
                                             {"task", "update", "abcdefgh"}}) {
    const auto result = program.run(wrong);
    EXPECT_EQ(result.code, 2) << testing::PrintToString(wrong) << result.out;
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, testing::StartsWith("convoy: "));
    EXPECT_THAT(result.err, HasSubstr("--help`."));
  }
}

TEST(Arguments, ErrorsFollowTheFormThatIsAskedFor) {
  TestProgram program;
  const auto result = program.run({"task", "--json", "list", "--bogus"});
  EXPECT_EQ(result.code, 2);
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(*result.json().find("error")->find("code")->string(), "InvalidArgument");
}

TEST(Arguments, MustBeText) {
  TestProgram program;
  const auto result = program.run({"workspace", "create", "--name", "\xFF"});
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, HasSubstr("UTF-8"));
}

TEST(Arguments, HelpAndVersionNeedNoHome) {
  TestProgram program;
  program.variables.clear();
  EXPECT_THAT(program.run({"--version"}).out, testing::StartsWith("convoy "));
  const auto help = program.run({"--help"});
  EXPECT_EQ(help.code, 0);
  for (const auto* command : {"init", "login", "logout", "sync", "status", "queue", "conflicts",
                              "workspace", "project", "milestone", "task"}) {
    EXPECT_THAT(help.out, HasSubstr(command));
  }
  EXPECT_THAT(program.run({"task", "create", "--help"}).out, HasSubstr("--milestone ID REQUIRED"));
}

TEST(Home, ComesFromOptionVariableOrDefault) {
  TestProgram program;
  program.run({"status", "--home", "/elsewhere"});
  EXPECT_EQ(program.state.home, "/elsewhere");
  program.variables = {{"CONVOY_HOME", "/a"}, {"XDG_DATA_HOME", "/b"}, {"HOME", "/c"}};
  program.run({"status"});
  EXPECT_EQ(program.state.home, "/a");
  program.variables.erase("CONVOY_HOME");
  program.run({"status"});
  EXPECT_EQ(program.state.home, "/b/convoy");
  program.variables.erase("XDG_DATA_HOME");
  program.run({"status"});
  EXPECT_EQ(program.state.home, "/c/.local/share/convoy");
  program.variables.clear();
  EXPECT_EQ(program.run({"status"}).code, 2);
}

}  // namespace
}  // namespace convoy::cli
