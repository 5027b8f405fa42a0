// database.h: the local database: records in SQLite, laid out as WatermelonDB does. Owned by the
// layer `store`.
//
// Thread-safety: thread-safe. Reads run beside one writer; writers queue. Several processes may
// open one file. Ownership: `Database` is a handle to be moved, not copied; records are values, and
// hold on to nothing but the schema inside the database.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "convoy/migration.h"
#include "convoy/query.h"
#include "convoy/result.h"
#include "convoy/schema.h"
#include "convoy/value.h"

namespace convoy {

namespace base {
class Clock;
class Random;
}  // namespace base

class Executor;

// One row, as it was when it was read.
struct Record {
  const Table* table = nullptr;  // Borrowed from the database's schema.
  std::string id;
  std::string status;         // "created", "updated", "deleted" or "synced".
  std::string changed;        // Columns changed since the last sync, joined by commas.
  std::vector<Value> values;  // In the order of table->columns.

  // Null for a column the table does not have.
  [[nodiscard]] const Value& get(std::string_view column) const;
  // The text, or "" if the value is not text.
  [[nodiscard]] std::string_view text(std::string_view column) const;
  // The number, or nothing.
  [[nodiscard]] std::optional<double> number(std::string_view column) const;
  // The boolean, or nothing.
  [[nodiscard]] std::optional<bool> boolean(std::string_view column) const;
  // A number taken for milliseconds since 1970, as created_at is; nothing if it is none or
  // infinite.
  [[nodiscard]] std::optional<std::chrono::sys_time<std::chrono::microseconds>> time(
      std::string_view column) const;

  bool operator==(const Record&) const = default;
};

using Fields = std::vector<std::pair<std::string, Value>>;

// What a select of your own gave: plain values under the names it chose.
struct RawRows {
  std::vector<std::string> columns;
  std::vector<std::vector<Value>> rows;

  bool operator==(const RawRows&) const = default;
};

// How a query is carried out.
struct Explanation {
  std::string sql;
  std::vector<Value> args;
  std::vector<std::string> plan;    // SQLite's query plan, a step a line, indented by depth.
  std::vector<std::string> tables;  // What it reads.
  // A live query of it follows commits by itself; else it is run anew when its tables change.
  bool is_maintained = false;
};

// Reading. Absent and deleted records are nothing. Errors of all: UnknownTable, UnknownColumn,
// InvalidQuery, InvalidText; Corrupt, Io.
class Reader {
 public:
  virtual ~Reader() = default;

  virtual Result<std::optional<Record>> find(std::string_view table, std::string_view id) = 0;
  virtual Result<std::vector<Record>> fetch(const Query& query) = 0;
  virtual Result<std::vector<std::string>> fetch_ids(const Query& query) = 0;
  // How many records fetch() would give.
  virtual Result<std::int64_t> count(const Query& query) = 0;
  // Any select of SQLite's, with `?` for the arguments: aggregates, groups, the engine's own
  // tables. Integers come as numbers (exact up to 2^53), blobs as null. Deleted records are still
  // rows there, with "_status" 'deleted'. Errors: also InvalidQuery if it would write.
  virtual Result<RawRows> select(std::string_view sql, std::span<const Value> args = {}) = 0;
  virtual Result<Explanation> explain(const Query& query) = 0;

  // Belongs-to: for each record the one that `column` refers to, or nothing. One query for each 500
  // different ones, however many records. REQUIRES: all are of one table.
  virtual Result<std::vector<std::optional<Record>>> parents(std::span<const Record> records,
                                                             std::string_view column) = 0;
  // Has-many: for each record those of `table` whose `column` refers to it, by id. An empty
  // `column` means the only one of `table` that refers to the records' table.
  virtual Result<std::vector<std::vector<Record>>> children(std::span<const Record> records,
                                                            std::string_view table,
                                                            std::string_view column = {}) = 0;
};

// What a write transaction may do. Lives as long as the function it is handed to. Its reads see
// what it wrote. A value that does not fit its column's type is an error here, not a silent
// default: InvalidArgument. Text must be UTF-8 without NUL: InvalidText. Columns that are not given
// take WatermelonDB's defaults (null, "", 0, false).
class Writer : public Reader {
 public:
  // Adds a record with a new id, or the one given. Sets created_at and updated_at where the table
  // has them and `fields` does not. Errors: AlreadyExists (a deleted record still waiting to be
  // sent counts), UnknownTable, UnknownColumn, InvalidArgument, InvalidText.
  virtual Result<Record> create(std::string_view table, Fields fields, std::string id = {}) = 0;

  // Changes some columns; sets updated_at where the table has it, if anything changed. Errors:
  // NotFound and as above.
  virtual Result<Record> update(std::string_view table, std::string_view id, Fields fields) = 0;

  // Marks a record as deleted, together with what the schema's references say: `Cascade` children
  // are deleted too, `SetNull` ones let go. The number of records deleted. Of a table that is local
  // only they are erased. Errors: NotFound, UnknownTable.
  virtual Result<std::int64_t> mark_deleted(std::string_view table, std::string_view id) = 0;

  // Erases a record and its `Cascade` descendants from this device without telling the server,
  // which may send them again. The number of records erased. Errors: NotFound, UnknownTable;
  // UnsentWrites if writes to any of them wait to be sent: use mark_deleted().
  virtual Result<std::int64_t> erase(std::string_view table, std::string_view id) = 0;

