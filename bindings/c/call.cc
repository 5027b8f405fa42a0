#include "bindings/c/call.h"

#include <cstring>
#include <limits>

#include "base/text.h"
#include "query/query_json.h"
#include "store/record_json.h"

namespace convoy::c {
namespace {

// SQLite counts bytes in an int.
constexpr std::size_t kTextBytesMax = std::numeric_limits<int>::max();

Error invalid(std::string_view what, std::string_view wrong) {
  return {.code = ErrorCode::InvalidArgument,
          .message = std::string(what) + " " + std::string(wrong)};
}

}  // namespace

Error Call::missing(std::string_view name) { return invalid(name, "is null"); }

void Call::fail(Error error) {
  if (!failure_) failure_ = std::move(error);
}

convoy_status Call::finish() {
  if (!failure_) return CONVOY_OK;
  const auto status = static_cast<convoy_status>(failure_->code);
  if (noted_ != nullptr) *noted_ = failure_;
  if (error_ != nullptr) *error_ = new convoy_error{*std::move(failure_)};
  return status;
}

Result<std::string_view> bytes_argument(const char* data, std::size_t size, std::string_view what) {
  if (data == nullptr && size == 0) return std::string_view();
  if (data == nullptr) return invalid(what, "is null, and not its size");
  const std::size_t length = size == CONVOY_CSTR ? std::strlen(data) : size;
  if (length > kTextBytesMax) return invalid(what, "is longer than any text may be");
  const std::string_view text(data, length);
  if (base::is_utf8(text)) return text;
  return base::check_text(text, what).error();
}

Result<std::string_view> text_argument(const char* data, std::size_t size, std::string_view what) {
  CONVOY_TRY(const auto text, bytes_argument(data, size, what));
  CONVOY_CHECK_OK(base::check_text(text, what));
  return text;
}

Result<Query> query_argument(const char* data, std::size_t size) {
  CONVOY_TRY(const auto json, text_argument(data, size, "the query"));
  return query::parse_query(json);
}

Result<Select> select_argument(const char* sql, std::size_t sql_size, const char* args,
                               std::size_t args_size) {
  Select select;
  CONVOY_TRY(select.sql, text_argument(sql, sql_size, "the select"));
  CONVOY_TRY(const auto text, text_argument(args, args_size, "args"));
  if (text.data() == nullptr) return select;
  CONVOY_TRY(const auto json, store::parse_argument(text, "args"));
  CONVOY_TRY(select.args, store::values_from_json(json, "args"));
  return select;
}

convoy_text* new_text(std::string bytes) { return new convoy_text{std::move(bytes)}; }

Status verdict(convoy_status status, const std::optional<Error>& noted) {
  if (status == CONVOY_OK) return ok_status();
  const auto code = static_cast<ErrorCode>(status);
  if (noted && noted->code == code) return *noted;
  return Error{.code = code,
               .message = "the program's own function ended it with " + std::to_string(status)};
}

}  // namespace convoy::c
