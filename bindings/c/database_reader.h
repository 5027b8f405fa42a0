// database_reader.h: a database as a Reader, each call on the state of its moment.
#pragma once

#include "convoy/database.h"

namespace convoy::c {

// Thread-safety: thread-safe. The database must outlive it.
class DatabaseReader final : public Reader {
 public:
  explicit DatabaseReader(Database& database) : database_(database) {}

  Result<std::optional<Record>> find(std::string_view table, std::string_view id) override {
    return database_.find(table, id);
  }

  Result<std::vector<Record>> fetch(const Query& query) override { return database_.fetch(query); }

  Result<std::vector<std::string>> fetch_ids(const Query& query) override {
    return database_.fetch_ids(query);
  }

  Result<std::int64_t> count(const Query& query) override { return database_.count(query); }

  Result<RawRows> select(std::string_view sql, std::span<const Value> args) override {
    return database_.select(sql, args);
  }

  Result<Explanation> explain(const Query& query) override { return database_.explain(query); }

  Result<std::vector<std::optional<Record>>> parents(std::span<const Record> records,
                                                     std::string_view column) override {
    return database_.parents(records, column);
  }

  Result<std::vector<std::vector<Record>>> children(std::span<const Record> records,
                                                    std::string_view table,
                                                    std::string_view column) override {
    return database_.children(records, table, column);
  }

 private:
  Database& database_;
};

}  // namespace convoy::c
