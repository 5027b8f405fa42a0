#include "conformance/runner/live_checks.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "conformance/runner/answer.h"
#include "conformance/runner/words.h"

namespace convoy::conformance {
namespace {

using Row = std::vector<Value>;

struct Step {
  std::string_view kind;
  std::size_t from = 0;
  std::size_t to = 0;
};

Step to_step(std::string_view text) {
  Words words(text);
  Step step{.kind = words.skip_word()};
  const auto position = [&] {
    const auto cell = to_cell(words.skip_word());
    const auto* number = cell ? std::get_if<double>(&cell->value) : nullptr;
    return number == nullptr ? std::size_t{0} : static_cast<std::size_t>(*number);
  };
  if (step.kind != "inserted") step.from = position();
  if (step.kind != "removed") step.to = position();
  return step;
}

std::vector<std::string> lines_of(const std::vector<Row>& rows, bool is_ordered) {
  std::vector<std::string> lines;
  for (const auto& row : rows) {
    std::string line;
    for (const auto& value : row) line += (line.empty() ? "" : "  ") + to_word(value);
    lines.push_back(std::move(line));
  }
  if (!is_ordered) std::ranges::sort(lines);
  return lines;
}

}  // namespace

std::optional<std::vector<Row>> followed(const std::vector<Row>& before,
                                         const std::vector<Row>& now,
                                         const std::vector<std::string>& differences) {
  std::vector<Step> steps;
  std::vector<bool> is_out(before.size(), false);
  for (const auto& text : differences) {
    const auto& step = steps.emplace_back(to_step(text));
    if (step.from >= before.size() && step.kind != "inserted") return std::nullopt;
    if (step.to >= now.size() && step.kind != "removed") return std::nullopt;
    if (step.kind == "removed" || step.kind == "moved") is_out[step.from] = true;
  }
  std::vector<Row> rows;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (!is_out[i]) rows.push_back(before[i]);
  }
  for (const auto& step : steps) {
    if (step.kind == "removed") continue;
    if (step.kind == "changed") {
      if (step.to >= rows.size()) return std::nullopt;
      rows[step.to] = now[step.to];
      continue;
    }
    if (step.to > rows.size()) return std::nullopt;
    rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(step.to),
                step.kind == "moved" ? before[step.from] : now[step.to]);
  }
  return rows;
}

LiveChecks::LiveChecks(Driver& driver, const Case& tested) : driver_(&driver) {
  for (const auto& command : tested.commands) {
    if (const auto* read = std::get_if<ReadCommand>(&command.what)) {
      add(read->read, command.source.number);
    }
    const auto* write = std::get_if<WriteCommand>(&command.what);
    if (write == nullptr) continue;
    for (const auto& operation : write->operations) {
      if (operation.kind == OperationKind::Read) add(operation.read, operation.source.number);
    }
  }
}

void LiveChecks::add(const Read& read, int line) {
  if (read.kind != ReadKind::Query) return;
  const auto is_same = [&](const Live& live) { return live.read.text == read.text; };
  if (std::ranges::any_of(lives_, is_same)) return;
  lives_.push_back({.line = line, .read = read, .observer = nullptr, .rows = {}});
}

std::vector<Disagreement> LiveChecks::start() {
  std::vector<Disagreement> found;
  for (auto& live : lives_) {
    auto observer = driver_->observe(live.read);
    const auto rows = driver_->fetch(live.read.text);
    if (!observer.ok() || !rows.ok()) {
      const auto name = [](const auto& result) {
        return result.ok() ? std::string("works")
                           : "fails with " + std::string(to_string(result.error().code));
      };
      if (name(observer) == name(rows)) continue;
      found.push_back({.line = live.line,
                       .what = "observing fails as fetching does",
                       .expected = {"fetching " + name(rows)},
                       .got = {"observing " + name(observer)}});
      continue;
    }
    live.observer = *std::move(observer);
  }
  driver_->settle();
  for (auto& live : lives_) check(live, found);
  return found;
}

void LiveChecks::stop() {
  for (auto& live : lives_) live.observer.reset();
  for (auto& live : lives_) live.rows = {};
}

std::vector<Disagreement> LiveChecks::check() {
  std::vector<Disagreement> found;
  driver_->settle();
  for (auto& live : lives_) check(live, found);
  return found;
}

void LiveChecks::check(Live& live, std::vector<Disagreement>& found) {
  if (live.observer == nullptr) return;
  const bool is_ordered = live.read.is_ordered();
  const auto add = [&](std::string what, std::vector<std::string> expected,
                       std::vector<std::string> got) {
    found.push_back({.line = live.line,
                     .what = std::move(what),
                     .expected = std::move(expected),
                     .got = std::move(got)});
  };
  for (auto& delivery : live.observer->take()) {
    if (!delivery.rows.ok()) {
      add("the live query goes on", {}, {delivery.rows.error().message});
      return;
    }
    const auto before = std::exchange(live.rows, *delivery.rows);
    if (delivery.is_first) continue;
    if (before.rows == live.rows.rows)
      add("a delivery brings something new", {}, {"the same rows"});
    const auto reached = followed(before.rows, live.rows.rows, delivery.differences);
    if (reached == live.rows.rows) continue;
    add("the differences lead to the rows", lines_of(live.rows.rows, true),
        reached ? lines_of(*reached, true) : delivery.differences);
  }
  const auto rows = driver_->fetch(live.read.text);
  const auto expected =
      rows.ok() ? lines_of(rows->rows, is_ordered) : std::vector<std::string>{rows.error().message};
  const auto got = lines_of(live.rows.rows, is_ordered);
  if (expected != got) add("the live query is what a fetch finds", expected, got);
}

}  // namespace convoy::conformance
