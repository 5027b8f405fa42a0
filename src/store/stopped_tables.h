// stopped_tables.h: tables that are not synced for now, because the server's does not fit; and the
// mutations that wait for that to be mended.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "base/environment.h"
#include "convoy/result.h"
#include "sql/connection.h"
#include "store/tables.h"

namespace convoy::store {

// Each with what is wrong.
Result<std::map<std::string, std::string>> read_stopped(sql::Connection& connection);
// Those that fit again send what the server refused only because they did not.
Status save_stopped(sql::Connection& connection, const Tables& tables, base::Random& random,
                    const std::map<std::string, std::string>& stopped);
// The numbers of the tables.
Result<std::set<std::int64_t>> stopped_numbers(sql::Connection& connection, const Tables& tables);

// Which pending mutations wait: those that concern a stopped table, and those behind them that
// touch or need the same rows. Lives within one transaction. Thread-safety: thread-compatible.
class Held {
 public:
  static Result<Held> make(sql::Connection& connection, const Tables& tables);

  // REQUIRES: asked for pending mutations in their order, for each of them.
  bool holds(std::int64_t seq);

 private:
  struct Touched {
    std::int64_t table_number = 0;
    std::string id;
  };

  Status read_rows(sql::Connection& connection);

  std::set<std::int64_t> tables_;
  // Of each mutation, what it concerns or needs.
  std::multimap<std::int64_t, Touched> rows_;
  // Rows that one that waits has a say in.
  std::set<std::pair<std::int64_t, std::string>> held_rows_;
};

}  // namespace convoy::store
