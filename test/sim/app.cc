#include "sim/app.h"

#include "base/number_text.h"
#include "base/time_text.h"

namespace convoy::sim {
namespace {

using base::Json;

ColumnSpec revision() { return {.name = "revision", .type = Type::Integer, .is_readonly = true}; }

std::vector<TableSpec> make_tables() {
  return {
      {.name = "members",
       .kind = TableKind::Unsynced,
       .columns = {{.name = "space_id",
                    .type = Type::Uuid,
                    .references = kSpaces,
                    .on_delete = OnDelete::Cascade},
                   {.name = "user_id", .type = Type::Uuid},
                   {.name = "role"}}},
      {.name = "spaces", .columns = {{.name = "name"}, revision()}, .is_scope = true},
      {.name = "lists",
       .columns = {{.name = "space_id",
                    .type = Type::Uuid,
                    .references = kSpaces,
                    .on_delete = OnDelete::Cascade},
                   {.name = "name"},
                   {.name = "private_to", .type = Type::Uuid, .is_nullable = true},
                   revision()},
       .scope_column = kListSpace},
      {.name = "tasks",
       .columns =
           {{.name = "list_id",
             .type = Type::Uuid,
             .references = kLists,
             .on_delete = OnDelete::Cascade},
            {.name = "parent_id",
             .type = Type::Uuid,
             .is_nullable = true,
             .references = kTasks,
             .on_delete = OnDelete::SetNull},
            {.name = "title"},
            {.name = "body", .rule = Rule::ClientWins},
            {.name = "rank", .type = Type::Integer, .is_nullable = true, .is_checked = true},
            {.name = "done", .type = Type::Boolean},
            {.name = "due", .type = Type::Timestamp, .is_nullable = true, .rule = Rule::Latest},
            {.name = "details", .type = Type::Json, .is_nullable = true},
            {.name = "private_to", .type = Type::Uuid, .is_nullable = true},
            revision()},
       .via_column = kTaskList},
      {.name = "notes",
       .kind = TableKind::AppendOnly,
       .columns = {{.name = "task_id",
                    .type = Type::Uuid,
                    .references = kTasks,
                    .on_delete = OnDelete::Cascade},
                   {.name = "text"}},
       .via_column = kNoteTask},
      {.name = "marks",
       .kind = TableKind::ReadOnly,
       .columns = {{.name = "space_id",
                    .type = Type::Uuid,
                    .is_nullable = true,
                    .references = kSpaces,
                    .on_delete = OnDelete::Cascade},
                   {.name = "n", .type = Type::Integer}},
       .scope_column = kMarkSpace},
      {.name = "cards",
       .columns = {{.name = "list_id",
                    .type = Type::Uuid,
                    .references = kLists,
                    .on_delete = OnDelete::Cascade},
                   {.name = "title"},
                   {.name = "state", .rule = Rule::LastWriteWins},
                   {.name = "topic", .rule = Rule::Manual},
                   {.name = "votes", .type = Type::Integer, .rule = Rule::Counter},
                   {.name = "labels", .type = Type::Json, .is_nullable = true, .rule = Rule::Set},
                   revision()},
       .via_column = kCardList,
       .resurrects = true},
  };
}

Column device_column(const ColumnSpec& spec) {
  Column column{.name = spec.name, .is_optional = spec.is_nullable};
  switch (spec.type) {
    case Type::Text:
      break;
    case Type::Uuid:
      column.pg_type = PgType::Uuid;
      break;
    case Type::Integer:
      column.type = ColumnType::Number;
      break;
    case Type::Boolean:
      column.type = ColumnType::Boolean;
      break;
    case Type::Timestamp:
      column.type = ColumnType::Number;
      column.pg_type = PgType::Timestamptz;
      break;
    case Type::Json:
      column.pg_type = PgType::Jsonb;
      break;
  }
  if (spec.references >= 0) {
    column.references = Reference{.table = tables()[static_cast<std::size_t>(spec.references)].name,
                                  .on_delete = spec.on_delete};
    column.is_indexed = true;
  }
  return column;
}

Schema make_device_schema() {
  Schema schema;
  for (const auto& spec : tables()) {
    if (spec.kind == TableKind::Unsynced) continue;
    Table table{.name = spec.name, .columns = {}};
    for (const auto& column : spec.columns) table.columns.push_back(device_column(column));
    schema.tables.push_back(std::move(table));
  }
  return schema;
}

// As Postgres prints it: no zeros at the end of the fraction, and the offset of UTC.
std::optional<Json> normalised_time(const Json& value) {
  if (value.string() == nullptr) return std::nullopt;
  const auto ms = base::parse_timestamp(*value.string());
  if (!ms) return std::nullopt;
  auto text = base::format_timestamp(*ms);
  if (!text) return std::nullopt;
  if (!text->ends_with('Z')) return Json(*text);
  text->pop_back();
  if (text->find('.') != std::string::npos) {
    while (text->ends_with('0')) text->pop_back();
    if (text->ends_with('.')) text->pop_back();
  }
  return Json(*text + "+00:00");
}

}  // namespace

std::string_view name_of(Rule rule) {
  switch (rule) {
    case Rule::ServerWins:
      return "server_wins";
    case Rule::ClientWins:
      return "client_wins";
    case Rule::Latest:
      return "latest";
    case Rule::LastWriteWins:
      return "last_write_wins";
    case Rule::Manual:
      return "manual";
    case Rule::Counter:
      return "counter";
    case Rule::Set:
      return "set";
  }
  return "";
}

int TableSpec::find(std::string_view column) const {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == column) return static_cast<int>(i);
  }
  return -1;
}

const std::vector<TableSpec>& tables() {
  static const auto all = make_tables();
  return all;
}

int find_table(std::string_view name) {
  for (std::size_t i = 0; i < tables().size(); ++i) {
    if (tables()[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

const Schema& device_schema() {
  static const auto schema = make_device_schema();
  return schema;
}

std::optional<Json> normalised(Type type, const Json& value) {
  if (value.is_null()) return value;
  switch (type) {
    case Type::Text:
    case Type::Uuid:
      if (value.string() == nullptr) return std::nullopt;
      return value;
    case Type::Integer: {
      if (const auto number = value.integer()) return Json(*number);
      const auto real = value.real();
      if (!real) return std::nullopt;
      return Json(static_cast<std::int64_t>(*real));
    }
    case Type::Boolean:
      if (value.boolean() == nullptr) return std::nullopt;
      return value;
    case Type::Timestamp:
      return normalised_time(value);
    case Type::Json:
      return value;
  }
  return std::nullopt;
}

}  // namespace convoy::sim
