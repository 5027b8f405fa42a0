// Live results as JSON, followed by somebody who has nothing else.
#include "live/live_json.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/json.h"
#include "live/differences.h"

namespace convoy::live {
namespace {

using base::Json;

const Table kTable{.name = "tasks", .columns = {{.name = "n", .type = ColumnType::Number}}};

RecordPointer row(const std::string& id, double n = 0) {
  return std::make_shared<const Record>(
      Record{.table = &kTable, .id = id, .status = "synced", .changed = {}, .values = {n}});
}

std::string text_of(const std::string& id, const std::string& n = "0") {
  return R"({"id":")" + id + R"(","_status":"synced","_changed":"","n":)" + n + "}";
}

TEST(LiveJson, WritesTheFirstResultWhole) {
  const LiveRows now{.rows = {row("a"), row("b", 2)}, .differences = {}, .is_first = true};
  const auto expected = R"({"first":true,"rows":[)" + text_of("a") + "," + text_of("b", "2") +
                        R"(],"differences":[]})";
  EXPECT_EQ(to_json(now, LiveRowsForm::AllRows), expected);
  EXPECT_EQ(to_json(now, LiveRowsForm::Differences), expected);
}

TEST(LiveJson, WritesTheDifferencesWithTheirRecordsWhereThereAreNoRows) {
  const LiveRows now{.rows = {row("a"), row("c", 3)},
                     .differences = {{.kind = DifferenceKind::Removed, .from = 4},
                                     {.kind = DifferenceKind::Inserted, .to = 0},
                                     {.kind = DifferenceKind::Moved, .from = 2, .to = 1},
                                     {.kind = DifferenceKind::Changed, .from = 2, .to = 1}}};
  EXPECT_EQ(to_json(now, LiveRowsForm::Differences),
            R"({"first":false,"differences":[{"kind":"removed","from":4},)"
            R"({"kind":"inserted","to":0,"record":)" +
                text_of("a") +
                R"(},{"kind":"moved","from":2,"to":1},)"
                R"({"kind":"changed","from":2,"to":1,"record":)" +
                text_of("c", "3") + "}]}");
  EXPECT_EQ(to_json(now, LiveRowsForm::AllRows),
            R"({"first":false,"rows":[)" + text_of("a") + "," + text_of("c", "3") +
                R"(],"differences":[{"kind":"removed","from":4},{"kind":"inserted","to":0},)"
                R"({"kind":"moved","from":2,"to":1},{"kind":"changed","from":2,"to":1}]})");
}

std::size_t position(const Json& difference, std::string_view member) {
  return static_cast<std::size_t>(*difference.find(member)->integer());
}

// As docs/reference/json.md says.
Json::Array followed(const Json::Array& before, const Json::Array& differences) {
  std::vector<bool> is_out(before.size(), false);
  const auto kind_of = [](const Json& step) { return *step.find("kind")->string(); };
  for (const auto& step : differences) {
    const auto kind = kind_of(step);
    if (kind == "removed" || kind == "moved") is_out[position(step, "from")] = true;
  }
  Json::Array rows;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (!is_out[i]) rows.push_back(before[i]);
  }
  for (const auto& step : differences) {
    const auto kind = kind_of(step);
    if (kind == "removed") continue;
    const auto to = position(step, "to");
    const auto place = rows.begin() + static_cast<std::ptrdiff_t>(to);
    if (kind == "inserted") rows.insert(place, *step.find("record"));
    if (kind == "moved") rows.insert(place, before[position(step, "from")]);
    if (kind == "changed") rows[to] = *step.find("record");
  }
  return rows;
}

Rows rows_of(const std::vector<int>& order, double n) {
  Rows rows;
  for (const int id : order) {
    // Every third has content that changes.
    rows.push_back(row(std::to_string(id), id % 3 == 0 ? n : 0));
  }
  return rows;
}

Json::Array array_of(const LiveRows& rows) {
  const auto json = *base::parse_json(to_json(rows, LiveRowsForm::AllRows));
  return *json.find("rows")->array();
}

RC_GTEST_PROP(LiveJson, CanBeFollowedFromAnyResultToAnyOther, ()) {
  const auto ids = rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 12));
  const auto before = rows_of(*ids, 1);
  auto now = rows_of(*ids, 2);
  LiveRows next{.rows = {}, .differences = differences(before, now)};
  next.rows = now;
  const auto json = *base::parse_json(to_json(next, LiveRowsForm::Differences));
  RC_ASSERT(json.find("rows") == nullptr);
  const auto start = array_of({.rows = before, .differences = {}, .is_first = true});
  RC_ASSERT(followed(start, *json.find("differences")->array()) == array_of(next));
}

}  // namespace
}  // namespace convoy::live
