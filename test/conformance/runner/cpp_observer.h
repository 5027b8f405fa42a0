// cpp_observer.h: live queries of the C++ API, as the scripts look at them.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "conformance/runner/driver.h"
#include "convoy/database.h"
#include "convoy/executor.h"
#include "convoy/result.h"

namespace convoy::conformance {

// Runs what was posted when it is told to, so that a script knows when everything is delivered.
class ManualExecutor final : public Executor {
 public:
  void post(std::function<void()> work) override;
  // Until nothing is left.
  void run();

 private:
  std::mutex mutex_;
  std::deque<std::function<void()>> works_;
};

// A record as a row: id, _status, _changed, and the columns of its table.
Rows to_rows(const Record& record);
std::vector<Value> to_row(const Record& record);
std::vector<std::string> columns_of(const Table& table);

Result<std::unique_ptr<Observer>> observe(Database& database, const Read& read);

}  // namespace convoy::conformance
