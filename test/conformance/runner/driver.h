// driver.h: one door to the local database, as the scripts need it. Everything passes through as
// text and plain values, so that a door that speaks JSON has as little to do as the C++ one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "conformance/runner/script.h"
#include "convoy/result.h"
#include "convoy/value.h"

namespace convoy::conformance {

// Records come with the columns id, _status, _changed and those of their table.
struct Rows {
  std::vector<std::string> columns;
  std::vector<std::vector<Value>> rows;

  bool operator==(const Rows&) const = default;
};

using Fields = std::vector<std::pair<std::string, Value>>;

class Reading {
 public:
  virtual ~Reading() = default;
  virtual Result<Rows> fetch(const std::string& query) = 0;
  virtual Result<std::vector<std::string>> fetch_ids(const std::string& query) = 0;
  virtual Result<std::int64_t> count(const std::string& query) = 0;
  // One row or none.
  virtual Result<Rows> find(const std::string& table, const std::string& id) = 0;
  virtual Result<Rows> select(const std::string& sql, std::span<const Value> args) = 0;
  virtual Result<bool> is_maintained(const std::string& query) = 0;
  // The ids of the records that `column` of the records `ids` refers to.
  virtual Result<std::vector<std::optional<std::string>>> parents(
      const std::string& table, const std::vector<std::string>& ids, const std::string& column) = 0;
  // The ids of the records of `table` whose `column` refers to each of the records `ids` of `of`.
  virtual Result<std::vector<std::vector<std::string>>> children(
      const std::string& of, const std::vector<std::string>& ids, const std::string& table,
      const std::string& column) = 0;
};

// Inside of a transaction.
class Writing : public Reading {
 public:
  // The record, as a row.
  virtual Result<Rows> create(const std::string& table, const Fields& fields,
                              const std::string& id) = 0;
  virtual Result<Rows> update(const std::string& table, const std::string& id,
                              const Fields& fields) = 0;
  virtual Result<std::int64_t> mark_deleted(const std::string& table, const std::string& id) = 0;
  virtual Result<std::int64_t> erase(const std::string& table, const std::string& id) = 0;
  virtual Result<std::int64_t> load(const std::string& table,
                                    const std::vector<std::string>& columns,
                                    const std::vector<std::vector<Value>>& rows) = 0;
};

// What an observer was told once. Rows of a count are one number; see answer.h.
struct Delivery {
  Result<Rows> rows;
  std::vector<std::string> differences;  // As scripts write them: "moved 1 3".
  bool is_first = false;
};

// Observes as long as it lives.
class Observer {
 public:
  virtual ~Observer() = default;
  // What was delivered since the last call.
  virtual std::vector<Delivery> take() = 0;
};

class Driver : public Reading {
 public:
  // `path` is ":memory:" or a file. The database that was open before is closed. `resets`: a file
  // that no migration leads to the schema is made anew, if nothing unsent is in it.
  virtual Status open(const std::string& path, const std::string& schema, bool resets) = 0;
  [[nodiscard]] virtual bool can_reset() const = 0;
  // Makes sure that the file holds everything and nobody has it open.
  virtual void close() = 0;
  // What `work` returns decides whether anything remains.
  virtual Status write(const std::function<Status(Writing&)>& work) = 0;

  virtual Result<std::optional<std::string>> local_value(const std::string& key) = 0;
  virtual Status set_local_value(const std::string& key, const std::string& value) = 0;
  virtual Status remove_local_value(const std::string& key) = 0;

  // Query, Count, Find, Sql; Parents with one id.
  virtual Result<std::unique_ptr<Observer>> observe(const Read& read) = 0;
  // Until everything that is to be delivered has been.
  virtual void settle() = 0;

  // The time as the database sees it.
  virtual double now_ms() = 0;
};

std::unique_ptr<Driver> make_cpp_driver();
std::unique_ptr<Driver> make_c_driver();

}  // namespace convoy::conformance