  // Adds or replaces records that the server has already, or that come from a backup, without
  // sending them: many at once, at nearly SQLite's own speed. `columns` names what each of `rows`
  // holds; "id" must be among them, and the others of the table take their defaults. The number of
  // records. Errors: as create(), naming the record; UnsentWrites if a write to one of them waits.
  // Rows before the one that failed are in already, so the transaction can't be kept: write() gives
  // the same error, whatever the function returns.
  virtual Result<std::int64_t> load(std::string_view table, std::span<const std::string> columns,
                                    std::span<const std::vector<Value>> rows) = 0;
};

// What happens to a file that no migration leads to this schema, or that a newer version wrote.
enum class MissingMigration {
  Refuse,  // MigrationMissing or NewerDatabase; every row is kept.
  // The file is made anew, so that the next sync fills it, but only if everything in it has reached
  // the server: else UnsentWrites, and every row is kept. Tables that are local only, and the local
  // storage, are emptied too.
  Reset,
};

struct DatabaseOptions {
  std::string path;  // ":memory:" for a private one.
  // Of programs that bring a storage of their own: the name they registered it under as an SQLite
  // VFS. Empty: the system's files.
  std::string vfs;
  Schema schema;
  Migrations migrations;  // To the schema's version; see migration.h.
  MissingMigration on_missing_migration = MissingMigration::Refuse;
  // The project and user this file belongs to; set when the file is created, compared ever after.
  // Empty: no check.
  std::string project;
  std::string user;
  // How long to wait while another process writes, or has the file to itself.
  std::chrono::milliseconds busy_timeout{10'000};
  base::Clock* clock = nullptr;    // Borrowed; REQUIRED.
  base::Random* random = nullptr;  // Borrowed; REQUIRED.
  // Where live queries are worked out. Null: a thread of the database's own, when there are any.
  // Its post() must not run the work itself: it is called within writes, under their lock.
  Executor* background = nullptr;
};

// How a record stands between this device and the server, the most pressing first.
enum class RecordState {
  Conflict,  // A conflict on it is open, see conflicts.h.
  Parked,    // The server refused a write to it, see outbox.h.
  Sending,   // A write to it is on its way, or not yet confirmed by a pull.
  Pending,   // A write to it waits to be sent.
  Synced,
};

// "conflict", "parked", "sending", "pending" or "synced".
std::string_view to_string(RecordState state) noexcept;

class DatabaseImpl;

class Database {
 public:
  // Opens the file, creates it, or migrates it to this schema; a file of WatermelonDB's is taken
  // over. Whatever is written is written as a whole. Errors: InvalidSchema, NotADatabase,
  // WrongDatabase, NewerDatabase, MigrationMissing, UnsentWrites, Corrupt, Busy, DiskFull,
  // ReadOnly, Io. The file is left as it was.
  static Result<Database> open(DatabaseOptions options);

  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  [[nodiscard]] const Schema& schema() const;

  // As Reader has them, each on the state of its moment.
  Result<std::optional<Record>> find(std::string_view table, std::string_view id);
  Result<std::vector<Record>> fetch(const Query& query);
  Result<std::vector<std::string>> fetch_ids(const Query& query);
  Result<std::int64_t> count(const Query& query);
  Result<RawRows> select(std::string_view sql, std::span<const Value> args = {});
  Result<Explanation> explain(const Query& query);
  Result<std::vector<std::optional<Record>>> parents(std::span<const Record> records,
                                                     std::string_view column);
  Result<std::vector<std::vector<Record>>> children(std::span<const Record> records,
                                                    std::string_view table,
                                                    std::string_view column = {});

  // Runs `work`, whose reads all see one state of the database, whatever is written meanwhile. A
  // database in memory has one state at a time: there it keeps writers out, and within `work` only
  // that Reader may be used, else InvalidState.
  Status read(const std::function<Status(Reader&)>& work);

  // Runs `work` in one transaction. If it returns an error, nothing of it remains; else all of it
  // is on disk, and in the outbox as one mutation, when this returns. Writers queue. Errors: those
  // of `work`; Busy, DiskFull, Io, Corrupt; InvalidArgument if the transaction is too large to be
  // sent as one (limits::kMutationBytesMax); NewerDatabase if another program has migrated the file
  // since it was opened; InvalidState if this thread is in a write of this
  // database already (go on with the Writer you have). Reading through the database in a write
  // is InvalidState as well: it would not see what was written.
  Status write(const std::function<Status(Writer&)>& work);

  // How a record stands; Synced if nothing is known of it. For many at once, and to follow them,
  // join the view convoy_record_state (table_name, id, state), which lists those that are not
  // synced, in a select. Errors: UnknownTable.
  Result<RecordState> record_state(std::string_view table, std::string_view id);

  // WatermelonDB's local storage: text by key, on this device only, outside of any transaction. A
  // WatermelonDB keeps JSON there. Keys that begin with "__" belong to the engines.
  // Errors: InvalidArgument (empty or reserved key), InvalidText.
  Result<std::optional<std::string>> local_value(std::string_view key);
  Status set_local_value(std::string_view key, std::string_view value);
  Status remove_local_value(std::string_view key);

  // For the engine's own layers.
  DatabaseImpl& impl() { return *impl_; }

 private:
  explicit Database(std::unique_ptr<DatabaseImpl> impl);
  std::unique_ptr<DatabaseImpl> impl_;
};

}  // namespace convoy
