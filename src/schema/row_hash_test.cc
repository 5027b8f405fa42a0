#include "schema/row_hash.h"

#include <gtest/gtest.h>

#include <string>

namespace convoy::schema {
namespace {

using base::Json;

std::string hashed(PgType pg_type, const std::string& json, ColumnType type = ColumnType::String) {
  const auto wire = base::parse_json(json);
  EXPECT_TRUE(wire.ok()) << json;
  const Column column{.name = "c", .type = type, .is_optional = true, .pg_type = pg_type};
  std::string text;
  append_hashed_value(text, column, *wire);
  return text;
}

// The expected texts are what `select to_jsonb(value)::text` printed in Postgres 15.
TEST(RowHash, WritesValuesAsPostgresDoes) {
  EXPECT_EQ(hashed(PgType::Native, "null"), "null");
  EXPECT_EQ(hashed(PgType::Native, "true", ColumnType::Boolean), "true");
  EXPECT_EQ(hashed(PgType::Native, R"("a\"\\\/é\u0001\u001f\u007f\b\f\n\r\t")"),
            "\"a\\\"\\\\/é\\u0001\\u001f\x7f\\b\\f\\n\\r\\t\"");
  EXPECT_EQ(hashed(PgType::Uuid, R"("6f9619ff-8b86-d011-b42d-00c04fc964ff")"),
            R"("6f9619ff-8b86-d011-b42d-00c04fc964ff")");
}

TEST(RowHash, WritesNumbersInOneSpelling) {
  const auto number = [](const std::string& json) {
    return hashed(PgType::Native, json, ColumnType::Number);
  };
  EXPECT_EQ(number("1e22"), "10000000000000000000000");
  EXPECT_EQ(number("1E-7"), "0.0000001");
  EXPECT_EQ(number("-1.50"), "-1.5");
  EXPECT_EQ(number("100"), "100");
  EXPECT_EQ(number("-0"), "0");
  EXPECT_EQ(number("0.1"), "0.1");
  EXPECT_EQ(number("12.34e1"), "123.4");
  EXPECT_EQ(number(R"("Infinity")"), R"("Infinity")");
  EXPECT_EQ(hashed(PgType::Numeric, "1.10"), "1.1");
  EXPECT_EQ(hashed(PgType::Numeric, R"("1.10")"), "1.1");
  EXPECT_EQ(hashed(PgType::Numeric, R"("NaN")"), R"("NaN")");
  EXPECT_EQ(hashed(PgType::Bigint, "9223372036854775807"), "9223372036854775807");
}

TEST(RowHash, WritesTimesInOneSpelling) {
  const auto time = [](const std::string& json) {
    return hashed(PgType::Timestamptz, json, ColumnType::Number);
  };
  for (const char* same : {R"("2026-11-22T10:46:02.5Z")", R"("2026-11-22 10:46:02.500000+00")",
                           R"("2026-11-22T11:46:02.5+01:00")"}) {
    EXPECT_EQ(time(same), R"("2026-11-22T10:46:02.5+00:00")") << same;
  }
  EXPECT_EQ(time(R"("2026-11-22T10:46:02.000000Z")"), R"("2026-11-22T10:46:02+00:00")");
  EXPECT_EQ(time(R"("2026-11-22T10:46:00.952027Z")"), R"("2026-11-22T10:46:00.952027+00:00")");
  EXPECT_EQ(time(R"("infinity")"), R"("infinity")");
}

TEST(RowHash, WritesDocumentsAsJsonbDoes) {
  EXPECT_EQ(hashed(PgType::Jsonb, R"({"bb":1.10,"a":[1,{"z":null}],"é":"x","c":{}})"),
            R"({"a": [1, {"z": null}], "c": {}, "bb": 1.10, "é": "x"})");
  EXPECT_EQ(hashed(PgType::Array, R"(["a",null,"b"])"), R"(["a", null, "b"])");
  EXPECT_EQ(hashed(PgType::Jsonb, "[]"), "[]");
}

// select ('x' || left(encode(sha256('abc'), 'hex'), 16))::bit(64)::bigint, get_byte(sha256('abc'),
// 0)
TEST(RowHash, TakesTheFirstEightBytes) {
  EXPECT_EQ(hash_text(row_hash("abc")), "ba7816bf8f01cfea");
  EXPECT_EQ(bucket_of("abc"), 0xba);
}

TEST(RowHash, ReadsWhatItWrites) {
  EXPECT_EQ(hash_text(0), "0000000000000000");
  EXPECT_EQ(parse_hash("00000000000000ff"), 255U);
  EXPECT_EQ(parse_hash("ff"), std::nullopt);
  EXPECT_EQ(parse_hash("00000000000000fg"), std::nullopt);
  EXPECT_EQ(parse_hash(hash_text(~std::uint64_t{0})), ~std::uint64_t{0});
}

}  // namespace
}  // namespace convoy::schema
