// Records, rows and values as JSON and back, without loss and without guessing.
#include "store/record_json.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "store/test_support.h"

namespace convoy::store {
namespace {

using namespace std::string_literals;
using base::Json;
using testing::code_of;
using testing::Fixture;
using ::testing::HasSubstr;

Table every_type() {
  return {.name = "things",
          .columns = {{.name = "text"},
                      {.name = "number", .type = ColumnType::Number},
                      {.name = "flag", .type = ColumnType::Boolean},
                      {.name = "at", .type = ColumnType::Number, .pg_type = PgType::Timestamptz},
                      {.name = "doc", .is_optional = true, .pg_type = PgType::Jsonb},
                      {.name = "list", .is_optional = true, .pg_type = PgType::Array},
                      {.name = "big", .is_optional = true, .pg_type = PgType::Bigint},
                      {.name = "exact", .is_optional = true, .pg_type = PgType::Numeric}},
          .ids = IdKind::Watermelon};
}

Json json(std::string_view text) {
  auto parsed = base::parse_json(text);
  EXPECT_TRUE(parsed.ok()) << text;
  return *std::move(parsed);
}

// The value for a column as it would reach the writer.
Result<Value> read(const std::string& column, std::string_view text) {
  static const Table table = every_type();
  return value_from_json(table, *table.find_column(column), json(text));
}

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(RecordJson, WritesARecordWithAllItsColumnsAsTheyAreKept) {
  const auto table = every_type();
  const Record record{.table = &table,
                      .id = "a\"b",
                      .status = "updated",
                      .changed = "text,flag",
                      .values = {"line\n"s, 2.5, true, kInfinity, R"({"a":1})"s, Null{},
                                 "12345678901234567890"s, "1.10"s}};
  EXPECT_EQ(to_json(record),
            R"({"id":"a\"b","_status":"updated","_changed":"text,flag","text":"line\n",)"
            R"("number":2.5,"flag":true,"at":"Infinity","doc":"{\"a\":1}","list":null,)"
            R"("big":"12345678901234567890","exact":"1.10"})");
}

TEST(RecordJson, WritesListsAndWhatIsAbsent) {
  const auto table = every_type();
  const std::vector<std::optional<Record>> parents{std::nullopt};
  EXPECT_EQ(to_json(parents), "[null]");
  EXPECT_EQ(to_json(std::vector<Record>()), "[]");
  EXPECT_EQ(to_json(std::vector<std::vector<Record>>(2)), "[[],[]]");
  EXPECT_EQ(to_json(std::vector<std::string>{"a", "b\""}), R"(["a","b\""])");
  EXPECT_EQ(to_json(std::shared_ptr<const Record>()), "null");
}

TEST(RecordJson, WritesPlainRowsAndExplanations) {
  const RawRows rows{.columns = {"status", "n"}, .rows = {{"TODO"s, 3.0}, {Null{}, -0.5}}};
  EXPECT_EQ(to_json(rows), R"({"columns":["status","n"],"rows":[["TODO",3],[null,-0.5]]})");
  EXPECT_EQ(to_json(RawRows()), R"({"columns":[],"rows":[]})");
  const Explanation explanation{.sql = "select \"x\"",
                                .args = {1.0, true},
                                .plan = {"SCAN tasks"},
                                .tables = {"tasks"},
                                .is_maintained = true};
  EXPECT_EQ(to_json(explanation), R"({"sql":"select \"x\"","args":[1,true],"plan":["SCAN tasks"],)"
                                  R"("tables":["tasks"],"maintained":true})");
}

TEST(RecordJson, StaysJsonWhateverBytesAFileHolds) {
  EXPECT_EQ(to_json(Value("a\xff\xc3\xa9\xe2\x82z\0"s)),
            "\"a\xEF\xBF\xBD\xc3\xa9\xEF\xBF\xBD\xEF\xBF\xBDz\\u0000\"");
  EXPECT_EQ(to_json(Value(-kInfinity)), R"("-Infinity")");
  EXPECT_EQ(to_json(Value(std::numeric_limits<double>::quiet_NaN())), "null");
}

