// Two mutations as one, where that says the same.
#include "store/merge_mutations.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace convoy::store {
namespace {

std::string operation(const std::string& op, const std::string& id, const std::string& values,
                      const std::string& base = "") {
  return R"({"op":")" + op + R"(","table":"t","id":")" + id + R"(","values":)" + values +
         (base.empty() ? "" : R"(,"base":)" + base) + "}";
}

std::string text(const std::string& operations) { return R"({"ops":[)" + operations + "]}"; }

std::string merged(const std::string& earlier, const std::string& later) {
  return merge_mutations(text(earlier), text(later)).value_or("no");
}

TEST(MergeMutations, ALaterValueTakesThePlaceOfTheEarlierAndTheFirstBaseStays) {
  EXPECT_EQ(merged(operation("update", "a", R"({"x":1,"y":1})", R"({"x":0,"y":0})"),
                   operation("update", "a", R"({"x":2,"z":2})", R"({"x":1,"z":0})")),
            text(operation("update", "a", R"({"x":2,"y":1,"z":2})", R"({"x":0,"y":0,"z":0})")));
}

TEST(MergeMutations, AnInsertTakesTheUpdateIn) {
  EXPECT_EQ(merged(operation("insert", "a", R"({"x":1})"),
                   operation("update", "a", R"({"x":2,"y":2})", R"({"x":1,"y":null})")),
            text(operation("insert", "a", R"({"x":2,"y":2})")));
}

TEST(MergeMutations, OnlyOneOperationOfTheSameRecord) {
  const auto update = operation("update", "a", R"({"x":2})", R"({"x":1})");
  EXPECT_EQ(merged(operation("update", "b", R"({"x":1})", R"({"x":0})"), update), "no");
  EXPECT_EQ(merged(update + "," + update, update), "no");
  EXPECT_EQ(merged(update, update + "," + update), "no");
  EXPECT_EQ(merged(update, R"({"op":"delete","table":"t","id":"a"})"), "no");
  EXPECT_EQ(merged(R"({"op":"delete","table":"t","id":"a"})", update), "no");
  EXPECT_EQ(merged(update, operation("insert", "a", "{}")), "no");
}

// Somebody decided about the server's value in between: that it was known must not be lost.
TEST(MergeMutations, NotWhatWasMadeOnAnotherValue) {
  EXPECT_EQ(merged(operation("update", "a", R"({"x":1})", R"({"x":0})"),
                   operation("update", "a", R"({"x":2})", R"({"x":9})")),
            "no");
}

TEST(MergeMutations, NotWithAndWithoutABase) {
  EXPECT_EQ(merged(operation("update", "a", R"({"x":1})"),
                   operation("update", "a", R"({"y":2})", R"({"y":9})")),
            "no");
  EXPECT_EQ(merged(operation("update", "a", R"({"x":1})"), operation("update", "a", R"({"y":2})")),
            text(operation("update", "a", R"({"x":1,"y":2})")));
}

TEST(MergeMutations, NotBeyondTheBound) {
  const std::string long_text(limits::kMergedMutationBytesMax, 'x');
  EXPECT_EQ(merged(operation("insert", "a", R"({"x":")" + long_text + "\"}"),
                   operation("update", "a", R"({"y":2})", R"({"y":1})")),
            "no");
}

TEST(MergeMutations, NotWhatCannotBeRead) {
  EXPECT_FALSE(merge_mutations("{", text("")).has_value());
  EXPECT_FALSE(merge_mutations(text(operation("insert", "a", "{}")), "{}").has_value());
  EXPECT_FALSE(
      merge_mutations(text(operation("insert", "a", "5")), text(operation("update", "a", "6")))
          .has_value());
}

}  // namespace
}  // namespace convoy::store
