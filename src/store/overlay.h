// overlay.h: a row as the user sees it: what the server confirmed, with the pending mutations
// applied again, column by column.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json.h"
#include "convoy/result.h"
#include "sql/connection.h"
#include "store/rows.h"
#include "store/tables.h"

namespace convoy::store {

// Lives within one transaction. Thread-safety: thread-compatible.
class Overlay {
 public:
  // Both must outlive this object.
  Overlay(sql::Connection& connection, const Tables& tables)
      : connection_(connection), tables_(tables) {}

  // Whether a mutation that is not parked concerns the row.
  Result<bool> is_pending(const TableInfo& info, std::string_view id);

  // The row as the confirmed one and the mutations make it, whatever its table says; nothing if
  // they make none. REQUIRES: is_pending().
  Result<std::optional<Row>> show(const TableInfo& info, std::string_view id);

  // Writes the row into its table anew, or takes it out.
  Status rebase(const TableInfo& info, std::string_view id);

  // The row as it was with the mutations up to `seq`. The same otherwise.
  Result<std::optional<Row>> show_until(const TableInfo& info, std::string_view id,
                                        std::int64_t seq);

  struct RowKey {
    std::int64_t table_number = 0;
    std::string id;

    auto operator<=>(const RowKey&) const = default;
  };

  // The rows a mutation concerns, and forgets that it does. Before the mutation is deleted, whose
  // text says which they are.
  Result<std::vector<RowKey>> release(std::int64_t seq);
  // The other way: the mutation, whose operations are in `text`, has a say in its rows from now on.
  // What the server has confirmed of them is kept beside the table. The rows.
  Result<std::vector<RowKey>> enter(std::int64_t seq, const std::string& text);

  // The mutation's operations have been written anew.
  void forget(std::int64_t seq) { parsed_.erase(seq); }

  // The rows are rebased, each once; tables the schema no longer has are left out.
  Status rebase_all(const std::vector<RowKey>& rows);

 private:
  // A mutation's operations by row.
  using Operations = std::unordered_map<std::string, std::vector<base::Json>>;

  // What is known of a row.
  struct Shown {
    bool is_pending = false;
    bool is_confirmed = false;
    bool has_content = false;  // What was confirmed is kept beside the table.
    std::optional<Row> row;
  };

  Result<Shown> work_out(const TableInfo& info, std::string_view id, std::int64_t until);
  Result<std::vector<RowKey>> rows_of(std::int64_t seq);
  [[nodiscard]] std::optional<std::set<RowKey>> rows_in(const std::string& text) const;
  Status keep_content(const TableInfo& info, std::string_view id);
  Result<const Operations*> operations_of(std::int64_t seq, const std::string& body);

  sql::Connection& connection_;
  const Tables& tables_;
  std::map<std::int64_t, Operations> parsed_;  // By seq; a few, see kParsedMax.
};

}  // namespace convoy::store
