// statement.h: a prepared statement, borrowed from its connection's cache.
//
// Thread-safety: as its connection. Ownership: the connection must outlive it; destroying it resets
// the statement and gives it back.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "convoy/result.h"
#include "convoy/value.h"

struct sqlite3_stmt;

namespace convoy::sql {

class Connection;

class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;
  ~Statement();

  // Arguments count from 1. An argument that is too long, or one that does not exist, is an error
  // of the next step. Text is not copied: REQUIRES that it lives until reset.
  Statement& bind(int index, const Value& value);
  Statement& bind_null(int index);
  Statement& bind_integer(int index, std::int64_t value);
  Statement& bind_real(int index, double value);
  Statement& bind_text(int index, std::string_view value);
  // The first argument and so on. REQUIRES: as bind_text() of every text in it.
  Statement& bind_all(std::span<const Value> values);
  template <std::same_as<std::string> Temporary>
  Statement& bind_text(int index, Temporary&& value) = delete;

  // True: a row is there to be read. False: the end. After an error the statement is reset.
  Result<bool> step();
  // Steps to the end, for statements without rows, and resets.
  Status run();
  void reset();

  // Columns count from 0. REQUIRES: step() was true.
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] double real(int column) const;
  [[nodiscard]] std::string text(int column) const;
  // The same without a copy: valid until the next step.
  [[nodiscard]] std::string_view text_view(int column) const;
  // Integers and reals as numbers; blobs as null.
  [[nodiscard]] Value value(int column) const;

  [[nodiscard]] int argument_count() const;
  [[nodiscard]] int column_count() const;
  [[nodiscard]] std::string column_name(int column) const;
  // Whether it leaves the database as it is.
  [[nodiscard]] bool is_read_only() const;

 private:
  friend class Connection;

  // `is_in_use` is the cache's note that somebody has it; null: it is not from the cache.
  Statement(Connection& connection, sqlite3_stmt* handle, bool* is_in_use)
      : connection_(&connection), handle_(handle), is_in_use_(is_in_use) {}

  void give_back() noexcept;
  Statement& note(int code);

  Connection* connection_;
  sqlite3_stmt* handle_;
  bool* is_in_use_;
  int bind_error_ = 0;
};

}  // namespace convoy::sql
