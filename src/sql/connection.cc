#include "sql/connection.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <sqlite3.h>

#include "base/limits.h"
#include "sql/error.h"

#if defined(__unix__) || defined(__APPLE__)
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace convoy::sql {
namespace {

// Statements kept for reuse. Their texts come from schemas and queries, which are few.
constexpr std::size_t kStatementsMax = 256;
constexpr int kRetryPauseMs = 10;
// A page of rows touches more than the default of 2 MB holds.
constexpr const char* kUsualCache = "pragma cache_size = -16384";
constexpr const char* kSmallCache = "pragma cache_size = -2048";

// SQLite takes a file of one byte for an empty one.
Status refuse_one_byte(const std::string& path) {
#if defined(__unix__) || defined(__APPLE__)
  struct stat info{};
  if (::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && info.st_size == 1) {
    return make_error(nullptr, SQLITE_NOTADB, path);
  }
#else
  static_cast<void>(path);
#endif
  return ok_status();
}

// A file that can't be written would show it only in the middle of the work; and SQLite's log
// stands beside the file, which makes a folder that can't be written as bad.
Status refuse_read_only(sqlite3* db, const std::string& path) {
  const std::string hint = "Check that the file, its folder and its disk may be written.";
  if (sqlite3_db_readonly(db, "main") == 1) {
    return Error{.code = ErrorCode::ReadOnly, .message = path + ": can't be written", .hint = hint};
  }
#if defined(__unix__) || defined(__APPLE__)
  const auto slash = path.rfind('/');
  const auto folder = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
  if (path != ":memory:" && ::access(folder.c_str(), W_OK) != 0 && errno != ENOENT) {
    return Error{.code = ErrorCode::ReadOnly,
                 .message = path + ": its folder can't be written: " + std::strerror(errno),
                 .hint = hint};
  }
#endif
  return ok_status();
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

struct Guard {
  std::string_view reserved;
  std::string refused;

  [[nodiscard]] bool is_reserved(const char* name) const {
    if (name == nullptr) return false;
    const std::string_view text(name);
    return text.size() >= reserved.size() &&
           std::ranges::equal(text.substr(0, reserved.size()), reserved, {}, lower, lower);
  }

  int judge(int action, const char* first, const char* second) {
    switch (action) {
      case SQLITE_SELECT:
      case SQLITE_READ:
      case SQLITE_FUNCTION:
      case SQLITE_RECURSIVE:
      case SQLITE_PRAGMA:
        return SQLITE_OK;
      case SQLITE_TRANSACTION:
      case SQLITE_SAVEPOINT:
      case SQLITE_ATTACH:
      case SQLITE_DETACH:
        refused = first == nullptr ? "a statement" : first;
        return SQLITE_DENY;
      default:
        if (!is_reserved(first) && !is_reserved(second)) return SQLITE_OK;
        refused = is_reserved(first) ? first : second;
        return SQLITE_DENY;
    }
  }
};

}  // namespace

Status Connection::create_file(const std::string& path) {
#if defined(__unix__) || defined(__APPLE__)
  // SQLite gives its -wal and -shm files the mode of the main file.
  const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0) {
    ::close(file);
    return ok_status();
  }
  if (errno == EEXIST) return ok_status();
  const bool is_read_only = errno == EACCES || errno == EPERM || errno == EROFS;
  return Error{.code = errno == ENOSPC ? ErrorCode::DiskFull
                       : is_read_only  ? ErrorCode::ReadOnly
                                       : ErrorCode::Io,
               .message = path + ": can't be created: " + std::strerror(errno),
               .hint = "Check that the folder exists and may be written."};
#else
  static_cast<void>(path);
  return ok_status();
#endif
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, Access access,
                                                     std::chrono::milliseconds busy_timeout,
                                                     const std::string& vfs) {
  const bool is_system = vfs.empty();
  if (is_system) CONVOY_CHECK_OK(refuse_one_byte(path));
  std::unique_ptr<Connection> connection(new Connection(path, busy_timeout));
  // Without URI names: a path is a path. A reader, too, may have to recover the log.
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  if (!is_system && access == Access::Write) flags |= SQLITE_OPEN_CREATE;
  const int code =
      sqlite3_open_v2(path.c_str(), &connection->db_, flags, is_system ? nullptr : vfs.c_str());
  if (code != SQLITE_OK) return make_error(connection->db_, code, path);
  CONVOY_CHECK_OK(refuse_read_only(connection->db_, path));
  CONVOY_CHECK_OK(connection->configure(access));
  // The first look at the file's header, before anything could write to it.
  CONVOY_CHECK_OK(connection->integer("select count(*) from sqlite_schema"));
  return connection;
}

Status Connection::configure(Access access) {
  sqlite3_busy_timeout(db_, static_cast<int>(busy_timeout_.count()));
  for (const int option : {SQLITE_DBCONFIG_DEFENSIVE, SQLITE_DBCONFIG_ENABLE_FKEY}) {
    sqlite3_db_config(db_, option, 1, nullptr);
  }
  for (const int option :
       {SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_DQS_DML, SQLITE_DBCONFIG_DQS_DDL}) {
    sqlite3_db_config(db_, option, 0, nullptr);
  }
  CONVOY_CHECK_OK(execute(kUsualCache));
  CONVOY_CHECK_OK(
      execute("pragma cell_size_check = on;"
              "pragma mmap_size = 0;"
              "pragma temp_store = memory;"
              // A commit is on disk when it returns: a mutation must not be sent before that.
              "pragma synchronous = full;"
              "pragma fullfsync = on;"
              "pragma checkpoint_fullfsync = on;"
              "pragma journal_size_limit = 67108864;"
              // 16 MB. Small commits write the same few pages again and again; the longer the log
              // may grow, the more of those writes never reach the file.
              "pragma wal_autocheckpoint = 4000;"
              // Deleted content is overwritten where that costs no extra page.
              "pragma secure_delete = fast"));
  return access == Access::Read ? execute("pragma query_only = on") : ok_status();
}

Connection::~Connection() {
  for (const auto& [sql, cached] : statements_) sqlite3_finalize(cached.handle);
  sqlite3_close_v2(db_);
}

Status Connection::use_wal() {
  // SQLite does not call the busy handler for every lock this takes.
  const auto rounds = busy_timeout_.count() / kRetryPauseMs;
  for (std::int64_t i = 0;; ++i) {
    auto status = execute("pragma journal_mode = wal");
    if (status.ok() || status.error().code != ErrorCode::Busy || i >= rounds) return status;
    sqlite3_sleep(kRetryPauseMs);
  }
}

Status Connection::execute(const std::string& sql) {
  const int code = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error(code);
  return ok_status();
}

Status Connection::execute_guarded(const std::string& sql, std::string_view reserved) {
  Guard guard{.reserved = reserved, .refused = {}};
  const auto judge = [](void* context, int action, const char* first, const char* second,
                        const char*, const char*) {
    return static_cast<Guard*>(context)->judge(action, first, second);
  };
  sqlite3_set_authorizer(db_, judge, &guard);
  auto status = execute(sql);
  authorize();
  if (status.ok() || guard.refused.empty()) return status;
  return Error{.code = ErrorCode::InvalidSchema,
               .message = path_ + ": SQL of the program's own may not touch " + guard.refused,
               .hint = "Transactions, and tables of the engine, are none of its business."};
}

Result<sqlite3_stmt*> Connection::compile(std::string_view sql, unsigned flags) {
  sqlite3_stmt* handle = nullptr;
  const char* rest = nullptr;
  const int code =
      sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()), flags, &handle, &rest);
  if (code != SQLITE_OK) return error(code);
  const auto used = static_cast<std::size_t>(rest - sql.data());
  if (handle != nullptr && sql.find_first_not_of(" \t\r\n;", used) == std::string_view::npos) {
    return handle;
  }
  sqlite3_finalize(handle);
  return Error{.code = ErrorCode::InvalidQuery,
               .message = "the SQL has no statement, or several: " + std::string(sql)};
}

