// reader.h: what `Database::read` hands to its function, and what every read of the store is made
// of.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "convoy/database.h"
#include "sql/connection.h"
#include "store/tables.h"

namespace convoy::store {

// Thread-safety: thread-compatible. What it is made of must outlive it.
class ConnectionReader final : public Reader {
 public:
  ConnectionReader(sql::Connection& connection, const Tables& tables)
      : connection_(connection), tables_(tables) {}

  Result<std::optional<Record>> find(std::string_view table, std::string_view id) override;
  Result<std::vector<Record>> fetch(const Query& query) override;
  Result<std::vector<std::string>> fetch_ids(const Query& query) override;
  Result<std::int64_t> count(const Query& query) override;
  Result<RawRows> select(std::string_view sql, std::span<const Value> args) override;
  Result<Explanation> explain(const Query& query) override;
  Result<std::vector<std::optional<Record>>> parents(std::span<const Record> records,
                                                     std::string_view column) override;
  Result<std::vector<std::vector<Record>>> children(std::span<const Record> records,
                                                    std::string_view table,
                                                    std::string_view column) override;

 private:
  sql::Connection& connection_;
  const Tables& tables_;
};

// A select of the program's user, ready to be stepped through. Errors: as Reader::select.
Result<sql::Statement> prepare_select(sql::Connection& connection, std::string_view sql,
                                      std::span<const Value> args);

}  // namespace convoy::store
