// query_view.h: rows and counts of queries that say of a single row whether it is part of them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "live/view.h"
#include "live/window.h"
#include "query/matcher.h"
#include "store/tables.h"

namespace convoy::live {

class WindowView final : public View<Rows> {
 public:
  // Null, if only SQLite can say which rows there are and in which order, or if too many would have
  // to be kept to show a few. Errors: as Database::fetch.
  static Result<std::unique_ptr<View<Rows>>> make(const store::Tables& tables, const Query& query);

  WindowView(const store::Tables& tables, Query query, query::Matcher matcher, Window window);

  Status read(sql::Connection& connection) override;
  Effect apply(const News& news) override;

  [[nodiscard]] Rows value() const override { return window_.shown(); }

  [[nodiscard]] const std::set<std::string>& tables() const override { return tables_; }

 private:
  const store::Tables& store_tables_;
  const Query query_;  // Of all rows of the window.
  const query::Matcher matcher_;
  const std::set<std::string> tables_;
  Window window_;
  bool can_follow_ = false;
};

class CountView final : public View<std::int64_t> {
 public:
  // Null, if only SQLite can say which rows there are. Errors: as Database::count.
  static Result<std::unique_ptr<View<std::int64_t>>> make(const store::Tables& tables,
                                                          const Query& query);

  CountView(const store::Tables& tables, Query query, query::Matcher matcher);

  Status read(sql::Connection& connection) override;
  Effect apply(const News& news) override;

  [[nodiscard]] std::int64_t value() const override;

  [[nodiscard]] const std::set<std::string>& tables() const override { return tables_; }

 private:
  const store::Tables& store_tables_;
  const std::optional<std::int64_t> limit_;
  const std::int64_t offset_;
  const Query query_;  // Without them.
  const query::Matcher matcher_;
  const std::set<std::string> tables_;
  std::int64_t total_ = 0;
};

}  // namespace convoy::live