Result<Statement> Connection::prepare(std::string_view sql) {
  const auto found = statements_.find(sql);
  if (found == statements_.end()) {
    CONVOY_TRY(auto* handle, compile(sql, SQLITE_PREPARE_PERSISTENT));
    make_room();
    const auto cached = statements_.emplace(sql, Cached{.handle = handle, .is_in_use = true}).first;
    return Statement(*this, handle, &cached->second.is_in_use);
  }
  auto& cached = found->second;
  if (cached.is_in_use) {
    CONVOY_TRY(auto* handle, compile(sql, 0));
    return Statement(*this, handle, nullptr);
  }
  cached.is_in_use = true;
  return Statement(*this, cached.handle, &cached.is_in_use);
}

void Connection::make_room() noexcept {
  if (statements_.size() < kStatementsMax) return;
  const auto idle = std::ranges::find_if(
      statements_, [](const Cache::value_type& entry) { return !entry.second.is_in_use; });
  if (idle == statements_.end()) return;
  sqlite3_finalize(idle->second.handle);
  statements_.erase(idle);
}

Result<Statement> Connection::prepare_one(std::string_view sql) {
  if (sql.find('\0') != std::string_view::npos) {
    return Error{.code = ErrorCode::InvalidQuery, .message = "the SQL has a NUL character"};
  }
  auto statement = prepare(sql);
  // What is wrong with the text is the caller's fault, not the file's.
  if (!statement.ok() && statement.error().code == ErrorCode::Internal) {
    auto error = std::move(statement).error();
    error.code = ErrorCode::InvalidQuery;
    return error;
  }
  return statement;
}

