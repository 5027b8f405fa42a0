// A script is understood as it is meant, and a slip of the pen is a mistake with its line.
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/runner/schema_notation.h"
#include "conformance/runner/script.h"

namespace convoy::conformance {
namespace {

using ::testing::HasSubstr;

constexpr auto kSchema = "schema\n  tasks (title string, rank number?)\n";

// In a case, each line indented.
std::string in_case(const std::string& lines) {
  std::string text = std::string(kSchema) + "case it works\n";
  std::size_t begin = 0;
  while (begin < lines.size()) {
    const auto end = lines.find('\n', begin);
    text += "  " + lines.substr(begin, end - begin) + "\n";
    begin = end + 1;
  }
  return text;
}

std::string mistake_in(const std::string& text) {
  const auto script = parse_script(text);
  return script.ok() ? "" : script.error().message;
}

Command first_command(const std::string& lines) {
  const auto script = parse_script(in_case(lines));
  EXPECT_TRUE(script.ok()) << (script.ok() ? "" : script.error().message);
  return script.ok() ? script->cases.at(0).commands.at(0) : Command{};
}

TEST(LinesTest, AreATreeWithoutCommentsAndGoOnAfterABackslash) {
  const auto lines =
      read_lines("# about\n\na b \\\n    c\n  d # no comment\n    # comment\n    e\n  f\ng\n");
  ASSERT_TRUE(lines.ok()) << lines.error().message;
  ASSERT_EQ(lines->size(), 2U);
  EXPECT_EQ((*lines)[0].text, "a b c");
  EXPECT_EQ((*lines)[0].number, 3);
  EXPECT_EQ((*lines)[0].last_number, 4);
  ASSERT_EQ((*lines)[0].children.size(), 2U);
  EXPECT_EQ((*lines)[0].children[0].text, "d # no comment");
  EXPECT_EQ((*lines)[0].children[0].children.at(0).text, "e");
  EXPECT_EQ((*lines)[0].children[1].number, 8);
}

TEST(LinesTest, LoopsAreWrittenOut) {
  const auto lines = read_lines("for $x in a \"b c\"\n  say $x $y $xx $1\n    $x\nend\n");
  ASSERT_TRUE(lines.ok()) << lines.error().message;
  ASSERT_EQ(lines->size(), 3U);
  EXPECT_EQ((*lines)[0].text, "say a $y $xx $1");
  EXPECT_EQ((*lines)[1].text, "say \"b c\" $y $xx $1");
  EXPECT_EQ((*lines)[1].children.at(0).text, "\"b c\"");
  EXPECT_TRUE((*lines)[1].is_from_loop);
  const auto nested = read_lines("for $x in a b\n  for $y in 1 2\n    $x$y\n");
  ASSERT_EQ(nested->size(), 4U);
  EXPECT_EQ((*nested)[2].text, "b1");
}

TEST(LinesTest, RefuseWhatIsHardToSee) {
  EXPECT_EQ(read_lines("a\n\tb\n").error().message, "2: a tab");
  EXPECT_EQ(read_lines("a \n").error().message, "1: spaces at the end of a line");
  EXPECT_EQ(read_lines("a\n  \n").error().message, "2: spaces at the end of a line");
  EXPECT_EQ(read_lines("a\r\n").error().message, "1: a carriage return");
  EXPECT_EQ(read_lines("a\n   b\n").error().message, "2: indentation is two spaces a level");
  EXPECT_EQ(read_lines("a\n    b\n").error().message, "2: is indented too far");
  EXPECT_EQ(read_lines("  a\n").error().message, "1: is indented too far");
  EXPECT_EQ(read_lines("a").error().message, "1: the file must end with a newline");
  EXPECT_EQ(read_lines("a \\\n").error().message, "1: the last line can't go on");
  EXPECT_EQ(read_lines("\xff\n").error().message, "1: the file is not UTF-8");
  EXPECT_EQ(read_lines("for $x in\n  a\n").error().message, "1: for $name in VALUE …");
  EXPECT_EQ(read_lines("for $x in a\n").error().message, "1: a loop has lines");
}

TEST(WordsTest, ValuesAreReadAndWrittenAlike) {
  for (const auto* word : {"null", "true", "false", "0", "-1.5", "1e+300", "Infinity", "-Infinity",
                           "plain", "a_b-c.d,e:f", "\"two words\"", "\"1\"", "\"null\"", "\"\"",
                           "\"\\\"\\\\\\n\"", "\"nothing\"", "\"Ü\""}) {
    const auto cell = to_cell(word);
    ASSERT_TRUE(cell) << word;
    EXPECT_EQ(to_word(cell->value), word);
  }
  EXPECT_TRUE(to_cell("@now")->is_now);
  for (const auto* word : {"", "nothing", "error", "\"a", "\"a\"b", "1a", "(a)", "ü", "@soon"}) {
    EXPECT_FALSE(to_cell(word)) << word;
  }
  EXPECT_EQ(*to_value(*base::parse_json(R"({"repeat":"ab","times":3})")), Value("ababab"));
  EXPECT_EQ(*to_value(*base::parse_json(R"({"number":"-Infinity"})")),
            Value(-std::numeric_limits<double>::infinity()));
  EXPECT_FALSE(to_value(*base::parse_json(R"({"repeat":"ab"})")));
  EXPECT_FALSE(to_value(*base::parse_json(R"({"number":"ten"})")));
  EXPECT_FALSE(to_value(*base::parse_json("[1]")));
}

TEST(SchemaNotationTest, BecomesTheJsonForm) {
  const auto lines = read_lines(
      "a uuid local (title string? searchable indexed, due number timestamptz, \\\n"
      "  b_id string -> b cascade, c string -> b)\n"
      "\"odd name\" ()\n"
      "migration 3\n"
      "  create_table a (t string)\n"
      "  add_columns a (t string?, u number indexed)\n"
      "  drop_table x\n"
      "  rename_table x y\n"
      "  drop_column t c\n"
      "  rename_column t c d\n"
      "  add_index t c\n"
      "  sql update a set t = 'x (y)';\n");
  ASSERT_TRUE(lines.ok()) << lines.error().message;
  const auto json = schema_to_json(3, *lines);
  ASSERT_TRUE(json.ok()) << json.error().message;
  EXPECT_EQ(*json, *base::parse_json(R"({"version":3,"tables":[
    {"name":"a","ids":"uuid","local_only":true,"columns":[
      {"name":"title","type":"string","optional":true,"searchable":true,"indexed":true},
      {"name":"due","type":"number","pg":"timestamptz"},
      {"name":"b_id","type":"string","references":{"table":"b","on_delete":"cascade"}},
      {"name":"c","type":"string","references":{"table":"b"}}]},
    {"name":"odd name","ids":"watermelon","columns":[]}],
    "migrations":[{"to":3,"steps":[
      {"create_table":{"name":"a","ids":"watermelon","columns":[{"name":"t","type":"string"}]}},
      {"add_columns":{"table":"a","columns":[{"name":"t","type":"string","optional":true},
        {"name":"u","type":"number","indexed":true}]}},
      {"drop_table":"x"},{"rename_table":{"from":"x","to":"y"}},
      {"drop_column":{"table":"t","column":"c"}},
      {"rename_column":{"table":"t","from":"c","to":"d"}},
      {"add_index":{"table":"t","column":"c"}},
      {"sql":"update a set t = 'x (y)';"}]}]})"));
}

TEST(SchemaNotationTest, NamesTheLineOfAMistake) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"a", "the columns are missing"},
      {"a (t string", "a ) is missing"},
      {"a (t)", "a name is missing before )"},
      {"a (t string optional)", "\"optional\" says nothing about a column"},
      {"a (t string) b", "something stands behind the )"},
      {"a (\"t string)", "a quote is missing"},
      {"migration 2\n    remove_table a", "there is no step remove_table"},
      {"migration 2\n    drop_table a b", "more words than the step takes"},
      {"migration 2\n    drop_column a", "something is missing at the end"},
  };
  for (const auto& [line, what] : cases) {
    EXPECT_THAT(mistake_in("schema\n  " + line + "\ncase x\n  query a => nothing\n"),
                HasSubstr(what))
        << line;
  }
  EXPECT_THAT(mistake_in("schema\n  a (t string)\n  b (t strong what)\n"), HasSubstr("3: "));
}

