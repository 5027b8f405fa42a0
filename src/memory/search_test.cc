// The whole bank, searched by words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "memory/test_bank.h"

namespace convoy::memory {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

class SearchTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(store.database.ok()) << store.database.error().message;
    workspace = store.make(Entity::Workspace, {{"name", "Railways"}});
    project = store.make(Entity::Project, {{"workspace_id", workspace},
                                           {"name", "Offline timetable"},
                                           {"overview", "Trains without a network"}});
    other = store.make(Entity::Project, {{"workspace_id", workspace}, {"name", "Tickets"}});
    milestone = store.make(Entity::Milestone, {{"project_id", project}, {"name", "Draft"}});
    elsewhere = store.make(Entity::Milestone, {{"project_id", other}, {"name", "Prices"}});
    task = store.make(Entity::Task,
                      {{"milestone_id", milestone},
                       {"title", "Synchronise stations"},
                       {"description", "Every station keeps the departures it saw last."}});
    store.make(Entity::Task,
               {{"milestone_id", elsewhere}, {"title", "Print departures"}, {"status", "DONE"}});
    const auto written = store.database->write([&](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.create("activity_feed",
                                    {{"task_id", task},
                                     {"activity_type", "COMMENT"},
                                     {"details", R"({"text":"The zebra crossing is closed"})"}}));
      CONVOY_CHECK_OK(writer.create("patterns", {{"name", "Cache aside"},
                                                 {"pattern_type", "CODE"},
                                                 {"content", R"({"steps":["ask the cache"]})"}}));
      return ok_status();
    });
    ASSERT_TRUE(written.ok()) << written.error().message;
  }

  SearchResult search(SearchRequest request) {
    auto result = store.bank().search(std::move(request));
    EXPECT_TRUE(result.ok()) << result.error().message;
    return result.ok() ? *std::move(result) : SearchResult{};
  }

  static std::vector<std::string> titles(const SearchResult& result) {
    std::vector<std::string> titles;
    for (const auto& hit : result.hits) titles.push_back(hit.title);
    return titles;
  }

  TestBank store;
  std::string workspace;
  std::string project;
  std::string other;
  std::string milestone;
  std::string elsewhere;
  std::string task;
};

TEST_F(SearchTest, FindsEveryKindByTheBeginningOfTheLastWord) {
  EXPECT_THAT(titles(search({.words = "timet"})), ElementsAre("Offline timetable"));
  EXPECT_THAT(titles(search({.words = "railw"})), ElementsAre("Railways"));
  const auto comment = search({.words = "zebra"});
  ASSERT_EQ(comment.hits.size(), 1U);
  EXPECT_EQ(comment.hits[0].kind, Kind::Activity);
  EXPECT_EQ(comment.hits[0].title, "Synchronise stations") << "the task it is about";
  ASSERT_TRUE(comment.hits[0].project);
  EXPECT_EQ(comment.hits[0].project->id, project);
  EXPECT_EQ(search({.words = "cache"}).hits.at(0).kind, Kind::Pattern);
  EXPECT_THAT(titles(search({.words = "network trains"})), ElementsAre("Offline timetable"));
}

TEST_F(SearchTest, ANameSaysMoreThanAText) {
  const auto result = search({.words = "departures"});
  EXPECT_THAT(titles(result), ElementsAre("Print departures", "Synchronise stations"));
  EXPECT_GT(result.hits[0].score, result.hits[1].score);
}

TEST_F(SearchTest, ShowsTheWordsAroundWhatItFound) {
  const auto result = search({.words = "departures", .project = "offline timetable"});
  ASSERT_EQ(result.hits.size(), 1U);
  std::string text;
  std::string match;
  for (const auto& part : result.hits[0].snippet) {
    text += part.text;
    if (part.is_match) match += part.text;
  }
  EXPECT_EQ(match, "departures");
  EXPECT_THAT(text, HasSubstr("keeps the departures it saw"));
}

TEST_F(SearchTest, FiltersByKindProjectAndStatus) {
  EXPECT_THAT(titles(search({.words = "departures", .statuses = {"done"}})),
              ElementsAre("Print departures"));
  EXPECT_THAT(titles(search({.words = "departures", .kinds = {Kind::Project}})), IsEmpty());
  EXPECT_THAT(titles(search({.words = "departures", .project = other})),
              ElementsAre("Print departures"));
  const auto limited = search({.words = "departures", .limit = 1});
  EXPECT_EQ(limited.hits.size(), 1U);
  EXPECT_TRUE(limited.has_more);
  EXPECT_EQ(store.bank().search({.words = "x", .project = "nowhere"}).error().code,
            ErrorCode::NotFound);
}

TEST_F(SearchTest, ForgivesTypos) {
  auto result = search({.words = "syncronise statoins"});
  EXPECT_THAT(titles(result), ElementsAre("Synchronise stations"));
  EXPECT_THAT(result.corrections,
              ElementsAre(Pair("syncronise", "synchronise"), Pair("statoins", "stations")));
  EXPECT_THAT(titles(search({.words = "xffline"})), ElementsAre("Offline timetable"))
      << "a first letter too";
  EXPECT_THAT(titles(search({.words = "timtab"})), ElementsAre("Offline timetable"))
      << "the beginning of a word";
  result = search({.words = "departures"});
  EXPECT_THAT(result.corrections, IsEmpty()) << "nothing to correct";
  result = search({.words = "qqqqqq"});
  EXPECT_THAT(result.hits, IsEmpty());
  EXPECT_THAT(result.corrections, IsEmpty());
}

TEST_F(SearchTest, WithoutARecordThatHasAllWordsThoseWithSomeAreShown) {
  const auto result = search({.words = "departures qqqqqq"});
  EXPECT_EQ(result.hits.size(), 2U);
  EXPECT_TRUE(result.has_any_word);
}

TEST_F(SearchTest, DeletedRecordsAndSyntaxFindNothing) {
  ASSERT_TRUE(store.bank().remove(Entity::Task, task).ok());
  EXPECT_THAT(titles(search({.words = "synchronise"})), IsEmpty());
  EXPECT_THAT(titles(search({.words = "NEAR(departures) OR title:print*"})),
              ElementsAre("Print departures"))
      << "only words count";
  EXPECT_EQ(store.bank().search({.words = " \"' "}).error().code, ErrorCode::InvalidArgument);
  EXPECT_THAT(titles(search({.words = "\"departures print\""})), IsEmpty()) << "in this order";
  EXPECT_THAT(titles(search({.words = "\"print departures\""})), ElementsAre("Print departures"));
}

TEST(Kinds, HaveTheirWords) {
  EXPECT_EQ(*kind_of("tasks"), Kind::Task);
  EXPECT_EQ(*kind_of("best_practice"), Kind::BestPractice);
  EXPECT_EQ(*kind_of("Activities"), Kind::Activity);
  const auto wrong = kind_of("taks");
  ASSERT_FALSE(wrong.ok());
  EXPECT_THAT(wrong.error().hint, HasSubstr("Did you mean \"task\"?"));
}

}  // namespace
}  // namespace convoy::memory
