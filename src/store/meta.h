// meta.h: single values of the file, in convoy_meta.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "convoy/result.h"
#include "sql/connection.h"

namespace convoy::store {

// "" if there is no such value.
inline Result<std::string> read_meta(sql::Connection& connection, std::string_view key) {
  CONVOY_TRY(auto statement, connection.prepare("select value from convoy_meta where key = ?"));
  CONVOY_TRY(const bool found, statement.bind_text(1, key).step());
  return found ? statement.text(0) : std::string();
}

// 0 if there is no such value.
inline Result<std::int64_t> read_meta_number(sql::Connection& connection, std::string_view key) {
  CONVOY_TRY(auto statement, connection.prepare("select value from convoy_meta where key = ?"));
  CONVOY_TRY(const bool found, statement.bind_text(1, key).step());
  return found ? statement.integer(0) : 0;
}

inline Status write_meta(sql::Connection& connection, std::string_view key,
                         std::string_view value) {
  CONVOY_TRY(auto statement,
             connection.prepare("insert into convoy_meta (key, value) values (?, ?) on conflict "
                                "(key) do update set value = excluded.value"));
  return statement.bind_text(1, key).bind_text(2, value).run();
}

inline Status write_meta(sql::Connection& connection, std::string_view key, std::int64_t value) {
  CONVOY_TRY(auto statement,
             connection.prepare("insert into convoy_meta (key, value) values (?, ?) on conflict "
                                "(key) do update set value = excluded.value"));
  return statement.bind_text(1, key).bind_integer(2, value).run();
}

}  // namespace convoy::store
