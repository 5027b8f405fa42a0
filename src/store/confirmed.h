// confirmed.h: convoy_confirmed, what the server said of rows while mutations pend on them.
//
// Without pending mutations the row in its own table is the confirmed one, and nothing is here. So
// this table is as small as the outbox, and a local write does not touch the large one that lists
// all confirmed rows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "convoy/result.h"
#include "sql/connection.h"

namespace convoy::store {

// The row's wire values as a JSON object; nothing if none are kept.
Result<std::optional<std::string>> confirmed_content(sql::Connection& connection,
                                                     std::int64_t table_number,
                                                     std::string_view id);
// Keeps what is there already.
Status keep_confirmed(sql::Connection& connection, std::int64_t table_number, std::string_view id,
                      std::string_view content);
Status replace_confirmed(sql::Connection& connection, std::int64_t table_number,
                         std::string_view id, std::string_view content);
Status forget_confirmed(sql::Connection& connection, std::int64_t table_number,
                        std::string_view id);

}  // namespace convoy::store