TEST(ScriptTest, ReadsQueriesInBothForms) {
  const auto full = first_command("query {\"from\": \"tasks\", \"take\": 1} => a\n");
  EXPECT_EQ(std::get<ReadCommand>(full.what).read.text, R"({"from":"tasks","take":1})");
  EXPECT_TRUE(std::get<ReadCommand>(full.what).read.is_ordered());
  const auto brief = first_command("query tasks [[\"rank\",\"gt\",\" => 1\"]] => a b-1 \"2\"\n");
  const auto& command = std::get<ReadCommand>(brief.what);
  EXPECT_EQ(command.read.text, R"({"from":"tasks","where":[["rank","gt"," => 1"]]})");
  EXPECT_FALSE(command.read.is_ordered());
  ASSERT_EQ(command.expected.cells.size(), 3U);
  EXPECT_EQ(command.expected.cells[2].value, Value("2"));
}

TEST(ScriptTest, ReadsTransactions) {
  const auto command = first_command(
      "write\n"
      "  create tasks a {\"title\": \"A\"}\n"
      "    id  title\n"
      "    a   A\n"
      "  create tasks\n"
      "  delete tasks a => 1\n"
      "  load tasks\n"
      "    id  rank\n"
      "    b   1\n"
      "  query tasks => b\n"
      "  error NotFound tasks b\n");
  const auto& write = std::get<WriteCommand>(command.what);
  ASSERT_EQ(write.operations.size(), 5U);
  EXPECT_EQ(write.operations[0].expected.kind, ExpectationKind::Table);
  EXPECT_EQ(write.operations[1].id, "");
  EXPECT_EQ(write.operations[3].rows.at(0).at(1), Value(1.0));
  EXPECT_EQ(write.operations[4].read.kind, ReadKind::Query);
  EXPECT_EQ(write.error->code, ErrorCode::NotFound);
  EXPECT_EQ(write.error->text, "tasks b");
}

