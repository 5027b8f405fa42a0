#include "store/local_storage.h"

#include "base/text.h"

namespace convoy::store {

Status check_local_key(std::string_view key) {
  CONVOY_CHECK_OK(base::check_text(key, "a key of the local storage"));
  if (!key.empty() && !key.starts_with("__")) return ok_status();
  return Error{.code = ErrorCode::InvalidArgument,
               .message = "the key \"" + std::string(key) + "\" is not allowed",
               .hint = "It must not be empty nor begin with \"__\", which the engines use."};
}

Result<std::optional<std::string>> read_local(sql::Connection& connection, std::string_view key) {
  CONVOY_TRY(auto select,
             connection.prepare(R"(select "value" from "local_storage" where "key" = ?)"));
  CONVOY_TRY(const bool found, select.bind_text(1, key).step());
  if (!found) return std::optional<std::string>();
  return std::optional(select.text(0));
}

Status write_local(sql::Connection& connection, std::string_view key, std::string_view value) {
  CONVOY_CHECK_OK(base::check_text(value, "the value of \"" + std::string(key) + "\""));
  CONVOY_TRY(auto insert,
             connection.prepare(
                 R"(insert or replace into "local_storage" ("key", "value") values (?, ?))"));
  return insert.bind_text(1, key).bind_text(2, value).run();
}

Status remove_local(sql::Connection& connection, std::string_view key) {
  CONVOY_TRY(auto remove, connection.prepare(R"(delete from "local_storage" where "key" = ?)"));
  return remove.bind_text(1, key).run();
}

}  // namespace convoy::store
