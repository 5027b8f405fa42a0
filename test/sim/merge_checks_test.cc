#include "sim/merge_checks.h"

#include <gtest/gtest.h>

#include "sim/model_merge.h"

namespace convoy::sim {
namespace {

using base::Json;

Json json(const std::string& text) { return *base::parse_json(text); }

// Whether `after` is right for base, client and server of a column of the rule, if it was told.
bool is_right(Rule rule, const char* base, const char* client, const char* server,
              const char* after, const char* kept) {
  const ColumnSpec column{.name = "c", .rule = rule};
  Json told;
  told.set("base", json(base));
  told.set("client", json(client));
  told.set("server", json(server));
  told.set("kept", kept);
  told.set("rule", name_of(rule));
  told.set("value", json(after));
  return !check_merge({.column = &column,
                       .base = json(base),
                       .client = json(client),
                       .before = json(server),
                       .after = json(after),
                       .told = *kept == '\0' ? nullptr : &told})
              .has_value();
}

TEST(SimMergeChecks, KnowWhoHasToPrevail) {
  EXPECT_TRUE(is_right(Rule::ServerWins, "0", "1", "2", "2", "server"));
  EXPECT_FALSE(is_right(Rule::ServerWins, "0", "1", "2", "2", ""));  // In silence.
  EXPECT_FALSE(is_right(Rule::ServerWins, "0", "1", "2", "1", "client"));
  EXPECT_FALSE(is_right(Rule::Manual, "0", "1", "2", "1", "client"));
  EXPECT_TRUE(is_right(Rule::ClientWins, "0", "1", "2", "1", "client"));
  EXPECT_FALSE(is_right(Rule::ClientWins, "0", "1", "2", "2", "server"));
  EXPECT_TRUE(is_right(Rule::LastWriteWins, "0", "1", "2", "1", "client"));
  EXPECT_FALSE(is_right(Rule::LastWriteWins, "0", "1", "2", "3", "client"));
}

TEST(SimMergeChecks, KnowWhatIsNoConflict) {
  EXPECT_TRUE(is_right(Rule::ServerWins, "0", "1", "0", "1", ""));
  EXPECT_TRUE(is_right(Rule::ServerWins, "0", "0", "1", "1", ""));
  EXPECT_TRUE(is_right(Rule::ServerWins, "0", "1", "1", "1", ""));
  EXPECT_FALSE(is_right(Rule::ServerWins, "0", "1", "0", "0", ""));
  EXPECT_FALSE(is_right(Rule::ClientWins, "0", "1", "0", "1", "client"));
}

TEST(SimMergeChecks, AddStepsAndElements) {
  EXPECT_TRUE(is_right(Rule::Counter, "1", "3", "6", "8", "merged"));
  EXPECT_TRUE(is_right(Rule::Counter, "1", "3", "3", "5", "merged"));
  EXPECT_FALSE(is_right(Rule::Counter, "1", "3", "3", "3", ""));
  EXPECT_TRUE(is_right(Rule::Set, R"(["a","b"])", R"(["b","c"])", R"(["a","b","d"])",
                       R"(["b","d","c"])", "merged"));
  EXPECT_FALSE(is_right(Rule::Set, R"(["a","b"])", R"(["b","c"])", R"(["a","b","d"])",
                        R"(["a","b","d","c"])", "merged"));
  EXPECT_FALSE(is_right(Rule::Set, R"(["a"])", R"(["a","c"])", R"(["a","d"])",
                        R"(["a","d","c","c"])", "merged"));
}

// The model and its judge were written apart.
TEST(SimMergeChecks, AgreeWithTheModel) {
  const std::vector<Json> sets = {json("null"), json("[]"), json(R"(["a"])"), json(R"(["b","a"])")};
  for (const auto& base : sets) {
    for (const auto& client : sets) {
      for (const auto& server : sets) {
        const auto settled =
            settle(Rule::Set, {.base = base, .client = client, .server = server}, Mutant::None);
        const ColumnSpec column{.name = "c", .type = Type::Json, .rule = Rule::Set};
        Json told;
        told.set("base", base);
        told.set("client", client);
        told.set("server", server);
        told.set("kept", "merged");
        told.set("rule", "set");
        told.set("value", settled.value);
        ColumnCase merge{.column = &column, .base = base, .client = client, .before = server};
        merge.after = settled.kept == Settled::Kept::Merged   ? settled.value
                      : settled.kept == Settled::Kept::Client ? client
                                                              : server;
        if (settled.is_conflict) merge.told = &told;
        EXPECT_EQ(check_merge(merge).value_or(""), "");
      }
    }
  }
}

}  // namespace
}  // namespace convoy::sim
