// Full-text search, in FTS5 itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "query/search_text.h"
#include "query/test_database.h"

namespace convoy::query {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(MatchExpression, QuotesEveryWord) {
  EXPECT_EQ(*match_expression("plain words"), R"("plain" "words" *)");
  EXPECT_EQ(*match_expression("a NOT b OR NEAR -d* {e}: ^f "),
            R"("a" "NOT" "b" "OR" "NEAR" "-d*" "{e}:" "^f")");
}

TEST(MatchExpression, TakesTheLastWordAsABeginning) {
  EXPECT_EQ(*match_expression("wor"), R"("wor" *)");
  EXPECT_EQ(*match_expression("wor "), R"("wor")");
  EXPECT_EQ(*match_expression("\"two words\""), R"("two words")");
  EXPECT_EQ(*match_expression("\"two words\" th"), R"("two words" "th" *)");
  EXPECT_EQ(*match_expression("one\"two three\"four"), R"("one" "two three" "four" *)");
}

TEST(MatchExpression, ReadsAnOpenQuoteToTheEnd) {
  EXPECT_EQ(*match_expression("a \"b c"), R"("a" "b c")");
  EXPECT_EQ(*match_expression("a \""), R"("a")");
}

TEST(MatchExpression, OfNothingFindsNothing) {
  for (const auto* text : {"", "  \t\n", "\"\"", "\" \"", "\""}) {
    EXPECT_EQ(*match_expression(text), "\"\"") << text;
  }
}

struct SearchTest : ::testing::Test {
  void SetUp() override {
    database.execute(
        "insert into projects (id, _status, name) values ('p', 'synced', 'One');"
        "insert into tasks (id, _status, project_id, title, notes, rank) values"
        " ('a', 'synced', 'p', 'Write the manual', 'for the pump', 1),"
        " ('b', 'synced', 'p', 'Pump repair', 'read the manual first; the pump, the pump!', 2),"
        " ('c', 'synced', null, 'Paint', 'blue, not red', 3),"
        " ('gone', 'deleted', 'p', 'pump manual', '', 4);"
        "insert into convoy_fts_tasks (convoy_fts_tasks) values ('rebuild')");
  }

  std::vector<std::string> found(Condition condition) {
    return database.ids(from("tasks").where(std::move(condition)).order_by(asc("id")));
  }

