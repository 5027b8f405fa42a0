// commit_recorder.h: collects what the transaction under way changes.
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

#include "sql/change_hook.h"
#include "sql/connection.h"
#include "store/commit.h"
#include "store/tables.h"

namespace convoy::store {

// Thread-safety: thread-compatible; the database guards it with its write lock.
class CommitRecorder final : public sql::ChangeHandler {
 public:
  // Which tables are worth recording from now on. Errors: those of reading the schema; then the
  // choice stays as it was.
  Status choose(sql::Connection& connection, const Tables& tables,
                const std::set<std::string>& names);

  [[nodiscard]] bool is_idle() const { return watches_.empty(); }

  // Forgets what was recorded: a new transaction begins.
  void start();
  // The commit, or null if it touched nothing that was chosen. Those of `late` that were not chosen
  // when it began may have been touched, too.
  std::shared_ptr<Commit> finish(std::uint64_t number, const Tables& tables,
                                 const std::set<std::string>& late);

  void on_row(const sql::RowChange& change) noexcept override;

 private:
  struct Watch {
    const TableInfo* info = nullptr;  // Null for the engine's own tables.
    // Where the file has id, _status, _changed and the schema's columns.
    int id = 0;
    int status = 0;
    int changed = 0;
    std::vector<int> columns;

    bool is_touched = false;
    bool is_complete = true;
    std::vector<RowChange> rows;
    std::unordered_map<std::string, std::size_t> places;  // By id, in `rows`.
  };

  static Result<Watch> watch(sql::Connection& connection, const TableInfo* info,
                             const std::string& name);
  // Its rows are not listed.
  static void give_up(Watch& watch);
  static void note(Watch& watch, std::string id, std::optional<Record> before,
                   std::optional<Record> after);

  std::map<std::string, Watch, std::less<>> watches_;
};

}  // namespace convoy::store
