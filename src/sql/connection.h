// connection.h: one connection to one SQLite file.
//
// Thread-safety: thread-compatible; one thread at a time. Ownership: statements must be gone before
// their connection.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/limits.h"
#include "convoy/result.h"
#include "sql/change_hook.h"
#include "sql/statement.h"

struct sqlite3;

namespace convoy::sql {

enum class Access { Read, Write };

class Connection {
 public:
  // Opens a file that exists (":memory:" always does), touching nothing in it: a file that is not a
  // database is refused as it is. An empty file is an empty database.
  // `busy_timeout` is how long it waits for other connections' locks. `vfs` names what SQLite
  // reaches the disk through, registered by the program; empty: the system's files. In a named one
  // a writer also creates the file. Errors: NotADatabase, Corrupt, Busy, ReadOnly, Io.
  static Result<std::unique_ptr<Connection>> open(
      const std::string& path, Access access,
      std::chrono::milliseconds busy_timeout = limits::kBusyTimeout, const std::string& vfs = {});

  // Creates an empty file that only its owner may read, unless it exists. Errors: ReadOnly,
  // DiskFull, Io.
  static Status create_file(const std::string& path);

  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  // Turns the file to write-ahead logging, for good. Errors: Busy, Io, DiskFull.
  Status use_wal();

  // Runs statements without arguments and rows.
  Status execute(const std::string& sql);
  // The same for text of the program's user, in the middle of a transaction of ours: statements
  // that would end it, and changes of anything whose name begins with `reserved`, are refused.
  // Errors: also InvalidSchema.
  Status execute_guarded(const std::string& sql, std::string_view reserved);
  // From the cache, or newly prepared.
  Result<Statement> prepare(std::string_view sql);
  // The same for text of the program's user: one statement and no more. Errors: InvalidQuery.
  Result<Statement> prepare_one(std::string_view sql);
  // The tables and views a statement reads, each once. Errors: InvalidQuery.
  Result<std::vector<std::string>> tables_read(std::string_view sql);
  // What triggers insert into `table` is left out of every statement compiled from now on.
  void leave_out_of_triggers(std::string table);
  // Whether the file's triggers run at all, as they do at first.
  void run_triggers(bool yes);
  // The first column of the first row.
  Result<std::int64_t> integer(std::string_view sql);

  // Rows that the last insert, update or delete changed.
  [[nodiscard]] std::int64_t changes() const;
  [[nodiscard]] std::int64_t last_insert_rowid() const;
  // What SQLite's machine has done for the statements in the cache: a measure of work that does not
  // depend on how busy the computer is.
  [[nodiscard]] std::int64_t machine_steps() const;
  // False once an error inside a transaction made SQLite roll it back by itself.
  [[nodiscard]] bool is_in_transaction() const;
  [[nodiscard]] Error error(int code) const;

  // Tells `handler`, which is borrowed, of each row changed from now on; null: nobody.
  void tell_changes(ChangeHandler* handler);

  // Differs from the last call's if another connection has written to the file in between.
  Result<std::int64_t> data_version() { return integer("pragma data_version"); }

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  friend class SmallCache;

  struct Cached {
    sqlite3_stmt* handle = nullptr;
    bool is_in_use = false;
  };

  // So that a look into the cache copies no text.
  struct TextHash {
    using is_transparent = void;

    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>()(text);
    }
  };

  using Cache = std::unordered_map<std::string, Cached, TextHash, std::equal_to<>>;

  Connection(std::string path, std::chrono::milliseconds busy_timeout)
      : path_(std::move(path)), busy_timeout_(busy_timeout) {}

  Status configure(Access access);
  Result<sqlite3_stmt*> compile(std::string_view sql, unsigned flags);
  void make_room() noexcept;
  void authorize();

  std::string path_;
  std::chrono::milliseconds busy_timeout_;
  std::string left_out_of_triggers_;
  sqlite3* db_ = nullptr;
  Cache statements_;  // By text. Its nodes stay where they are.
};

// For statements over whole tables in a transaction that has changed much: as long as it lives, the
// connection's cache is small, and what was in it is written out before. Else SQLite would keep a
// copy of each page that such a statement drives out, and sort in the rest of the memory.
class SmallCache {
 public:
  explicit SmallCache(Connection& connection);
  SmallCache(const SmallCache&) = delete;
  SmallCache& operator=(const SmallCache&) = delete;
  ~SmallCache();

 private:
  Connection& connection_;
};

}  // namespace convoy::sql
