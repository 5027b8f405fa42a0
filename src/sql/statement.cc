#include "sql/statement.h"

#include <utility>

#include <sqlite3.h>

#include "sql/connection.h"

namespace convoy::sql {

Statement::Statement(Statement&& other) noexcept
    : connection_(other.connection_),
      handle_(std::exchange(other.handle_, nullptr)),
      is_in_use_(other.is_in_use_),
      bind_error_(other.bind_error_) {}

Statement& Statement::operator=(Statement&& other) noexcept {
  if (this != &other) {
    give_back();
    connection_ = other.connection_;
    handle_ = std::exchange(other.handle_, nullptr);
    is_in_use_ = other.is_in_use_;
    bind_error_ = other.bind_error_;
  }
  return *this;
}

Statement::~Statement() { give_back(); }

void Statement::give_back() noexcept {
  if (handle_ == nullptr) return;
  auto* handle = std::exchange(handle_, nullptr);
  if (is_in_use_ == nullptr) {
    sqlite3_finalize(handle);
    return;
  }
  sqlite3_reset(handle);
  sqlite3_clear_bindings(handle);  // They point at text that is about to go.
  *is_in_use_ = false;
}

Statement& Statement::note(int code) {
  if (code != SQLITE_OK) bind_error_ = code;
  return *this;
}

Statement& Statement::bind_null(int index) { return note(sqlite3_bind_null(handle_, index)); }

Statement& Statement::bind_integer(int index, std::int64_t value) {
  return note(sqlite3_bind_int64(handle_, index, value));
}

Statement& Statement::bind_real(int index, double value) {
  return note(sqlite3_bind_double(handle_, index, value));
}

Statement& Statement::bind_text(int index, std::string_view value) {
  // A null pointer would bind SQL's null.
  const char* data = value.data() == nullptr ? "" : value.data();
  return note(sqlite3_bind_text64(handle_, index, data, value.size(), SQLITE_STATIC, SQLITE_UTF8));
}

Statement& Statement::bind(int index, const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    return bind_text(index, std::string_view(*text));
  }
  if (const auto* number = std::get_if<double>(&value)) return bind_real(index, *number);
  if (const auto* boolean = std::get_if<bool>(&value)) return bind_integer(index, *boolean ? 1 : 0);
  return bind_null(index);
}

Statement& Statement::bind_all(std::span<const Value> values) {
  int at = 1;
  for (const auto& value : values) bind(at++, value);
  return *this;
}

Result<bool> Statement::step() {
  if (bind_error_ != SQLITE_OK) {
    return connection_->error(std::exchange(bind_error_, SQLITE_OK)).with_context("binding");
  }
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  auto error = connection_->error(code);
  reset();
  return error;
}

Status Statement::run() {
  for (;;) {
    CONVOY_TRY(const bool row, step());
    if (!row) break;
  }
  reset();
  return ok_status();
}

void Statement::reset() { sqlite3_reset(handle_); }

bool Statement::is_null(int column) const {
  return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_, column); }

double Statement::real(int column) const { return sqlite3_column_double(handle_, column); }

std::string Statement::text(int column) const { return std::string(text_view(column)); }

std::string_view Statement::text_view(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

Value Statement::value(int column) const {
  switch (sqlite3_column_type(handle_, column)) {
    case SQLITE_INTEGER:
      return static_cast<double>(integer(column));
    case SQLITE_FLOAT:
      return real(column);
    case SQLITE_TEXT:
      return text(column);
    default:
      return Null{};
  }
}

int Statement::argument_count() const { return sqlite3_bind_parameter_count(handle_); }

int Statement::column_count() const { return sqlite3_column_count(handle_); }

std::string Statement::column_name(int column) const {
  const char* name = sqlite3_column_name(handle_, column);
  return name == nullptr ? "" : name;
}

bool Statement::is_read_only() const { return sqlite3_stmt_readonly(handle_) != 0; }

}  // namespace convoy::sql