TEST(RecordJson, ReadsEachColumnsValues) {
  EXPECT_EQ(*read("text", R"("x")"), Value("x"s));
  EXPECT_EQ(*read("text", R"("Infinity")"), Value("Infinity"s));
  EXPECT_EQ(*read("number", "-12.5e1"), Value(-125.0));
  EXPECT_EQ(*read("flag", "false"), Value(false));
  EXPECT_EQ(*read("at", R"("-Infinity")"), Value(-kInfinity));
  EXPECT_EQ(*read("doc", R"({"a": [1, null]})"), Value(R"({"a":[1,null]})"s));
  EXPECT_EQ(*read("doc", "5"), Value("5"s));
  EXPECT_EQ(*read("doc", R"("{\"a\":1}")"), Value(R"({"a":1})"s)) << "text is JSON text already";
  EXPECT_EQ(*read("doc", "null"), Value(Null{}));
  EXPECT_EQ(*read("list", "[1, \"b\"]"), Value(R"([1,"b"])"s));
  EXPECT_EQ(*read("big", "9223372036854775807"), Value("9223372036854775807"s));
  EXPECT_EQ(*read("exact", "1.10"), Value("1.10"s)) << "every digit and the scale";
}

TEST(RecordJson, LosesNoDigitsOfAnInteger) {
  EXPECT_EQ(*read("number", "9007199254740992"), Value(9007199254740992.0));
  EXPECT_EQ(*read("number", "123456789012345680000"), Value(123456789012345680000.0))
      << "as JavaScript writes it";
  EXPECT_EQ(*read("number", "0.10000000000000000001"), Value(0.1)) << "fractions are rounded";
  const auto lost = read("number", "9007199254740993");
  EXPECT_EQ(code_of(lost), ErrorCode::InvalidArgument);
  EXPECT_THAT(lost.error().message, HasSubstr("things.number"));
  EXPECT_THAT(lost.error().message, HasSubstr("9007199254740993"));
  EXPECT_EQ(code_of(read("number", "1e999")), ErrorCode::InvalidArgument);
  EXPECT_EQ(code_of(read("text", "[]")), ErrorCode::InvalidArgument);
  EXPECT_EQ(code_of(read("flag", "{}")), ErrorCode::InvalidArgument);
}

TEST(RecordJson, ReadsFields) {
  const auto table = every_type();
  const auto fields = fields_from_json(table, json(R"({"text":"x","flag":null,"number":1})"));
  ASSERT_TRUE(fields.ok());
  EXPECT_EQ(*fields, (Fields{{"text", "x"s}, {"flag", Null{}}, {"number", 1.0}}));
  EXPECT_TRUE(fields_from_json(table, json("{}"))->empty());
  const auto unknown = fields_from_json(table, json(R"({"txt":1})"));
  EXPECT_EQ(code_of(unknown), ErrorCode::UnknownColumn);
  EXPECT_THAT(unknown.error().hint, HasSubstr("\"text\""));
  for (const auto* refused :
       {R"({"id":"x"})", R"({"_status":"synced"})", R"({"_changed":""})", "[]", "null", R"("x")"}) {
    EXPECT_EQ(code_of(fields_from_json(table, json(refused))), ErrorCode::InvalidArgument);
  }
}

TEST(RecordJson, ReadsArgumentsAndIds) {
  EXPECT_EQ(*values_from_json(json(R"([1,"a",null,true])"), "args"),
            (std::vector<Value>{1.0, "a"s, Null{}, true}));
  const auto nested = values_from_json(json("[1,[2]]"), "args");
  EXPECT_EQ(code_of(nested), ErrorCode::InvalidArgument);
  EXPECT_THAT(nested.error().message, HasSubstr("args[1]"));
  EXPECT_EQ(code_of(values_from_json(json("{}"), "args")), ErrorCode::InvalidArgument);
  EXPECT_EQ(*texts_from_json(json(R"(["a","b"])"), "ids"), (std::vector{"a"s, "b"s}));
  EXPECT_THAT(texts_from_json(json(R"(["a",1])"), "ids").error().message, HasSubstr("ids[1]"));
}

TEST(RecordJson, ReadsRowsInTheFormInWhichTheyAreWritten) {
  const auto table = every_type();
  const RawRows rows{.columns = {"text", "id", "at"},
                     .rows = {{"x"s, "1"s, kInfinity}, {"y"s, "2"s, 5.0}}};
  EXPECT_EQ(*rows_from_json(table, json(to_json(rows))), rows);
  EXPECT_EQ(code_of(rows_from_json(table, json(R"({"columns":["txt"],"rows":[]})"))),
            ErrorCode::UnknownColumn);
  const auto uneven =
      rows_from_json(table, json(R"({"columns":["id","text"],"rows":[["1","x"],["2"]]})"));
  EXPECT_EQ(code_of(uneven), ErrorCode::InvalidArgument);
  EXPECT_THAT(uneven.error().message, HasSubstr("rows[1]"));
  for (const auto* refused : {"[]", "{}", R"({"columns":["id"]})", R"({"columns":[1],"rows":[]})",
                              R"({"columns":["id"],"rows":{}})", R"({"columns":["id"],"rows":[1]})",
                              R"({"columns":["id"],"rows":[],"more":1})"}) {
    EXPECT_EQ(code_of(rows_from_json(table, json(refused))), ErrorCode::InvalidArgument) << refused;
  }
}

RC_GTEST_PROP(RecordJson, GivesBackEveryNumberBitByBit, (std::uint64_t bits)) {
  double number = 0;
  std::memcpy(&number, &bits, sizeof number);
  RC_PRE(!std::isnan(number) && (number != 0 || !std::signbit(number)));
  RC_ASSERT(*read("at", to_json(Value(number))) == Value(number));
}

RC_GTEST_PROP(RecordJson, GivesBackEveryText, (const std::vector<std::uint16_t>& codes)) {
  std::string text;
  for (const auto code : codes) {
    if (code < 0x80) {
      text += static_cast<char>(code);
    } else if (code < 0x800) {
      text += {static_cast<char>(0xC0 | (code >> 6)), static_cast<char>(0x80 | (code & 0x3F))};
    }
  }
  RC_ASSERT(*read("text", to_json(Value(text))) == Value(text));
}

TEST(RecordJson, SaysWhatIsWrongWithTextThatIsNoJson) {
  const auto broken = parse_argument("{\"a\":", "fields");
  EXPECT_EQ(code_of(broken), ErrorCode::InvalidArgument);
  EXPECT_THAT(broken.error().message, HasSubstr("fields"));
  EXPECT_EQ(code_of(parse_argument("\"\xff\"", "fields")), ErrorCode::InvalidArgument);
}

TEST(RecordJson, ComesBackFromTheDatabaseAsItWasGiven) {
  Fixture fixture;
  Schema schema;
  schema.tables.push_back(every_type());
  auto database = fixture.open(":memory:", schema);
  const auto& table = schema.tables[0];
  const auto write = [&](Writer& writer) -> Status {
    CONVOY_TRY(auto fields,
               fields_from_json(table, json(R"({"text":"ü","number":-1.5,"flag":true,)"
                                            R"("at":"Infinity","doc":{"b":1.10,"a":[]},"list":[1],)"
                                            R"("big":-9223372036854775808,"exact":0.30})")));
    CONVOY_CHECK_OK(writer.create("things", std::move(fields), "x"));
    return ok_status();
  };
  CONVOY_ASSERT_OK(database.write(write));
  const auto found = *database.find("things", "x");
  EXPECT_EQ(to_json(found),
            R"({"id":"x","_status":"created","_changed":"","text":"ü","number":-1.5,"flag":true,)"
            R"("at":"Infinity","doc":"{\"b\":1.10,\"a\":[]}","list":"[1]",)"
            R"("big":"-9223372036854775808","exact":"0.30"})");
}

}  // namespace
}  // namespace convoy::store
