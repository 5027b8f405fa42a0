// The small pure helpers of `base`.
#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "base/error_name.h"
#include "base/number_text.h"
#include "base/text.h"
#include "base/time_text.h"
#include "base/uuid.h"

namespace convoy::base {
namespace {

TEST(ErrorName, LeadsBackToItsCode) {
  EXPECT_EQ(error_code_named(to_string(ErrorCode::SignInRequired)), ErrorCode::SignInRequired);
  EXPECT_EQ(error_code_named("NoSuchCode"), std::nullopt);
  EXPECT_EQ(error_code_named(""), std::nullopt);
}

TEST(NumberText, WritesTheShortestExactForm) {
  EXPECT_EQ(format_double(42), "42");
  EXPECT_EQ(format_double(-0.0), "0");
  EXPECT_EQ(format_double(0.1), "0.1");
  EXPECT_EQ(format_double(1590485104033), "1590485104033");
  EXPECT_EQ(format_double(1e300), "1e+300");
}

RC_GTEST_PROP(NumberText, ReadsBackTheSameDouble, (double value)) {
  RC_PRE(std::isfinite(value));
  RC_ASSERT(is_json_number(format_double(value)));
  RC_ASSERT(parse_double(format_double(value)) == value);
}

TEST(NumberText, KnowsOneValueInManySpellings) {
  EXPECT_EQ(canonical_decimal("1.10"), canonical_decimal("11e-1"));
  EXPECT_EQ(canonical_decimal("-0.0"), canonical_decimal("0"));
  EXPECT_EQ(canonical_decimal("100"), canonical_decimal("1E2"));
  EXPECT_NE(canonical_decimal("1"), canonical_decimal("-1"));
  EXPECT_NE(canonical_decimal("12345678901234567890"), canonical_decimal("12345678901234567891"));
}

TEST(Text, KnowsWellFormedUtf8) {
  EXPECT_TRUE(is_utf8("aé€😀"));
  EXPECT_TRUE(is_utf8(""));
  for (const char* bad :
       {"\x80", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xC3", "\xFF"}) {
    EXPECT_FALSE(is_utf8(bad)) << bad;
  }
}

TEST(Text, ReplacesWhatIsNoUtf8) {
  EXPECT_EQ(as_utf8("aé€😀"), "aé€😀");
  EXPECT_EQ(as_utf8("a\xC3"
                    "b\xFF"),
            "a\uFFFDb\uFFFD");
  EXPECT_EQ(as_utf8("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");
}

TEST(Text, RefusesNul) {
  const auto status = check_text(std::string_view("a\0b", 3), "title");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::InvalidText);
  EXPECT_NE(status.error().message.find("title"), std::string::npos);
}

TEST(TimeText, ReadsTheFormsThatServersPrint) {
  const double expected = 1795344362952.027;
  EXPECT_EQ(parse_timestamp("2026-11-22T10:46:02.952027+00:00"), expected);
  EXPECT_EQ(parse_timestamp("2026-11-22 10:46:02.952027+00"), expected);
  EXPECT_EQ(parse_timestamp("2026-11-22T10:46:02.952027Z"), expected);
  EXPECT_EQ(parse_timestamp("2026-11-22T16:16:02.952027+05:30"), expected);
  EXPECT_EQ(parse_timestamp("1970-01-01T00:00:00"), 0.0);
  EXPECT_EQ(parse_timestamp("1970-01-02"), 86'400'000.0);
  EXPECT_EQ(parse_timestamp("infinity"), std::numeric_limits<double>::infinity());
}

TEST(TimeText, RefusesWhatIsNoTime) {
  for (const char* bad : {"", "now", "2026-13-01", "2026-02-30", "2026-11-22T",
                          "2026-11-22T10:46:02.+00", "2026-11-22T10:46:02+00x", "-026-11-22"}) {
    EXPECT_FALSE(parse_timestamp(bad).has_value()) << bad;
  }
}

RC_GTEST_PROP(TimeText, KeepsEveryMicrosecond, ()) {
  // Within 2^43 ms of 1970 neighbouring doubles are less than a microsecond apart.
  const auto micros =
      *rc::gen::inRange<std::int64_t>(-8'790'000'000'000'000, 8'790'000'000'000'000);
  const double ms = static_cast<double>(micros) / 1000.0;
  const auto text = format_timestamp(ms);
  RC_ASSERT(text.has_value());
  RC_ASSERT(parse_timestamp(*text) == ms);
  const auto digits = text->substr(text->find('.') + 1, 6);
  RC_ASSERT(std::stoll(digits) == ((micros % 1'000'000) + 1'000'000) % 1'000'000);
}

TEST(TimeText, KeepsTheMicrosecondsFarFrom1970) {
  EXPECT_EQ(format_timestamp(static_cast<double>(-4'503'599'627'370'405) / 1000.0),
            "1827-04-16T00:06:12.629595Z");
}

class CountingRandom : public Random {
 public:
  void fill(std::span<std::uint8_t> bytes) override {
    for (auto& byte : bytes) byte = next_++;
  }

 private:
  std::uint8_t next_ = 0;
};

TEST(Uuid, HasVersionVariantAndTime) {
  CountingRandom random;
  const auto id = uuid_v7(0x0123456789AB, random);
  EXPECT_TRUE(is_uuid(id)) << id;
  EXPECT_EQ(id.substr(0, 15), "01234567-89ab-7");
  EXPECT_EQ(uuid_v4(random)[14], '4');
  EXPECT_FALSE(is_uuid("01234567-89AB-7000-8000-000000000000"));
  EXPECT_FALSE(is_uuid("x"));
}

TEST(Uuid, RandomIdsHaveWatermelonsForm) {
  CountingRandom random;
  const auto id = random_id(random);
  EXPECT_EQ(id.size(), 16U);
  EXPECT_NE(id, random_id(random));
}

}  // namespace
}  // namespace convoy::base
