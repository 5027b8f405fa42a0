#include "cli/typed_text.h"

#include "base/json.h"
#include "schema/wire.h"

namespace convoy::cli {

Result<Value> typed_value(const Column& column, const std::string& text) {
  const bool is_text = column.type == ColumnType::String &&
                       (column.pg_type == PgType::Native || column.pg_type == PgType::Uuid);
  base::Json wire(text);
  if (!is_text) {
    if (auto parsed = base::parse_json(text); parsed.ok()) wire = *std::move(parsed);
  }
  auto value = schema::from_wire(column, wire);
  if (value.ok()) return value;
  return Error{.code = ErrorCode::InvalidArgument, .message = value.error().message, .hint = ""};
}

}  // namespace convoy::cli
