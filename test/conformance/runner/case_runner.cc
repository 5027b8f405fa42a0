#include "conformance/runner/case_runner.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/time_text.h"
#include "conformance/runner/words.h"

namespace convoy::conformance {
namespace {

using base::Json;

std::string place_name(Place place) { return place == Place::Memory ? "in memory" : "on disk"; }

std::string error_line(const Error& error) {
  std::string line = "error " + std::string(to_string(error.code)) + " " + error.message;
  if (!error.hint.empty()) line += " (" + error.hint + ")";
  return line;
}

// `got` with `"@now"` where `expected` has it and `got` a time of the window.
Json with_now(const Json& expected, const Json& got, const Window& window) {
  if (expected == Json("@now")) {
    const auto time = got.string() != nullptr ? base::parse_timestamp(*got.string()) : got.real();
    return time && window.contains(*time) ? expected : got;
  }
  Json result = got;
  if (auto* members = result.object()) {
    for (auto& [name, member] : *members) {
      if (const auto* wanted = expected.find(name)) member = with_now(*wanted, member, window);
    }
  }
  const auto* wanted = expected.array();
  if (auto* elements = result.array(); elements != nullptr && wanted != nullptr) {
    for (std::size_t i = 0; i < std::min(wanted->size(), elements->size()); ++i) {
      (*elements)[i] = with_now((*wanted)[i], (*elements)[i], window);
    }
  }
  return result;
}

// Observed parents are told as the record itself.
Read as_delivered(Read read) {
  if (read.kind == ReadKind::Parents) read.kind = ReadKind::Find;
  return read;
}

}  // namespace

CaseRunner::CaseRunner(Driver& driver, CaseOptions options, Report& report)
    : driver_(&driver),
      options_(std::move(options)),
      report_(&report),
      live_(driver, *options_.tested) {}

void CaseRunner::run() {
  if (!prepare()) return;
  began_ms_ = driver_->now_ms();
  for (const auto& command : options_.tested->commands) {
    run(command);
    if (report_->failures.size() > 50) break;
  }
  if (!schema_.empty()) check_at_the_end();
  stop_live();
  observed_.clear();
  driver_->close();
}

bool CaseRunner::prepare() {
  if (!options_.script->schema) return true;
  path_ = ":memory:";
  if (options_.place == Place::Disk) {
    path_ = options_.folder + "/case.db";
    std::error_code error;
    if (!options_.template_file.empty()) {
      std::filesystem::copy_file(options_.template_file, path_, error);
    }
    if (error) fail(options_.tested->line, "copying the database", {}, {error.message()});
  }
  if (!open(path_, *options_.script->schema)) return false;
  if (options_.place == Place::Memory) {
    for (const auto& command : options_.script->setup) run(command);
  }
  const auto last = driver_->select("select coalesce(max(seq), 0) from convoy_mutation", {});
  if (last.ok()) first_mutation_ = std::get<double>(last->rows.at(0).at(0));
  start_live();
  return true;
}

bool CaseRunner::open(const std::string& path, const std::string& schema) {
  const auto status = driver_->open(path, schema, false);
  if (!status.ok()) {
    schema_.clear();
    fail(options_.tested->line, "opening the database", {}, {error_line(status.error())});
    return false;
  }
  path_ = path;
  schema_ = schema;
  return true;
}

void CaseRunner::run(const Command& command) {
  const bool opens = std::holds_alternative<OpenCommand>(command.what);
  if (schema_.empty() && !opens) {
    fail(command.source.number, command.source.text, {}, {"no database is open"});
    return;
  }
  std::visit([&](const auto& what) { run(command.source, what); }, command.what);
}

void CaseRunner::run(const Line& source, const ReadCommand& command) {
  const auto rows = read(command.read);
  check_read(*driver_, source, command.read, rows);
  expect(source, compare(command.read, command.expected, rows, window()));
}

Result<Rows> CaseRunner::read(const Read& read) {
  if (read.kind != ReadKind::Local) return answer(*driver_, read);
  CONVOY_TRY(auto value, driver_->local_value(read.text));
  return value ? single(*std::move(value)) : Rows{};
}

// What holds for every query: the same number of records by each way of asking.
void CaseRunner::check_read(Reading& reading, const Line& source, const Read& read,
                            const Result<Rows>& rows) {
  if (read.kind != ReadKind::Query) return;
  const auto count = reading.count(read.text);
  const auto ids = reading.fetch_ids(read.text);
  const auto explanation = reading.is_maintained(read.text);
  const auto agrees = [&](const auto& result, const std::string& what) {
    if (result.ok() == rows.ok() && (rows.ok() || result.error().code == rows.error().code)) return;
    fail(source.number, what + " fails as fetching does: " + source.text,
         {rows.ok() ? "no error" : error_line(rows.error())},
         {result.ok() ? "no error" : error_line(result.error())});
  };
  agrees(count, "counting");
  agrees(ids, "fetching ids");
  // Some mistakes show only when the query runs, which an explanation does not do.
  if (rows.ok() || !explanation.ok()) agrees(explanation, "explaining");
  if (!rows.ok() || !count.ok() || !ids.ok()) return;
  if (*count != static_cast<std::int64_t>(rows->rows.size())) {
    fail(source.number, "the count is the number of records: " + source.text,
         {std::to_string(rows->rows.size())}, {std::to_string(*count)});
  }
  const auto table = *base::parse_json(read.text)->find("from")->string();
  std::vector<std::string> found;
  for (const auto& row : rows->rows) {
    found.push_back(std::get<std::string>(row.at(0)));
    const auto same = reading.find(table, found.back());
    if (!same.ok() || same->rows.size() != 1 || same->rows[0] != row) {
      fail(source.number, "the record is what finding it gives: " + source.text, {found.back()},
           {same.ok() ? std::to_string(same->rows.size()) + " records, other content"
                      : error_line(same.error())});
    }
  }
  auto sorted = *ids;
  if (!read.is_ordered()) {
    std::ranges::sort(sorted);
    std::ranges::sort(found);
  }
  if (sorted != found)
    fail(source.number, "the ids are the records': " + source.text, found, sorted);
}

void CaseRunner::run(const Line& source, const ObserveCommand& command) {
  auto observer = driver_->observe(command.read);
  if (!observer.ok() || command.error) {
    expect_error(source, command.error, observer.ok() ? ok_status() : Status(observer.error()));
    return;
  }
  auto& observed = observed_[command.name];
  observed = {
      .read = as_delivered(command.read), .observer = *std::move(observer), .deliveries = {}};
  driver_->settle();
  auto deliveries = observed.observer->take();
  if (deliveries.size() != 1 || !deliveries[0].is_first || !deliveries[0].rows.ok()) {
    fail(source.number, "the result is delivered at first: " + source.text, {"1 delivery"},
         {std::to_string(deliveries.size()) + " deliveries"});
    return;
  }
  if (command.read.kind == ReadKind::Parents) return;
  const auto now = read(command.read);
  auto told = deliveries[0].rows->rows;
  auto found = now.ok() ? now->rows : std::vector<std::vector<Value>>();
  if (!command.read.is_ordered()) std::ranges::sort(told);
  if (!command.read.is_ordered()) std::ranges::sort(found);
  if (told != found) {
    fail(source.number, "the first delivery is what a read finds: " + source.text,
         {std::to_string(found.size()) + " rows"},
         {std::to_string(told.size()) + " rows, or others"});
  }
}

// Null, and a failure, if there were none or several since the last look.
Delivery* CaseRunner::only_delivery(const Line& source, const std::string& name) {
  auto& deliveries = observed_[name].deliveries;
  if (deliveries.size() == 1) return &deliveries.front();
  expect(source,
         {.expected = {"=> one delivery"},
          .got = {deliveries.empty() ? "=> silence"
                                     : "=> " + std::to_string(deliveries.size()) + " deliveries"}});
  return nullptr;
}

void CaseRunner::run(const Line& source, const DeliveredCommand& command) {
  auto& observed = observed_[command.name];
  if (command.expected.kind == ExpectationKind::Silence) {
    expect(source, {.expected = {"=> silence"},
                    .got = {observed.deliveries.empty() ? "=> silence" : "=> a delivery"}});
  } else if (auto* delivery = only_delivery(source, command.name)) {
    expect(source, compare(observed.read, command.expected, delivery->rows, window()));
  }
  observed.deliveries.clear();
}

void CaseRunner::run(const Line& source, const DifferencesCommand& command) {
  auto& observed = observed_[command.name];
  if (command.is_silence) {
    expect(source, {.expected = {"=> silence"},
                    .got = {observed.deliveries.empty() ? "=> silence" : "=> a delivery"}});
  } else if (auto* delivery = only_delivery(source, command.name)) {
    auto steps = delivery->differences;
    std::ranges::sort(steps);
    expect(source, {.expected = command.steps, .got = steps});
  }
  observed.deliveries.clear();
}

void CaseRunner::run(const Line& source, const OutboxCommand& command) {
  const std::vector<Value> args{first_mutation_};
  const auto rows =
      driver_->select("select body from convoy_mutation where seq > ? order by seq", args);
  Comparison comparison;
  for (const auto& body : command.bodies) comparison.expected.push_back(body.dump());
  for (std::size_t i = 0; rows.ok() && i < rows->rows.size(); ++i) {
    auto body = base::parse_json(std::get<std::string>(rows->rows[i].at(0)));
    if (!body.ok()) body = Json("no JSON");
    if (i < command.bodies.size()) {
      body = with_now(command.bodies[i], *body, window());
      if (*body == command.bodies[i]) body = command.bodies[i];
    }
    comparison.got.push_back(body->dump());
  }
  if (!rows.ok()) comparison.got = {error_line(rows.error())};
  if (comparison.expected.empty()) comparison.expected = {"=> nothing"};
  if (comparison.got.empty()) comparison.got = {"=> nothing"};
  expect(source, comparison);
}

void CaseRunner::run(const Line& source, const SetLocalCommand& command) {
  const auto status = command.value ? driver_->set_local_value(command.key, *command.value)
                                    : driver_->remove_local_value(command.key);
  expect_error(source, command.error, status);
}

void CaseRunner::run(const Line& source, const OpenCommand& command) {
  stop_live();
  const auto former_path = path_;
  const auto former_schema = schema_;
  auto path = path_;
  if (!command.is_same_file) {
    path = options_.place == Place::Memory
               ? ":memory:"
               : options_.folder + "/opened" + std::to_string(++files_) + ".db";
    first_mutation_ = 0;
  }
  driver_->close();
  const auto schema = command.schema.value_or(schema_);
  const auto status = driver_->open(path, schema, command.resets);
  expect_error(source, command.error, status);
  if (status.ok()) {
    path_ = path;
    schema_ = schema;
    start_live();
  } else if (command.is_same_file) {
    // A database that could not be opened is as it was.
    if (open(former_path, former_schema)) start_live();
  } else {
    schema_.clear();
  }
}

void CaseRunner::start_live() {
  for (auto& found : live_.start()) fail(found.line, found.what, found.expected, found.got);
}

void CaseRunner::stop_live() {
  live_.stop();
  for (auto& [name, observed] : observed_) observed.observer.reset();
}

void CaseRunner::expect(const Line& source, const Comparison& comparison) {
  if (comparison.is_equal()) return;
  fail(source.number, source.text, comparison.expected, comparison.got);
  if (!source.is_from_loop) report_->edits.push_back({.source = source, .lines = comparison.got});
}

void CaseRunner::expect_error(const Line& source, const std::optional<ExpectedError>& expected,
                              const Status& status) {
  if (expected) {
    const Comparison comparison =
        status.ok() ? Comparison{.expected = {"error " + std::string(to_string(expected->code))},
                                 .got = {"no error"}}
                    : compare_error(*expected, status.error());
    if (comparison.is_equal()) return;
    fail(source.number, source.text, comparison.expected, comparison.got);
  } else if (!status.ok()) {
    fail(source.number, source.text, {"no error"}, {error_line(status.error())});
  }
}

void CaseRunner::fail(int line, std::string what, std::vector<std::string> expected,
                      std::vector<std::string> got) {
  report_->failures.push_back({.line = line,
                               .sentence = options_.tested->sentence,
                               .place = place_name(options_.place),
                               .what = std::move(what),
                               .expected = std::move(expected),
                               .got = std::move(got)});
}

Window CaseRunner::window() { return {.from_ms = began_ms_, .to_ms = driver_->now_ms()}; }

}  // namespace convoy::conformance
