// database.h: the local database: records in SQLite, laid out as WatermelonDB does. Owned by the
// layer `store`.
//
// Thread-safety: thread-safe. Reads run beside one writer; writers queue. Several processes may
// open one file. Ownership: `Database` is a handle to be moved, not copied; records are values.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "convoy/query.h"
#include "convoy/result.h"
#include "convoy/schema.h"
#include "convoy/value.h"

namespace convoy {

namespace base {
class Clock;
class Random;
}  // namespace base

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
};

using Fields = std::vector<std::pair<std::string, Value>>;

// What a write transaction may do. Lives as long as the function it is handed to.
// A value that does not fit its column's type is an error here, not a silent default:
// InvalidArgument. Text must be UTF-8 without NUL: InvalidText. Columns that are not given take
// WatermelonDB's defaults (null, "", 0, false).
class Writer {
 public:
  virtual ~Writer() = default;

  // Adds a record with a new id, or the one given. Sets created_at and updated_at where the table
  // has them and `fields` does not. Errors: AlreadyExists (a deleted record still waiting to be
  // sent counts), UnknownTable, UnknownColumn, InvalidArgument, InvalidText.
  virtual Result<Record> create(std::string_view table, Fields fields, std::string id = {}) = 0;

  // Changes some columns; sets updated_at where the table has it, if anything changed. Errors:
  // NotFound and as above.
  virtual Result<Record> update(std::string_view table, std::string_view id, Fields fields) = 0;

  // Marks a record as deleted, together with what the schema's references say: `Cascade` children
  // are deleted too, `SetNull` ones let go. The number of records deleted. Errors: NotFound,
  // UnknownTable.
  virtual Result<std::int64_t> mark_deleted(std::string_view table, std::string_view id) = 0;

  // Reads that see this transaction's own writes.
  virtual Result<std::optional<Record>> find(std::string_view table, std::string_view id) = 0;
  virtual Result<std::vector<Record>> fetch(const Query& query) = 0;
};

struct DatabaseOptions {
  std::string path;  // ":memory:" for a private one.
  Schema schema;
  // The project and user this file belongs to; set when the file is created, compared ever after.
  // Empty: no check.
  std::string project;
  std::string user;
  base::Clock* clock = nullptr;    // Borrowed; REQUIRED.
  base::Random* random = nullptr;  // Borrowed; REQUIRED.
};

class DatabaseImpl;

class Database {
 public:
  // Opens the file or creates it.
  // Errors: InvalidSchema, NotADatabase, WrongDatabase, NewerDatabase, MigrationMissing, Corrupt,
  // Busy, DiskFull, Io. The file is left as it was.
  static Result<Database> open(DatabaseOptions options);

  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  [[nodiscard]] const Schema& schema() const;

  // Absent and deleted records are nothing. Errors: UnknownTable.
  Result<std::optional<Record>> find(std::string_view table, std::string_view id);
  // Errors: UnknownTable, UnknownColumn, InvalidQuery.
  Result<std::vector<Record>> fetch(const Query& query);
  Result<std::int64_t> count(const Query& query);

  // Runs `work` in one transaction. If it returns an error, nothing of it remains; else all of it
  // is on disk, and in the outbox as one mutation, when this returns. REQUIRES: `work` does not
  // call the database itself. Errors: those of `work`; Busy, DiskFull, Io, Corrupt; InvalidArgument
  // if the transaction is too large to be sent as one (limits::kMutationBytesMax).
  Status write(const std::function<Status(Writer&)>& work);

  // For the engine's own layers.
  DatabaseImpl& impl() { return *impl_; }

 private:
  explicit Database(std::unique_ptr<DatabaseImpl> impl);
  std::unique_ptr<DatabaseImpl> impl_;
};

}  // namespace convoy
