#include "conformance/runner/cpp_observer.h"

#include <utility>

#include "conformance/runner/answer.h"
#include "convoy/live.h"
#include "query/query_json.h"

namespace convoy::conformance {
namespace {

std::string to_text(const Difference& step) {
  const auto from = std::to_string(step.from);
  const auto to = std::to_string(step.to);
  switch (step.kind) {
    case DifferenceKind::Removed:
      return "removed " + from;
    case DifferenceKind::Inserted:
      return "inserted " + to;
    case DifferenceKind::Moved:
      return "moved " + from + " " + to;
    case DifferenceKind::Changed:
      return "changed " + from + " " + to;
  }
  return "";
}

// Callbacks run on the thread that takes the deliveries, see ManualExecutor.
class CppObserver final : public Observer {
 public:
  Status start(Database& database, const Read& read) {
    switch (read.kind) {
      case ReadKind::Query:
        return start_rows(database, read);
      case ReadKind::Count: {
        CONVOY_TRY(auto query, query::parse_query(read.text));
        return keep(observe_count(database, std::move(query), [this](const auto& count) {
          add(count.ok() ? Result<Rows>(single(static_cast<double>(*count))) : count.error());
        }));
      }
      case ReadKind::Find:
        return keep(observe_record(database, read.table, read.ids.front(),
                                   [this](const auto& record) { add_record(record); }));
      case ReadKind::Parents:
        return keep(observe_parent(database, read.table, read.ids.front(), read.column,
                                   [this](const auto& record) { add_record(record); }));
      case ReadKind::Sql:
        return keep(observe_select(database, read.text, read.args, [this](const auto& rows) {
          add(rows.ok() ? Result<Rows>(Rows{.columns = rows->columns, .rows = rows->rows})
                        : rows.error());
        }));
      default:
        return Error{.code = ErrorCode::Internal, .message = "this can't be observed"};
    }
  }

  std::vector<Delivery> take() override { return std::exchange(deliveries_, {}); }

 private:
  Status start_rows(Database& database, const Read& read) {
    CONVOY_TRY(auto query, query::parse_query(read.text));
    const auto* table = database.schema().find_table(query.table);
    const auto columns = table == nullptr ? std::vector<std::string>() : columns_of(*table);
    return keep(
        convoy::observe(database, std::move(query), [this, columns](const Result<LiveRows>& now) {
          if (!now.ok()) return add(now.error());
          Rows rows{.columns = columns, .rows = {}};
          for (const auto& record : now->rows) rows.rows.push_back(to_row(*record));
          add(std::move(rows));
          deliveries_.back().is_first = now->is_first;
          for (const auto& step : now->differences) {
            deliveries_.back().differences.push_back(to_text(step));
          }
        }));
  }

  Status keep(Result<Subscription> subscription) {
    CONVOY_TRY(subscription_, std::move(subscription));
    return ok_status();
  }

  void add_record(const Result<RecordPointer>& record) {
    if (!record.ok()) return add(record.error());
    add(*record == nullptr ? Rows{} : to_rows(**record));
  }

  void add(Result<Rows> rows) {
    deliveries_.push_back(
        {.rows = std::move(rows), .differences = {}, .is_first = deliveries_seen_++ == 0});
  }

  std::vector<Delivery> deliveries_;
  int deliveries_seen_ = 0;
  Subscription subscription_;  // The first to be destroyed.
};

}  // namespace

void ManualExecutor::post(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  works_.push_back(std::move(work));
}

void ManualExecutor::run() {
  for (;;) {
    std::function<void()> work;
    {
      const std::lock_guard lock(mutex_);
      if (works_.empty()) return;
      work = std::move(works_.front());
      works_.pop_front();
    }
    work();
  }
}

std::vector<std::string> columns_of(const Table& table) {
  std::vector<std::string> columns{"id", "_status", "_changed"};
  for (const auto& column : table.columns) columns.push_back(column.name);
  return columns;
}

std::vector<Value> to_row(const Record& record) {
  std::vector<Value> row{record.id, record.status, record.changed};
  row.insert(row.end(), record.values.begin(), record.values.end());
  return row;
}

Rows to_rows(const Record& record) {
  return {.columns = columns_of(*record.table), .rows = {to_row(record)}};
}

Result<std::unique_ptr<Observer>> observe(Database& database, const Read& read) {
  auto observer = std::make_unique<CppObserver>();
  CONVOY_CHECK_OK(observer->start(database, read));
  return std::unique_ptr<Observer>(std::move(observer));
}

}  // namespace convoy::conformance
