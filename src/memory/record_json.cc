#include "memory/record_json.h"

#include <utility>

#include "base/number_text.h"
#include "base/time_text.h"
#include "base/uuid.h"
#include "schema/wire.h"

namespace convoy::memory {
namespace {

using base::Json;

Json text_to_json(const Column& column, const std::string& text) {
  switch (column.pg_type) {
    case PgType::Jsonb:
    case PgType::Array:
      return embedded(text);
    case PgType::Bigint:
    case PgType::Numeric:
      if (base::is_json_number(text)) return Json::Number{text};
      return text;
    case PgType::Native:
    case PgType::Timestamptz:
    case PgType::Date:
    case PgType::Uuid:
      break;
  }
  return text;
}

Json value_to_json(const Column& column, const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag;
  if (const auto* text = std::get_if<std::string>(&value)) return text_to_json(column, *text);
  const auto* number = std::get_if<double>(&value);
  if (number == nullptr) return nullptr;
  if (column.pg_type == PgType::Timestamptz) return base::format_json_timestamp(*number);
  return Json::from_double(*number);
}

Error bad_row(const Table& table, const std::string& why) {
  return {.code = ErrorCode::BadReply,
          .message = "the server's answer has no rows of " + table.name + ": " + why,
          .hint = "Check that the project's tables are those of this version."};
}

}  // namespace

Json embedded(const std::string& text) {
  if (text.empty()) return nullptr;
  auto parsed = base::parse_json(text);
  if (!parsed.ok()) return text;
  return *std::move(parsed);
}

Json to_json(const Record& record) {
  Json json;
  json.set("id", record.id);
  if (record.table != nullptr) {
    for (std::size_t i = 0; i < record.table->columns.size(); ++i) {
      const auto& column = record.table->columns[i];
      json.set(column.name,
               i < record.values.size() ? value_to_json(column, record.values[i]) : Json());
    }
  }
  json.set("_status", record.status);
  return json;
}

Result<Record> record_of(const Table& table, const Json& row) {
  const auto* id = row.find("id");
  if (id == nullptr || id->string() == nullptr || !base::is_uuid(*id->string())) {
    return bad_row(table, "one has no id");
  }
  Record record{
      .table = &table, .id = *id->string(), .status = "synced", .changed = {}, .values = {}};
  record.values.reserve(table.columns.size());
  for (const auto& column : table.columns) {
    const auto* found = row.find(column.name);
    if (found == nullptr || found->is_null()) {
      record.values.emplace_back(Null{});
      continue;
    }
    auto value = schema::from_wire(column, *found);
    if (!value.ok()) return bad_row(table, value.error().message);
    record.values.push_back(*std::move(value));
  }
  return record;
}

}  // namespace convoy::memory