  testing::TestDatabase database{testing::task_schema()};
};

TEST_F(SearchTest, FindsAllWordsInAnyColumn) {
  EXPECT_THAT(found(search("manual pump")), ElementsAre("a", "b"));
  EXPECT_THAT(found(search("PUMP wri")), ElementsAre("a"));
  EXPECT_THAT(found(search("pum ")), IsEmpty());
  EXPECT_THAT(found(search("\"the manual\"")), ElementsAre("a", "b"));
  EXPECT_THAT(found(search("\"manual first\"")), ElementsAre("b"));
  EXPECT_THAT(found(search("\"pump\" \"manual f")), IsEmpty())
      << "in quotes no word is a beginning";
}

TEST_F(SearchTest, FindsInSomeColumns) {
  EXPECT_THAT(found(search("manual", {"title"})), ElementsAre("a"));
  EXPECT_THAT(found(search("pump manual", {"title"})), IsEmpty());
  EXPECT_THAT(found(search("pump manual", {"title", "notes"})), ElementsAre("a", "b"));
}

TEST_F(SearchTest, FindsNothingWithoutAWord) {
  for (const auto* text : {"", " ", "!?", "\"\"", "- (", "*", "\"*\""}) {
    EXPECT_THAT(found(search(text)), IsEmpty()) << text;
    EXPECT_THAT(found(search(text, {"title"})), IsEmpty()) << text;
  }
  EXPECT_THAT(found(search("pump - !")), ElementsAre("a", "b")) << "punctuation is no word";
}

TEST_F(SearchTest, MeansEveryCharacterVerbatim) {
  for (const auto* text : {"NOT red", "blue OR pump", "title:pump", "pump*x", "^paint NEAR",
                           "a\"b\"\"c", "'; --", "{title} : pump", "%_"}) {
    const auto result = database.find(from("tasks").where(search(text)));
    EXPECT_TRUE(result.ok()) << text;
  }
  EXPECT_THAT(found(search("blue OR pump")), IsEmpty());
  EXPECT_THAT(found(search("NOT red")), ElementsAre("c")) << "'not' is a word of its notes";
}

TEST_F(SearchTest, PassesExpressionsOn) {
  EXPECT_THAT(found(search_expression("blue OR repair")), ElementsAre("b", "c"));
  EXPECT_THAT(found(search_expression("{title} : pump")), ElementsAre("b"));
  EXPECT_FALSE(database.find(from("tasks").where(search_expression("\"open"))).ok());
}

TEST_F(SearchTest, GivesTheMostRelevantFirst) {
  const auto query = from("tasks").search("pump").order_by(best_first());
  EXPECT_THAT(database.ids(query), ElementsAre("b", "a"));
  EXPECT_THAT(database.ids(query.where("rank", lt(2))), ElementsAre("a"));
  EXPECT_THAT(database.ids(query.take(1).skip(1)), ElementsAre("a"));
  EXPECT_THAT(database.ids(query.where(search("manual", {"notes"}))), ElementsAre("b"));
  EXPECT_THAT(
      database.ids(query.where(sql_expression("title like '%repair%' and rowid > ?", {0.0}))),
      ElementsAre("b"))
      << "unqualified names are the table's";
  EXPECT_THAT(
      database.ids(from("tasks").search("manual").order_by(asc("title")).order_by(best_first())),
      ElementsAre("b", "a"));
}

TEST_F(SearchTest, GoesWithOtherConditions) {
  EXPECT_THAT(found(any_of({search("paint"), search("repair")})), ElementsAre("b", "c"));
  EXPECT_THAT(database.ids(from("projects").on("tasks", {search("repair")})), ElementsAre("p"));
  EXPECT_THAT(database.ids(from("projects").on("tasks", {search("paint")})), IsEmpty());
}

TEST_F(SearchTest, RefusesWhatIsNotSearchable) {
  const auto none = database.error(from("projects").search("x"));
  EXPECT_EQ(none.code, ErrorCode::InvalidQuery);
  EXPECT_THAT(none.message, HasSubstr("projects"));
  const auto other = database.error(from("tasks").where(search("x", {"rank"})));
  EXPECT_EQ(other.code, ErrorCode::InvalidQuery);
  EXPECT_EQ(other.hint, "Searchable columns: title, notes.");
  EXPECT_EQ(database.error(from("tasks").where(search("x", {"titel"}))).code,
            ErrorCode::UnknownColumn);
  EXPECT_EQ(database.error(from("tasks").search("a\0b"s)).code, ErrorCode::InvalidText);
  Search both{.words = "x", .columns = {"title"}, .is_expression = true};
  EXPECT_EQ(database.error(from("tasks").where(Condition{both})).code, ErrorCode::InvalidQuery);
}

TEST_F(SearchTest, RefusesARankWithoutASearch) {
  const auto nested = from("tasks").where(all_of({search("pump")})).order_by(best_first());
  EXPECT_EQ(database.error(nested).code, ErrorCode::InvalidQuery);
  EXPECT_EQ(database.error(from("tasks").order_by(best_first())).code, ErrorCode::InvalidQuery);
  const auto found = from("tasks").search("pump");
  EXPECT_EQ(database.error(found.order_by({.column = "rank", .by_rank = true})).code,
            ErrorCode::InvalidQuery);
  EXPECT_EQ(database.error(found.order_by({.descending = true, .by_rank = true})).code,
            ErrorCode::InvalidQuery);
}

}  // namespace
}  // namespace convoy::query
