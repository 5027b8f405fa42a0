// Which patterns and best practices come first.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "memory/relevance.h"
#include "memory/schema.h"

namespace convoy::memory {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Record practice(const std::string& name, const std::string& description,
                const std::string& category = "X", const Value& workspace = Null{},
                const Value& project = Null{}) {
  static const Schema schema = memory_schema();
  return {.table = schema.find_table("best_practices"),
          .id = name,
          .status = "synced",
          .changed = {},
          .values = {workspace, project, name, description, category, R"({"a":["page results"]})",
                     0.0, 0.0}};
}

std::vector<std::string> names(const std::vector<Ranked>& ranked) {
  std::vector<std::string> names;
  for (const auto& one : ranked) names.emplace_back(one.record.text("name"));
  return names;
}

const Subject kSubject{
    .title = "Index the queries", .description = "Pages are slow", .surroundings = ""};

TEST(Relevance, WordsOfTheTaskComeFirst) {
  const auto ranked = rank_knowledge(
      {practice("Colours", "of buttons"), practice("Speed", "Index what a query sorts on"),
       practice("Query design", "an index for each")},
      "category", kSubject);
  EXPECT_THAT(names(ranked), ElementsAre("Query design", "Speed", "Colours"))
      << "a word of the name says more";
  EXPECT_GT(ranked[0].score, ranked[1].score);
  EXPECT_THAT(ranked[0].matches, testing::UnorderedElementsAre("index", "quer", "page"))
      << ranked[0].reason;
  EXPECT_THAT(ranked[0].reason, HasSubstr("matches "));
}

TEST(Relevance, WithoutAWordScopeAndTypeDecide) {
  const auto ranked = rank_knowledge(
      {practice("Everywhere", "", "A"), practice("Workspace", "", "A", "w"),
       practice("Project B", "", "B", "w", "p"), practice("Project A", "", "A", "w", "p")},
      "category", {.title = "Something else", .description = "", .surroundings = ""});
  EXPECT_THAT(names(ranked), ElementsAre("Project A", "Project B", "Workspace", "Everywhere"));
  EXPECT_EQ(ranked[0].scope, Scope::Project);
  EXPECT_EQ(ranked[0].score, 0);
  EXPECT_EQ(ranked[0].reason, "of this project");
  EXPECT_EQ(ranked[2].reason, "of the whole workspace");
  EXPECT_EQ(ranked[3].reason, "applies everywhere");
}

TEST(Relevance, ARareWordTellsMoreThanACommonOne) {
  std::vector<Record> rows;
  for (int i = 0; i < 9; ++i) rows.push_back(practice("P" + std::to_string(i), "slow things"));
  rows.push_back(practice("Rare", "index"));
  const auto ranked = rank_knowledge(
      std::move(rows), "category", {.title = "slow index", .description = "", .surroundings = ""});
  EXPECT_EQ(names(ranked).front(), "Rare");
}

TEST(Relevance, OfNothingIsNothing) {
  EXPECT_THAT(rank_knowledge({}, "category", kSubject), IsEmpty());
}

}  // namespace
}  // namespace convoy::memory
