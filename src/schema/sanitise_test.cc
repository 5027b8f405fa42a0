// Values against their columns: WatermelonDB's truth table, and the strict check of writes.
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "schema/sanitise.h"

namespace convoy::schema {
namespace {

using namespace std::string_literals;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// One input and what each kind of column makes of it: required, then optional.
struct Sanitised {
  Value input;
  Value string, optional_string;
  Value number, optional_number;
  Value boolean, optional_boolean;
};

const Sanitised kTable[] = {
    {"Hello"s, "Hello"s, "Hello"s, 0.0, Null{}, false, Null{}},
    {""s, ""s, ""s, 0.0, Null{}, false, Null{}},
    {"true"s, "true"s, "true"s, 0.0, Null{}, false, Null{}},
    {"false"s, "false"s, "false"s, 0.0, Null{}, false, Null{}},
    {"1"s, "1"s, "1"s, 0.0, Null{}, false, Null{}},
    {"3.14"s, "3.14"s, "3.14"s, 0.0, Null{}, false, Null{}},
    {"NaN"s, "NaN"s, "NaN"s, 0.0, Null{}, false, Null{}},
    {true, ""s, Null{}, 0.0, Null{}, true, true},
    {false, ""s, Null{}, 0.0, Null{}, false, false},
    {1.0, ""s, Null{}, 1.0, 1.0, true, true},
    {0.0, ""s, Null{}, 0.0, 0.0, false, false},
    {-0.0, ""s, Null{}, 0.0, 0.0, false, false},
    {2.0, ""s, Null{}, 2.0, 2.0, false, Null{}},
    {3.14, ""s, Null{}, 3.14, 3.14, false, Null{}},
    {-1.0, ""s, Null{}, -1.0, -1.0, false, Null{}},
    {1e300, ""s, Null{}, 1e300, 1e300, false, Null{}},
    {kNan, ""s, Null{}, 0.0, Null{}, false, Null{}},
    {kInfinity, ""s, Null{}, 0.0, Null{}, false, Null{}},
    {-kInfinity, ""s, Null{}, 0.0, Null{}, false, Null{}},
    {Null{}, ""s, Null{}, 0.0, Null{}, false, Null{}},
    {"\xFF"s, ""s, Null{}, 0.0, Null{}, false, Null{}},
    {"a\0b"s, ""s, Null{}, 0.0, Null{}, false, Null{}},
};

TEST(Sanitise, FollowsTheTruthTable) {
  const auto run = [](ColumnType type, bool is_optional, const Value& input) {
    return sanitise({.name = "c", .type = type, .is_optional = is_optional}, input);
  };
  int row = 0;
  for (const auto& line : kTable) {
    SCOPED_TRACE(row++);
    EXPECT_EQ(run(ColumnType::String, false, line.input), line.string);
    EXPECT_EQ(run(ColumnType::String, true, line.input), line.optional_string);
    EXPECT_EQ(run(ColumnType::Number, false, line.input), line.number);
    EXPECT_EQ(run(ColumnType::Number, true, line.input), line.optional_number);
    EXPECT_EQ(run(ColumnType::Boolean, false, line.input), line.boolean);
    EXPECT_EQ(run(ColumnType::Boolean, true, line.input), line.optional_boolean);
  }
}

TEST(Sanitise, NoNegativeZero) {
  const Column column{.name = "c", .type = ColumnType::Number};
  EXPECT_FALSE(std::signbit(std::get<double>(sanitise(column, -0.0))));
}

TEST(Sanitise, InfinityIsATime) {
  const Column column{.name = "c", .type = ColumnType::Number, .pg_type = PgType::Timestamptz};
  EXPECT_EQ(sanitise(column, kInfinity), Value(kInfinity));
}

struct Checked {
  PgType pg_type;
  Value input;
  Value stored;  // Null: refused.
};

Result<Value> check(PgType pg_type, const Value& input, bool is_optional = false) {
  const bool is_time = pg_type == PgType::Timestamptz;
  const Column column{.name = "c",
                      .type = is_time ? ColumnType::Number : ColumnType::String,
                      .is_optional = is_optional,
                      .pg_type = pg_type};
  return check_value({.name = "t", .columns = {column}}, column, input);
}

TEST(CheckValue, BringsValuesIntoTheirForm) {
  const Checked cases[] = {
      {PgType::Native, "x"s, "x"s},
      {PgType::Native, 1.0, Null{}},
      {PgType::Native, true, Null{}},
      {PgType::Native, Null{}, Null{}},
      {PgType::Uuid, "0190A6F0-0000-7000-8000-0000000000AB"s,
       "0190a6f0-0000-7000-8000-0000000000ab"s},
      {PgType::Uuid, "0190a6f0"s, Null{}},
      {PgType::Uuid, ""s, Null{}},
      {PgType::Date, "2026-11-22"s, "2026-11-22"s},
      {PgType::Date, "infinity"s, "infinity"s},
      {PgType::Date, "2026-02-30"s, Null{}},
      {PgType::Date, "22.11.2026"s, Null{}},
      {PgType::Date, "2026-11-22 10:00"s, Null{}},
      {PgType::Jsonb, "{ \"a\": [1.10, null] }"s, "{\"a\":[1.10,null]}"s},
      {PgType::Jsonb, "{"s, Null{}},
      {PgType::Jsonb, ""s, Null{}},
      {PgType::Jsonb, "[\"\\u0000\"]"s, Null{}},
      {PgType::Array, "[1, 2]"s, "[1,2]"s},
      {PgType::Array, "{}"s, Null{}},
      {PgType::Bigint, "9223372036854775807"s, "9223372036854775807"s},
      {PgType::Bigint, "-9223372036854775808"s, "-9223372036854775808"s},
      {PgType::Bigint, "9223372036854775808"s, Null{}},
      {PgType::Bigint, "007"s, "7"s},
      {PgType::Bigint, "-0"s, "0"s},
      {PgType::Bigint, "1.5"s, Null{}},
      {PgType::Bigint, "-"s, Null{}},
      {PgType::Numeric, "1.10"s, "1.10"s},
      {PgType::Numeric, "+01.10"s, "1.10"s},
      {PgType::Numeric, "12345678901234567890.123"s, "12345678901234567890.123"s},
      {PgType::Numeric, "NaN"s, "NaN"s},
      {PgType::Numeric, "-Infinity"s, "-Infinity"s},
      {PgType::Numeric, ".5"s, Null{}},
      {PgType::Numeric, "one"s, Null{}},
      {PgType::Timestamptz, 1.5, 1.5},
      {PgType::Timestamptz, 1.23456789, 1.235},
      {PgType::Timestamptz, kInfinity, kInfinity},
      {PgType::Timestamptz, kNan, Null{}},
      {PgType::Timestamptz, 1e300, Null{}},
  };
  int row = 0;
  for (const auto& line : cases) {
    SCOPED_TRACE(row++);
    const auto stored = check(line.pg_type, line.input);
    if (is_null(line.stored)) {
      ASSERT_FALSE(stored.ok());
      EXPECT_EQ(stored.error().message.rfind("t.c", 0), 0U) << stored.error().message;
    } else {
      ASSERT_TRUE(stored.ok()) << stored.error().message;
      EXPECT_EQ(*stored, line.stored);
      // What is stored is in its form already.
      EXPECT_EQ(*check(line.pg_type, *stored), *stored);
    }
  }
}

TEST(CheckValue, RefusesNumbersThatAreNone) {
  const Column column{.name = "c", .type = ColumnType::Number};
  const Table table{.name = "t", .columns = {column}};
  EXPECT_FALSE(check_value(table, column, kInfinity).ok());
  EXPECT_FALSE(check_value(table, column, kNan).ok());
  EXPECT_FALSE(check_value(table, column, true).ok());
  EXPECT_TRUE(check_value(table, column, 1e300).ok());
}

TEST(CheckValue, TakesJsonNullForNull) {
  EXPECT_EQ(*check(PgType::Jsonb, "null"s, true), Value(Null{}));
  EXPECT_EQ(*check(PgType::Jsonb, "null"s, false), Value("null"s));
  EXPECT_EQ(*check(PgType::Jsonb, Null{}, true), Value(Null{}));
}

TEST(CheckValue, TellsBrokenTextFromOtherErrors) {
  EXPECT_EQ(check(PgType::Native, "\xC3"s).error().code, ErrorCode::InvalidText);
  EXPECT_EQ(check(PgType::Native, "a\0"s).error().code, ErrorCode::InvalidText);
}

TEST(CheckId, WantsTheTablesKind) {
  Table table{.name = "t"};
  EXPECT_FALSE(check_id(table, "abc").ok());
  EXPECT_EQ(*check_id(table, "0190A6F0-0000-7000-8000-0000000000AB"),
            "0190a6f0-0000-7000-8000-0000000000ab");
  table.ids = IdKind::Watermelon;
  EXPECT_EQ(*check_id(table, "abC"), "abC");
  EXPECT_FALSE(check_id(table, "").ok());
  EXPECT_FALSE(check_id(table, {"a\0", 2}).ok());
}

TEST(SameValue, ReadsJsonByMeaning) {
  const Column column{.name = "c", .pg_type = PgType::Jsonb};
  EXPECT_TRUE(same_value(column, "{\"a\":1,\"b\":2}"s, "{\"b\":2, \"a\":1.0}"s));
  EXPECT_FALSE(same_value(column, "{\"a\":1}"s, "{\"a\":2}"s));
  EXPECT_FALSE(same_value(column, Null{}, "{}"s));
  EXPECT_FALSE(same_value({.name = "c"}, "{ }"s, "{}"s));
}

}  // namespace
}  // namespace convoy::schema
