#include "store/confirmed.h"

namespace convoy::store {

Result<std::optional<std::string>> confirmed_content(sql::Connection& connection,
                                                     std::int64_t table_number,
                                                     std::string_view id) {
  CONVOY_TRY(auto select, connection.prepare("select content from convoy_confirmed where "
                                             "table_number = ? and id = ?"));
  CONVOY_TRY(const bool found, select.bind_integer(1, table_number).bind_text(2, id).step());
  if (!found) return std::optional<std::string>();
  return std::optional(select.text(0));
}

Status keep_confirmed(sql::Connection& connection, std::int64_t table_number, std::string_view id,
                      std::string_view content) {
  CONVOY_TRY(auto insert, connection.prepare("insert or ignore into convoy_confirmed "
                                             "(table_number, id, content) values (?, ?, ?)"));
  return insert.bind_integer(1, table_number).bind_text(2, id).bind_text(3, content).run();
}

Status replace_confirmed(sql::Connection& connection, std::int64_t table_number,
                         std::string_view id, std::string_view content) {
  CONVOY_TRY(auto replace, connection.prepare("insert into convoy_confirmed (table_number, id, "
                                              "content) values (?, ?, ?) on conflict "
                                              "(table_number, id) do update set content = "
                                              "excluded.content"));
  return replace.bind_integer(1, table_number).bind_text(2, id).bind_text(3, content).run();
}

Status forget_confirmed(sql::Connection& connection, std::int64_t table_number,
                        std::string_view id) {
  CONVOY_TRY(auto remove, connection.prepare("delete from convoy_confirmed where table_number = ? "
                                             "and id = ?"));
  return remove.bind_integer(1, table_number).bind_text(2, id).run();
}

}  // namespace convoy::store
