#include "conformance/runner/c_observer.h"

#include <utility>

#include "conformance/runner/answer.h"
#include "conformance/runner/c_call.h"

namespace convoy::conformance::c {
namespace {

using base::Json;

std::size_t position(const Json& step, std::string_view member) {
  return static_cast<std::size_t>(step.find(member)->integer().value_or(0));
}

// As scripts write it: "moved 1 3".
std::string to_text(const Json& step) {
  std::string text = *step.find("kind")->string();
  for (const auto* member : {"from", "to"}) {
    if (step.find(member) != nullptr) text += " " + std::to_string(position(step, member));
  }
  return text;
}

// Rows are asked for as differences, and put together again here from nothing else.
class CObserver final : public Observer {
 public:
  explicit CObserver(const Schema& schema) : schema_(&schema) {}

  ~CObserver() override { convoy_subscription_stop(subscription_); }

  CObserver(const CObserver&) = delete;
  CObserver& operator=(const CObserver&) = delete;

  Status start(convoy_database* database, const Read& read) {
    read_ = read;
    return call([&](convoy_error** error) { return subscribe(database, error); });
  }

  std::vector<Delivery> take() override { return std::exchange(deliveries_, {}); }

 private:
  convoy_status subscribe(convoy_database* database, convoy_error** error) {
    const std::string args = to_json(read_.args);
    const std::string id = read_.ids.empty() ? "" : read_.ids.front();
    switch (read_.kind) {
      case ReadKind::Query:
        return convoy_observe(database, CONVOY_TEXT_ARGUMENT(read_.text), CONVOY_DIFFERENCES,
                              nullptr, on_change, this, &subscription_, error);
      case ReadKind::Count:
        return convoy_observe_count(database, CONVOY_TEXT_ARGUMENT(read_.text), nullptr, on_change,
                                    this, &subscription_, error);
      case ReadKind::Find:
        return convoy_observe_record(database, CONVOY_TEXT_ARGUMENT(read_.table),
                                     CONVOY_TEXT_ARGUMENT(id), nullptr, on_change, this,
                                     &subscription_, error);
      case ReadKind::Parents:
        return convoy_observe_parent(database, CONVOY_TEXT_ARGUMENT(read_.table),
                                     CONVOY_TEXT_ARGUMENT(id), CONVOY_TEXT_ARGUMENT(read_.column),
                                     nullptr, on_change, this, &subscription_, error);
      case ReadKind::Sql:
        return convoy_observe_select(database, CONVOY_TEXT_ARGUMENT(read_.text),
                                     CONVOY_TEXT_ARGUMENT(args), nullptr, on_change, this,
                                     &subscription_, error);
      default:
        return convoy_observe(nullptr, nullptr, 0, 0, nullptr, nullptr, nullptr, nullptr, error);
    }
  }

  static void on_change(const char* json, std::size_t size, const convoy_error* error, void* user) {
    auto& self = *static_cast<CObserver*>(user);
    if (error != nullptr) {
      return self.add(Error{.code = static_cast<ErrorCode>(convoy_error_status(error)),
                            .message = convoy_error_message(error),
                            .hint = convoy_error_hint(error)});
    }
    const auto parsed = base::parse_json({json, size});
    if (!parsed.ok()) return self.add(parsed.error());
    self.add_json(*parsed);
  }

  void add_json(const Json& json) {
    switch (read_.kind) {
      case ReadKind::Query:
        return add_rows(json);
      case ReadKind::Count:
        return add(single(json.real().value_or(-1)));
      case ReadKind::Sql:
        return add(c::to_rows(json));
      default: {
        Rows rows;
        if (!json.is_null()) add_record(record_table(), json, rows);
        add(std::move(rows));
      }
    }
  }

  // The table of the record that is delivered.
  [[nodiscard]] const Table* record_table() const {
    const auto* table = schema_->find_table(read_.table);
    if (read_.kind != ReadKind::Parents || table == nullptr) return table;
    const auto* column = table->find_column(read_.column);
    if (column == nullptr || !column->references) return nullptr;
    return schema_->find_table(column->references->table);
  }

  void add_rows(const Json& json) {
    const bool is_first = *json.find("first")->boolean();
    if (is_first) {
      rows_ = *json.find("rows")->array();
    } else {
      follow(*json.find("differences")->array());
    }
    const auto query = *base::parse_json(read_.text);
    const auto* table = schema_->find_table(*query.find("from")->string());
    Rows rows{.columns = {"id", "_status", "_changed"}, .rows = {}};
    for (const auto& column : table->columns) rows.columns.push_back(column.name);
    for (const auto& row : rows_) add_record(table, row, rows);
    add(std::move(rows));
    deliveries_.back().is_first = is_first;
    for (const auto& step : *json.find("differences")->array()) {
      deliveries_.back().differences.push_back(to_text(step));
    }
  }

  // As docs/reference/json.md says.
  void follow(const Json::Array& steps) {
    const auto before = std::exchange(rows_, {});
    std::vector<bool> is_out(before.size(), false);
    const auto kind_of = [](const Json& step) -> const std::string& {
      return *step.find("kind")->string();
    };
    for (const auto& step : steps) {
      const bool is_taken = kind_of(step) == "removed" || kind_of(step) == "moved";
      if (is_taken) is_out.at(position(step, "from")) = true;
    }
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (!is_out[i]) rows_.push_back(before[i]);
    }
    for (const auto& step : steps) {
      const auto& kind = kind_of(step);
      if (kind == "removed") continue;
      const auto to = position(step, "to");
      const auto place = rows_.begin() + static_cast<std::ptrdiff_t>(to);
      if (kind == "inserted") rows_.insert(place, *step.find("record"));
      if (kind == "moved") rows_.insert(place, before.at(position(step, "from")));
      if (kind == "changed") rows_.at(to) = *step.find("record");
    }
  }

  void add(Result<Rows> rows) {
    deliveries_.push_back(
        {.rows = std::move(rows), .differences = {}, .is_first = deliveries_seen_++ == 0});
  }

  const Schema* schema_;
  Read read_;
  Json::Array rows_;
  std::vector<Delivery> deliveries_;
  int deliveries_seen_ = 0;
  convoy_subscription* subscription_ = nullptr;
};

}  // namespace

Result<std::unique_ptr<Observer>> observe(convoy_database* database, const Schema& schema,
                                          const Read& read) {
  auto observer = std::make_unique<CObserver>(schema);
  CONVOY_CHECK_OK(observer->start(database, read));
  return std::unique_ptr<Observer>(std::move(observer));
}

}  // namespace convoy::conformance::c
