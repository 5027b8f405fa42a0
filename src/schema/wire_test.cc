// Every row of docs/reference/types.md, both ways.
#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "base/number_text.h"
#include "schema/sanitise.h"
#include "schema/wire.h"

namespace convoy::schema {
namespace {

using base::Json;
using namespace std::string_literals;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Column column_of(PgType pg_type, ColumnType type = ColumnType::String, bool is_optional = false) {
  return {.name = "c", .type = type, .is_optional = is_optional, .pg_type = pg_type};
}

const Column kText = column_of(PgType::Native);
const Column kNumber = column_of(PgType::Native, ColumnType::Number);
const Column kBoolean = column_of(PgType::Native, ColumnType::Boolean);
const Column kTime = column_of(PgType::Timestamptz, ColumnType::Number);
const Column kDate = column_of(PgType::Date);
const Column kUuid = column_of(PgType::Uuid);
const Column kJsonb = column_of(PgType::Jsonb);
const Column kArray = column_of(PgType::Array);
const Column kBigint = column_of(PgType::Bigint);
const Column kNumeric = column_of(PgType::Numeric);

struct Conversion {
  const Column& column;
  const char* server;  // JSON text.
  Value local;
  const char* sent;  // JSON text; null: as the server's.
};

TEST(Wire, ConvertsBothWays) {
  const Conversion cases[] = {
      {kText, "\"x\"", "x"s, nullptr},
      {kText, "\"\\\\x00ff\"", "\\x00ff"s, nullptr},  // bytea
      {kNumber, "42", 42.0, nullptr},
      {kNumber, "42.0", 42.0, "42"},
      {kNumber, "-0.1", -0.1, nullptr},
      {kNumber, "1e300", 1e300, "1e+300"},
      {kNumber, "\"Infinity\"", kInfinity, nullptr},
      {kNumber, "\"-Infinity\"", -kInfinity, nullptr},
      {kBoolean, "true", true, nullptr},
      {kBoolean, "false", false, nullptr},
      {kTime, "\"2026-11-22T10:46:02.952027+00:00\"", 1795344362952.027,
       "\"2026-11-22T10:46:02.952027Z\""},
      {kTime, "\"2026-11-22 10:46:02.952027+00\"", 1795344362952.027,
       "\"2026-11-22T10:46:02.952027Z\""},
      {kTime, "\"infinity\"", kInfinity, nullptr},
      {kTime, "\"-infinity\"", -kInfinity, nullptr},
      {kDate, "\"2026-11-22\"", "2026-11-22"s, nullptr},
      {kUuid, "\"0190a6f0-0000-7000-8000-0000000000ab\"", "0190a6f0-0000-7000-8000-0000000000ab"s,
       nullptr},
      {kJsonb, "{\"a\": [1.10, 12345678901234567890, null]}",
       "{\"a\":[1.10,12345678901234567890,null]}"s, nullptr},
      {kJsonb, "\"text\"", "\"text\""s, nullptr},
      {kJsonb, "null", "null"s, nullptr},
      {kArray, "[1,[2,null]]", "[1,[2,null]]"s, nullptr},
      {kBigint, "9223372036854775807", "9223372036854775807"s, nullptr},
      {kBigint, "\"9223372036854775807\"", "9223372036854775807"s, "9223372036854775807"},
      {kNumeric, "1.10", "1.10"s, nullptr},
      {kNumeric, "\"NaN\"", "NaN"s, nullptr},
      {kNumeric, "123456789012345678901234567890.0123456789",
       "123456789012345678901234567890.0123456789"s, nullptr},
  };
  int row = 0;
  for (const auto& line : cases) {
    SCOPED_TRACE(row++);
    const auto wire = *base::parse_json(line.server);
    const auto local = from_wire(line.column, wire);
    ASSERT_TRUE(local.ok()) << local.error().message;
    EXPECT_EQ(*local, line.local);
    const auto sent = to_wire(line.column, *local);
    EXPECT_EQ(sent.dump(),
              base::parse_json(line.sent == nullptr ? line.server : line.sent)->dump());
    EXPECT_TRUE(same_wire_value(line.column, sent, wire));
    EXPECT_EQ(*from_wire(line.column, sent), *local);
  }
}

TEST(Wire, RefusesWhatIsOfAnotherType) {
  const std::pair<const Column&, const char*> cases[] = {
      {kText, "1"},       {kText, "{}"},          {kText, "true"},
      {kText, "null"},    {kText, "\"\\u0000\""}, {kNumber, "\"1\""},
      {kNumber, "true"},  {kNumber, "null"},      {kNumber, "\"NaN\""},
      {kNumber, "1e999"}, {kBoolean, "1"},        {kBoolean, "\"true\""},
      {kTime, "1"},       {kTime, "\"now\""},     {kTime, "\"44-01-01 00:00:00+00 BC\""},
      {kDate, "1"},       {kUuid, "1"},           {kArray, "{}"},
      {kArray, "null"},   {kBigint, "true"},      {kNumeric, "[]"},
      {kNumeric, "null"},
  };
  for (const auto& [column, text] : cases) {
    const auto value = from_wire(column, *base::parse_json(text));
    ASSERT_FALSE(value.ok()) << text;
    EXPECT_EQ(value.error().code, ErrorCode::SchemaMismatch);
    EXPECT_NE(value.error().message.find("\"c\""), std::string::npos);
  }
}

TEST(Wire, KeepsNullWhereItIsAllowed) {
  for (const auto type : {PgType::Native, PgType::Jsonb, PgType::Bigint}) {
    const auto column = column_of(type, ColumnType::String, true);
    EXPECT_EQ(*from_wire(column, Json()), Value(Null{}));
    EXPECT_TRUE(to_wire(column, Null{}).is_null());
  }
  // SQLite has no NaN.
  EXPECT_EQ(*from_wire(column_of(PgType::Native, ColumnType::Number, true), "NaN"), Value(Null{}));
}

TEST(Wire, ComparesByMeaning) {
  const auto same = [](const Column& column, const char* left, const char* right) {
    return same_wire_value(column, *base::parse_json(left), *base::parse_json(right));
  };
  EXPECT_TRUE(same(kTime, "\"2026-11-22 10:00:00+00\"", "\"2026-11-22T12:00:00+02:00\""));
  EXPECT_FALSE(same(kTime, "\"2026-11-22 10:00:00+00\"", "\"2026-11-22 10:00:00.000001+00\""));
  EXPECT_TRUE(same(kNumeric, "1.10", "\"1.1\""));
  EXPECT_FALSE(same(kNumeric, "12345678901234567890", "12345678901234567891"));
  EXPECT_TRUE(same(kBigint, "7", "\"7\""));
  EXPECT_TRUE(same(kNumber, "1.0", "1"));
  EXPECT_FALSE(same(kNumber, "0", "null"));
  EXPECT_TRUE(same(kJsonb, "{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}"));
  EXPECT_TRUE(same(kUuid, "\"0190A6F0-0000-7000-8000-0000000000AB\"",
                   "\"0190a6f0-0000-7000-8000-0000000000ab\""));
  EXPECT_FALSE(same(kText, "\"1\"", "1"));
  EXPECT_FALSE(same(kText, "\"a\"", "\"A\""));
}

RC_GTEST_PROP(Wire, EveryNumberComesBack, (double number)) {
  RC_PRE(std::isfinite(number));
  RC_ASSERT(*from_wire(kNumber, to_wire(kNumber, number)) == Value(number == 0 ? 0.0 : number));
}

RC_GTEST_PROP(Wire, EveryMicrosecondComesBack, ()) {
  const auto micros =
      *rc::gen::inRange<std::int64_t>(-8'000'000'000'000'000, 8'000'000'000'000'000);
  const double local = static_cast<double>(micros) / 1000.0;
  const auto stored = *check_value({.name = "t", .columns = {kTime}}, kTime, local);
  const auto text = *to_wire(kTime, stored).string();
  const auto digits = text.substr(text.find('.') + 1, 6);
  RC_ASSERT(std::stoll(digits) == ((micros % 1'000'000) + 1'000'000) % 1'000'000);
  RC_ASSERT(*from_wire(kTime, to_wire(kTime, stored)) == stored);
}

RC_GTEST_PROP(Wire, EveryIntegerComesBack, (std::int64_t number)) {
  const Value local = std::to_string(number);
  RC_ASSERT(*from_wire(kBigint, to_wire(kBigint, local)) == local);
  RC_ASSERT(*check_value({.name = "t", .columns = {kBigint}}, kBigint, local) == local);
}

}  // namespace
}  // namespace convoy::schema