TEST(ScriptTest, RefusesWhatItDoesNotKnow) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"qery tasks => a\n", "4: there is no command \"qery\""},
      {"query tasks\n", "4: nothing is expected"},
      {"query tasks [1 => a\n", "4: "},
      {"query tasks {\"a\": 1} => a\n", "4: conditions are an array"},
      {"query tasks => (a)\n", "4: (a) is no value"},
      {"query tasks => a\n  id\n  a\n", "behind the command and below it"},
      {"query tasks\n  id  title\n  a\n", "6: 1 values in 2 columns"},
      {"query tasks\n  id  id\n  a  a\n", "5: the column id stands twice"},
      {"query tasks\n  id\n", "4: no rows are written `=> nothing`"},
      {"query tasks\n  error NotFoud\n", "5: there is no error code NotFoud"},
      {"query tasks\n  error NotFound\n  a\n", "6: nothing is expected beside an error"},
      {"find tasks\n  id\n  a\n", "4: find TABLE ID"},
      {"count tasks => 1 2\n", "4: one value is expected"},
      {"count tasks\n  id\n  a\n", "4: one line is expected"},
      {"query tasks => silence\n", "4: only observers can be silent"},
      {"write\n  creat tasks\n", "5: there is no step \"creat\""},
      {"write\n  create tasks a [1]\n", "5: fields are an object"},
      {"write\n  create tasks a {\"title\": [1]}\n", "5: [1] is no value of a field"},
      {"write\n  update tasks a\n", "5: update TABLE ID {…}"},
      {"write\n  delete tasks a => nothing\n", "5: how many records is expected"},
      {"write\n  load tasks\n", "5: load TABLE, and rows below"},
      {"write\n  error NotFound\n  create tasks\n", "6: the error of a transaction is its last"},
      {"write now\n  create tasks\n", "4: write stands alone"},
      {"write\n", "4: the steps are missing"},
      {"write\n  create tasks\n", "3: the case expects nothing"},
      {"observe x query tasks\n", "3: the case expects nothing"},
      {"observe x children tasks of tasks a\ncount tasks => 1\n", "4: this can't be observed"},
      {"differences x => silence\n", "4: nothing is observed as x"},
      {"observe x query tasks\ndifferences x\n  removd 1\n", "6: removed FROM"},
      {"observe x query tasks\ndifferences x\n  moved 1\n", "6: removed FROM"},
      {"observe x query tasks\ndifferences x\n", "5: differences stand below"},
      {"observe x query tasks\ndelivered x\n", "5: what is expected stands"},
      {"outbox\n", "4: bodies stand below"},
      {"outbox\n  {\"ops\"\n", "5: "},
      {"set-local k 1\n", "4: the value is a JSON string"},
      {"set-local k \"v\"\n  id\n", "5: only an error can be expected here"},
      {"explain tasks => maintained now\n", "4: one value is expected"},
      {"reopen two\n", "4: a version is a number"},
  };
  for (const auto& [lines, what] : cases) {
    EXPECT_THAT(mistake_in(in_case(lines)), HasSubstr(what)) << lines;
  }
}

TEST(ScriptTest, HasSchemaSetUpAndCasesInThisOrder) {
  const std::string one = "case one\n  query tasks => nothing\n";
  EXPECT_EQ(mistake_in(std::string(kSchema) + one), "");
  EXPECT_THAT(mistake_in(one), HasSubstr("2: nothing is open yet"));
  EXPECT_THAT(mistake_in(kSchema), HasSubstr("there are no cases"));
  EXPECT_THAT(mistake_in(std::string(kSchema) + kSchema + one), HasSubstr("3: the schema stands"));
  EXPECT_THAT(mistake_in(kSchema + one + one), HasSubstr("5: the case stands twice"));
  EXPECT_THAT(mistake_in(kSchema + one + "write\n  create tasks\n"),
              HasSubstr("5: only cases may follow"));
  EXPECT_THAT(mistake_in("write\n  create tasks\n" + one), HasSubstr("1: the schema is missing"));
  EXPECT_THAT(mistake_in(std::string(kSchema) + "query tasks => nothing\n" + one),
              HasSubstr("3: schema, write or case is expected"));
  EXPECT_THAT(mistake_in(std::string(kSchema) + "case one.\n  query tasks => nothing\n"),
              HasSubstr("no full stop"));
}

}  // namespace
}  // namespace convoy::conformance