Result<std::vector<std::string>> Connection::tables_read(std::string_view sql) {
  std::vector<std::string> tables;
  const auto note = [](void* list, int action, const char* table, const char*, const char*,
                       const char*) {
    auto& names = *static_cast<std::vector<std::string>*>(list);
    if (action == SQLITE_READ && table != nullptr &&
        std::ranges::find(names, table) == names.end()) {
      names.emplace_back(table);
    }
    return SQLITE_OK;
  };
  sqlite3_set_authorizer(db_, note, &tables);
  auto handle = compile(sql, 0);
  authorize();
  if (!handle.ok()) {
    auto error = std::move(handle).error();
    if (error.code == ErrorCode::Internal) error.code = ErrorCode::InvalidQuery;
    return error;
  }
  sqlite3_finalize(*handle);
  return tables;
}

void Connection::leave_out_of_triggers(std::string table) {
  left_out_of_triggers_ = std::move(table);
  authorize();
}

void Connection::run_triggers(bool yes) {
  sqlite3_db_config(db_, SQLITE_DBCONFIG_ENABLE_TRIGGER, yes ? 1 : 0, nullptr);
}

void Connection::authorize() {
  const auto leave_out = [](void* left_out, int action, const char* table, const char*, const char*,
                            const char* trigger) {
    const bool is_left_out = action == SQLITE_INSERT && trigger != nullptr &&
                             *static_cast<const std::string*>(left_out) == table;
    return is_left_out ? SQLITE_IGNORE : SQLITE_OK;
  };
  if (left_out_of_triggers_.empty()) {
    sqlite3_set_authorizer(db_, nullptr, nullptr);
  } else {
    sqlite3_set_authorizer(db_, leave_out, &left_out_of_triggers_);
  }
}

Result<std::int64_t> Connection::integer(std::string_view sql) {
  CONVOY_TRY(auto statement, prepare(sql));
  CONVOY_TRY(const bool row, statement.step());
  return row ? statement.integer(0) : 0;
}

std::int64_t Connection::changes() const { return sqlite3_changes64(db_); }

std::int64_t Connection::last_insert_rowid() const { return sqlite3_last_insert_rowid(db_); }

std::int64_t Connection::machine_steps() const {
  std::int64_t steps = 0;
  for (const auto& [text, cached] : statements_) {
    steps += sqlite3_stmt_status(cached.handle, SQLITE_STMTSTATUS_VM_STEP, 0);
  }
  return steps;
}

bool Connection::is_in_transaction() const { return sqlite3_get_autocommit(db_) == 0; }

// Neither fails in a way that matters: the work that follows needs more memory then.
SmallCache::SmallCache(Connection& connection) : connection_(connection) {
  sqlite3_db_cacheflush(connection_.db_);
  sqlite3_db_release_memory(connection_.db_);
  static_cast<void>(connection_.execute(kSmallCache));
}

SmallCache::~SmallCache() { static_cast<void>(connection_.execute(kUsualCache)); }

Error Connection::error(int code) const { return make_error(db_, code, path_); }

}  // namespace convoy::sql
