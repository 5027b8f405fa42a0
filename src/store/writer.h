// writer.h: what `Database::write` hands to its function.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/environment.h"
#include "convoy/database.h"
#include "sql/connection.h"
#include "store/mutation_builder.h"
#include "store/reader.h"
#include "store/rows.h"
#include "store/server_rules.h"
#include "store/tables.h"

namespace convoy::store {

// Thread-safety: thread-compatible. REQUIRES: a transaction is open as long as it lives.
class TransactionWriter final : public Writer {
 public:
  TransactionWriter(sql::Connection& connection, const Tables& tables, base::Clock& clock,
                    base::Random& random)
      : connection_(connection),
        tables_(tables),
        clock_(clock),
        random_(random),
        reader_(connection, tables),
        rules_(connection) {}

  Result<Record> create(std::string_view table, Fields fields, std::string id) override;
  Result<Record> update(std::string_view table, std::string_view id, Fields fields) override;
  Result<std::int64_t> mark_deleted(std::string_view table, std::string_view id) override;
  Result<std::int64_t> erase(std::string_view table, std::string_view id) override;
  Result<std::int64_t> load(std::string_view table, std::span<const std::string> columns,
                            std::span<const std::vector<Value>> rows) override;

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

  // Writes what somebody decided about a column on which this device and the server disagreed,
  // knowing the server's value: that is the base, whatever the device still shows. Where it shows
  // what the server has and that is to stay, nothing is written. Errors: as update().
  Status decide(const TableInfo& info, std::string_view id, std::size_t column, Value value,
                base::Json server);

  // Puts what was done into the outbox. Errors: also those that a call above has met and its caller
  // has let pass, if they leave the transaction half done.
  Status finish();

 private:
  using Node = std::pair<const TableInfo*, std::string>;

  // How deletion goes on with children of a deleted record.
  struct Step {
    Node node;
    Effect effect = Effect::Sent;
    bool is_expanded = false;
  };

  struct Assignment {
    std::size_t column = 0;
    Value value;
    // What the server has, where that is known to be other than what the row shows.
    std::optional<base::Json> base = std::nullopt;
  };

  Result<std::vector<Assignment>> check(const TableInfo& info, Fields fields);
  // Whether the server takes such a write at all, as far as it has told. Errors: Refused.
  Status check_rules(const TableInfo& info, std::string_view id, OperationKind kind);
  Result<bool> is_read_only(const TableInfo& info, std::size_t column);
  Result<Record> insert(const TableInfo& info, std::string id, std::vector<Assignment> given);
  Error already_exists(const TableInfo& info, const std::string& id);
  Result<std::optional<Row>> live_row(const TableInfo& info, std::string_view id);
  Status change(const TableInfo& info, std::string_view id, Row& row,
                std::vector<Assignment> changes, Effect effect);
  // Leaves out what changes nothing and adds updated_at.
  Result<std::vector<Assignment>> real_changes(const TableInfo& info, const Row& row,
                                               std::vector<Assignment> given);
  Status touch(const TableInfo& info, const Row& row, std::vector<Assignment>& given);
  void note_before(const TableInfo& info, std::string_view id, const Row& row);

  Result<std::int64_t> delete_tree(const TableInfo& info, const std::string& id);
  Result<std::vector<std::string>> children_of(const Child& child, std::string_view id);
  Status let_children_go(const TableInfo& info, const std::string& id,
                         const std::set<Node>& doomed);
  Status delete_one(const TableInfo& info, const std::string& id, Effect effect);
  Result<std::vector<Node>> cascade_of(const TableInfo& info, const std::string& id);
  Status check_unsent(const TableInfo& info, std::string_view id);

  // A table that was empty when it was loaded: what it takes to complete it.
  struct BulkLoad {
    std::vector<std::string> index_sql;  // Of the indices that were dropped.
  };

  Status start_load(const TableInfo& info, std::size_t rows);
  Result<std::int64_t> load_rows(const TableInfo& info, std::span<const std::string> columns,
                                 std::span<const std::vector<Value>> rows);
  Status confirm_all(const TableInfo& info);
  Status finish_loads();

  // Remembers an error after which the transaction can't be trusted.
  template <class T>
  Result<T> watch(Result<T> result) {
    if (!result.ok() && breaks_transaction(result.error().code) && !failure_) {
      failure_ = result.error();
    }
    return result;
  }

  static bool breaks_transaction(ErrorCode code);

  sql::Connection& connection_;
  const Tables& tables_;
  base::Clock& clock_;
  base::Random& random_;
  ConnectionReader reader_;
  ServerRules rules_;
  MutationBuilder builder_;
  std::map<const TableInfo*, std::optional<BulkLoad>> loads_;  // Nothing: row by row.
  bool keeps_search_index_ = false;
  std::optional<Error> failure_;
};

}  // namespace convoy::store
