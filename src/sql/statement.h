// statement.h: a prepared statement, borrowed from its connection's cache.
//
// Thread-safety: as its connection. Ownership: the connection must outlive it; destroying it resets
// the statement and gives it back.
#pragma once

#include <concepts>
#include <cstdint>
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
  // Integers and reals as numbers; blobs as null.
  [[nodiscard]] Value value(int column) const;

 private:
  friend class Connection;

  Statement(Connection& connection, std::string sql, sqlite3_stmt* handle)
      : connection_(&connection), sql_(std::move(sql)), handle_(handle) {}

  void give_back() noexcept;
  Statement& note(int code);

  Connection* connection_;
  std::string sql_;
  sqlite3_stmt* handle_;
  int bind_error_ = 0;
};

}  // namespace convoy::sql
