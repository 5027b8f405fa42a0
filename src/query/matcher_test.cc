// What rows in memory match, and in which order they come, is what SQLite says.
#include "query/matcher.h"

#include <algorithm>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "query/like_pattern.h"
#include "query/ordering.h"
#include "query/test_database.h"
#include "query/test_generator.h"

namespace convoy::query {
namespace {

using namespace std::string_literals;

struct Row {
  std::string id;
  std::string status;
  std::string changed;
  std::vector<Value> values;

  [[nodiscard]] RowView view() const {
    return {.id = id, .status = status, .changed = changed, .values = values};
  }

  [[nodiscard]] std::vector<Value> all() const {
    std::vector<Value> all{id, status, changed};
    all.insert(all.end(), values.begin(), values.end());
    return all;
  }
};

std::string shown(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return rc::toString(*text);
  if (const auto* number = std::get_if<double>(&value)) {
    char text[32];
    std::snprintf(text, sizeof text, "%.17g", *number);
    return text;
  }
  if (const auto* boolean = std::get_if<bool>(&value)) return *boolean ? "true" : "false";
  return "null";
}

std::string shown(const std::vector<Value>& values) {
  std::string text;
  for (const auto& value : values) text += shown(value) + ", ";
  return text;
}

// By id: ids are unique.
std::map<std::string, Row> any_rows(const Table& table) {
  std::map<std::string, Row> rows;
  const auto count = *rc::gen::inRange(0, 12);
  for (int i = 0; i < count; ++i) {
    Row row{.id = testing::any_text(),
            .status = *rc::gen::element<std::string>("synced", "created", "updated", "deleted"),
            .changed = *rc::gen::element<std::string>("", "c0", "c0,c1")};
    for (const auto& column : table.columns) {
      row.values.push_back(testing::any_value_of(column.type));
    }
    rows.insert_or_assign(row.id, std::move(row));
  }
  return rows;
}

// The ids in the order of the query, page and all, worked out in memory.
std::vector<std::string> found_in_memory(const Matcher& matcher, const Ordering& ordering,
                                         const std::map<std::string, Row>& rows,
                                         const Query& query) {
  std::vector<const Row*> found;
  for (const auto& [id, row] : rows) {
    if (matcher.matches(row.view())) found.push_back(&row);
  }
  std::ranges::reverse(found);  // Not in the order of the ids.
  std::ranges::sort(found, [&](const Row* left, const Row* right) {
    return ordering.compare(left->view(), right->view()) < 0;
  });
  std::vector<std::string> ids;
  for (auto at = query.offset.value_or(0); at < std::ssize(found); ++at) {
    if (query.limit && std::ssize(ids) >= *query.limit) break;
    ids.push_back(found[static_cast<std::size_t>(at)]->id);
  }
  return ids;
}

// RC_PARAMS="max_success=100000" makes a long run of it.
RC_GTEST_PROP(Matcher, AgreesWithSqlite, ()) {
  const auto table = testing::any_table();
  testing::TestDatabase database{Schema{.tables = {table}}};
  for (const auto& column : table.columns) {
    if (column.is_indexed)
      database.execute("create index " + column.name + " on t (" + column.name + ")");
  }
  const auto rows = any_rows(table);
  for (const auto& [id, row] : rows) {
    database.insert(table, row.all());
    RC_LOG() << shown(row.all()) << "\n";
  }
  const auto queries = *rc::gen::inRange(1, 40);
  for (int i = 0; i < queries; ++i) {
    auto query = testing::any_simple_query(table);
    const auto matcher = Matcher::make(table, query);
    const auto ordering = Ordering::make(table, query);
    RC_ASSERT(matcher.ok() && ordering.ok());
    RC_ASSERT(*matcher && *ordering);
    const auto in_memory = found_in_memory(**matcher, **ordering, rows, query);
    if (query.order.empty()) query.order.push_back(asc("id"));
    const auto compiled = *database.compile(query);
    RC_LOG() << compiled.sql << "\n" << shown(compiled.args) << "\n";
    RC_ASSERT(in_memory == database.ids(query));
  }
}

// A text of a few characters in which patterns find much to go wrong with.
std::string any_dense_text() {
  std::string text;
  const auto count = *rc::gen::inRange(0, 9);
  for (int i = 0; i < count; ++i) {
    text += *rc::gen::element<std::string>("a", "A", "a", "b", "B", "%", "_", "\\", "!", "é", "É",
                                           "©", "😀", "[", "{", "@", "`", "Z", "z");
  }
  return text;
}

RC_GTEST_PROP(LikePattern, AgreesWithSqlite, ()) {
  auto connection = *sql::Connection::open(":memory:", sql::Access::Read);
  for (int i = 0; i < 30; ++i) {
    const auto text = any_dense_text();
    const auto escape = testing::any_escape();
    const auto pattern =
        testing::any_pattern(*rc::gen::inRange(0, 4) == 0 ? any_dense_text() : text, escape);
    RC_LOG() << shown(text) << " like " << shown(pattern) << " escape " << escape << "\n";
    const std::string escape_text(1, escape);
    auto statement =
        *connection->prepare(escape == '\0' ? "select ? like ?" : "select ? like ? escape ?");
    statement.bind_text(1, text).bind_text(2, pattern);
    if (escape != '\0') statement.bind_text(3, escape_text);
    RC_ASSERT(*statement.step());
    RC_ASSERT(LikePattern(pattern, escape).matches(text) == (statement.integer(0) != 0));
  }
}

const Table kTable{.name = "t",
                   .columns = {{.name = "text"},
                               {.name = "number", .type = ColumnType::Number},
                               {.name = "flag", .type = ColumnType::Boolean}}};

bool matches(const Condition& condition, const std::vector<Value>& values,
             std::string_view status = "synced") {
  const auto matcher = Matcher::make(kTable, from("t").where(condition));
  EXPECT_TRUE(matcher.ok() && *matcher);
  if (!matcher.ok() || !*matcher) return false;
  return (*matcher)->matches({.id = "i", .status = status, .changed = "", .values = values});
}

bool likes(std::string pattern, std::string text, char escape = '\0') {
  return matches(where("text", like(std::move(pattern), escape)),
                 {std::move(text), Null{}, Null{}});
}

TEST(Matcher, NeverMatchesDeletedRows) {
  EXPECT_TRUE(matches(all_of({}), {Null{}, Null{}, Null{}}));
  EXPECT_FALSE(matches(all_of({}), {Null{}, Null{}, Null{}}, "deleted"));
  EXPECT_FALSE(matches(where("_status", eq("deleted")), {Null{}, Null{}, Null{}}, "deleted"));
}

TEST(Matcher, LikesAsSqliteDoes) {
  EXPECT_TRUE(likes("%", ""));
  EXPECT_TRUE(likes("a%C", "ABC"));
  EXPECT_TRUE(likes("%a%b%", "xaxxbx"));
  EXPECT_FALSE(likes("%a%b", "ba"));
  EXPECT_TRUE(likes("_", "😀"));
  EXPECT_FALSE(likes("__", "😀"));
  EXPECT_FALSE(likes("é", "É"));
  EXPECT_FALSE(likes("%©", "é")) << "the last byte of é is the code point of ©";
  EXPECT_FALSE(likes("[", "{")) << "only letters have two cases";
  EXPECT_FALSE(likes("@", "`"));
  EXPECT_TRUE(likes("az", "AZ"));
  EXPECT_FALSE(likes("a.c", "abc"));
  EXPECT_TRUE(likes("a!%", "a%", '!'));
  EXPECT_FALSE(likes("a!%", "ab", '!'));
  EXPECT_FALSE(likes("a!", "a!", '!')) << "an escape character at the end";
  EXPECT_TRUE(matches(where("text", not_like("a!", '!')), {"a!"s, Null{}, Null{}}));
  EXPECT_FALSE(matches(where("text", not_like("x")), {Null{}, Null{}, Null{}}));
}

TEST(Matcher, NullMatchesOnlyWhatAsksForIt) {
  const auto matches_null = [](const char* column, Comparison comparison) {
    return matches(where(column, std::move(comparison)), {Null{}, Null{}, Null{}});
  };
  EXPECT_TRUE(matches_null("number", eq(nullptr)));
  EXPECT_TRUE(matches_null("number", neq(1)));
  EXPECT_TRUE(matches_null("number", not_in({})));
  EXPECT_TRUE(matches_null("number", eq(column("flag"))));
  EXPECT_FALSE(matches_null("number", between(-1, 1)));
  EXPECT_FALSE(matches_null("number", weak_gt(-1)));
  EXPECT_FALSE(matches_null("number", weak_gt(column("flag"))));
  EXPECT_FALSE(matches_null("number", lte(nullptr)));
  EXPECT_FALSE(matches_null("number", not_in({1.0})));
  EXPECT_FALSE(matches_null("text", like("%")));
  EXPECT_FALSE(matches_null("text", not_like("a")));
  EXPECT_FALSE(matches_null("text", includes("")));
}

TEST(Matcher, ComparesToTheLastBit) {
  const double next = std::nextafter(1.0, 2.0);
  EXPECT_TRUE(matches(where("number", gt(1)), {Null{}, next, Null{}}));
  EXPECT_FALSE(matches(where("number", one_of({1.0})), {Null{}, next, Null{}}));
  EXPECT_TRUE(matches(where("number", between(next, 2)), {Null{}, next, Null{}}));
  EXPECT_TRUE(matches(where("number", between(0, next)), {Null{}, next, Null{}}));
  EXPECT_TRUE(matches(where("number", eq(-0.0)), {Null{}, 0.0, Null{}}));
  EXPECT_FALSE(matches(where("number", lt(1)), {Null{}, 1.0, Null{}}));
  EXPECT_TRUE(matches(where("number", lt(next)), {Null{}, 1.0, Null{}}));
  EXPECT_FALSE(matches(where("number", weak_gt(nullptr)), {Null{}, 1.0, Null{}}));
  EXPECT_TRUE(matches(where("number", gt(1)), {Null{}, next, Null{}}));
  for (const double number : {3.0, 1.0, 2.0}) {
    EXPECT_TRUE(
        matches(where("number", one_of({3.0, "x"s, 1.0, "a"s, 2.0})), {Null{}, number, Null{}}));
  }
  EXPECT_TRUE(matches(where("text", one_of({3.0, "x"s, 1.0, "a"s, 2.0})), {"a"s, Null{}, Null{}}));
  EXPECT_TRUE(matches(where("flag", one_of({1.0})), {Null{}, Null{}, true}));
  EXPECT_FALSE(matches(where("text", eq(1)), {"1"s, Null{}, Null{}}));
  EXPECT_TRUE(matches(where("text", gt(1e300)), {""s, Null{}, Null{}})) << "text is above numbers";
}

TEST(Matcher, TakesTimeThatGrowsNoFasterThanTheProductOfTheLengths) {
  std::string pattern;
  for (int i = 0; i < 1000; ++i) pattern += "%a";
  EXPECT_FALSE(likes(pattern + "b", std::string(5000, 'a')));
}

TEST(Matcher, LeavesToSqliteWhatOnlySqliteKnows) {
  const auto is_possible = [](const Query& query) {
    const auto matcher = Matcher::make(kTable, query);
    EXPECT_TRUE(matcher.ok());
    return matcher.ok() && matcher->has_value();
  };
  EXPECT_TRUE(is_possible(from("t").where("id", like("a%")).order_by(asc("text")).take(3)));
  EXPECT_FALSE(is_possible(from("t").where("number", like("1%"))));
  EXPECT_FALSE(is_possible(from("t").where(any_of({where("flag", includes("1"))}))));
  EXPECT_FALSE(is_possible(from("t").where("number", not_like("1%"))));
  EXPECT_FALSE(is_possible(from("t").where(sql_expression("1"))));
  EXPECT_FALSE(is_possible(from("t").where(any_of({all_of({search("x")})}))));
  EXPECT_FALSE(is_possible(from("t").on("t", {})));
  EXPECT_FALSE(is_possible(from_sql("t", "select * from t")));
}

TEST(Matcher, RefusesWhatCompileRefuses) {
  EXPECT_EQ(Matcher::make(kTable, from("t").where("txt", eq(1))).error().code,
            ErrorCode::UnknownColumn);
  EXPECT_EQ(Matcher::make(kTable, from("t").where("text", one_of({Null{}}))).error().code,
            ErrorCode::InvalidQuery);
}

TEST(Ordering, LeavesToSqliteWhatOnlySqliteKnows) {
  EXPECT_FALSE(*Ordering::make(kTable, from("t").search("x").order_by(best_first())));
  EXPECT_FALSE(*Ordering::make(kTable, from_sql("t", "select * from t")));
  EXPECT_TRUE(*Ordering::make(kTable, from("t").on("t", {}).order_by(asc("text"))));
  EXPECT_EQ(Ordering::make(kTable, from("t").order_by(asc("txt"))).error().code,
            ErrorCode::UnknownColumn);
}

TEST(Ordering, BreaksTiesById) {
  const std::vector<Value> values{"same"s, 1.0, true};
  const RowView a{.id = "a", .status = "", .changed = "", .values = values};
  const RowView b{.id = "b", .status = "", .changed = "", .values = values};
  for (const auto& query : {from("t"), from("t").order_by(desc("text"))}) {
    const auto ordering = **Ordering::make(kTable, query);
    EXPECT_TRUE(ordering.compare(a, b) < 0);
    EXPECT_TRUE(ordering.compare(a, a) == 0);
  }
}

}  // namespace
}  // namespace convoy::query
