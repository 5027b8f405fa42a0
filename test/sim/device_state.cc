#include "sim/device_state.h"

#include <utility>

#include "base/number_text.h"
#include "schema/sanitise.h"
#include "schema/wire.h"

namespace convoy::sim {
namespace {

using base::Json;

const Table& device_table(int table) {
  // Table 0 is the server's alone.
  return device_schema().tables[static_cast<std::size_t>(table - 1)];
}

std::string plain(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return "'" + *text;
  if (const auto* number = std::get_if<double>(&value)) return base::format_double(*number);
  if (const auto* boolean = std::get_if<bool>(&value)) return *boolean ? "1" : "0";
  return "null";
}

std::int64_t integer_of(const Value& value) {
  const auto* number = std::get_if<double>(&value);
  return number == nullptr ? 0 : static_cast<std::int64_t>(*number);
}

std::string string_of(const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? std::string() : *text;
}

Texts texts_of_confirmed(int table, const std::string& confirmed) {
  const auto json = base::parse_json(confirmed);
  Texts texts;
  const auto& columns = device_table(table).columns;
  for (int i = 0; i < static_cast<int>(columns.size()); ++i) {
    const auto* value = json.ok() ? json->find(columns[static_cast<std::size_t>(i)].name) : nullptr;
    texts.push_back(value == nullptr ? default_text(table, i) : text_of(table, i, *value));
  }
  return texts;
}

Status read_scopes(Reader& reader, DeviceState& state) {
  CONVOY_TRY(const auto scopes, reader.select("select id, visibility, base, is_backfilling, "
                                              "generation from convoy_scope"));
  for (const auto& row : scopes.rows) {
    state.scopes[string_of(row[0])] = {.visibility = string_of(row[1]),
                                       .base = string_of(row[2]),
                                       .is_backfilling = integer_of(row[3]) != 0,
                                       .generation = integer_of(row[4])};
  }
  CONVOY_TRY(const auto meta, reader.select("select key, value from convoy_meta where key in "
                                            "('epoch', 'client_id')"));
  for (const auto& row : meta.rows) {
    (string_of(row[0]) == "epoch" ? state.epoch : state.client_id) = string_of(row[1]);
  }
  return ok_status();
}

Status read_shown(Reader& reader, DeviceState& state) {
  for (int table = kSpaces; table < kTables; ++table) {
    const auto& of_table = device_table(table);
    std::string sql = "select \"id\", \"_status\"";
    for (const auto& column : of_table.columns) sql += ", \"" + column.name + "\"";
    CONVOY_TRY(const auto rows, reader.select(sql + " from \"" + of_table.name + "\""));
    for (const auto& row : rows.rows) {
      ShownRow shown{.status = string_of(row[1]), .values = {}};
      for (std::size_t i = 2; i < row.size(); ++i) shown.values.push_back(plain(row[i]));
      state.shown.emplace(Key(table, string_of(row[0])), std::move(shown));
    }
  }
  return ok_status();
}

Status read_confirmed(Reader& reader, DeviceState& state) {
  CONVOY_TRY(const auto rows,
             reader.select("select t.name, r.id, s.id, c.content from convoy_row r join "
                           "convoy_table t on t.number = r.table_number left join convoy_scope s "
                           "on s.number = r.scope left join convoy_confirmed c on c.table_number = "
                           "r.table_number and c.id = r.id"));
  for (const auto& row : rows.rows) {
    const Key key(find_table(string_of(row[0])), string_of(row[1]));
    ConfirmedRow confirmed{.scope = string_of(row[2]), .values = {}};
    if (is_null(row[3])) {
      const auto shown = state.shown.find(key);
      if (shown != state.shown.end()) confirmed.values = shown->second.values;
    } else {
      confirmed.values = texts_of_confirmed(key.first, string_of(row[3]));
    }
    state.confirmed.emplace(key, std::move(confirmed));
  }
  return ok_status();
}

Status read_conflicts(Reader& reader, DeviceState& state) {
  CONVOY_TRY(const auto rows, reader.select("select table_name || ' ' || row_id || ' ' || "
                                            "column_name, client, server from convoy_conflict"));
  for (const auto& row : rows.rows) {
    state.conflicts.push_back(
        {.where = string_of(row[0]), .client = string_of(row[1]), .server = string_of(row[2])});
  }
  return ok_status();
}

Result<std::vector<OutboxEntry>> outbox_of(Reader& reader) {
  CONVOY_TRY(const auto rows,
             reader.select("select seq, mid, uid, state, attempts, coalesce(replay, body), code, "
                           "depends_on, body from convoy_mutation order by seq"));
  std::vector<OutboxEntry> outbox;
  for (const auto& row : rows.rows) {
    OutboxEntry entry{.seq = integer_of(row[0]),
                      .mid = integer_of(row[1]),
                      .uid = string_of(row[2]),
                      .state = static_cast<int>(integer_of(row[3])),
                      .attempts = static_cast<int>(integer_of(row[4])),
                      .body = string_of(row[8]),
                      .code = string_of(row[6]),
                      .depends_on = integer_of(row[7])};
    CONVOY_TRY(const auto body, base::parse_json(string_of(row[5])));
    if (const auto* ops = body.find("ops")) entry.ops = *ops;
    outbox.push_back(std::move(entry));
  }
  return outbox;
}

}  // namespace

Result<DeviceState> read_device(Database& database) {
  DeviceState state;
  auto status = database.read([&](Reader& reader) -> Status {
    CONVOY_CHECK_OK(read_scopes(reader, state));
    CONVOY_CHECK_OK(read_shown(reader, state));
    CONVOY_CHECK_OK(read_confirmed(reader, state));
    CONVOY_TRY(state.outbox, outbox_of(reader));
    CONVOY_CHECK_OK(read_conflicts(reader, state));
    return ok_status();
  });
  if (!status.ok()) return std::move(status).error();
  return state;
}

Result<std::vector<OutboxEntry>> read_outbox(Database& database) {
  std::vector<OutboxEntry> outbox;
  auto status = database.read([&](Reader& reader) -> Status {
    CONVOY_TRY(outbox, outbox_of(reader));
    return ok_status();
  });
  if (!status.ok()) return std::move(status).error();
  return outbox;
}

Texts texts_of(int table, const Row& row) {
  Texts texts;
  for (int i = 0; i < static_cast<int>(row.size()); ++i) {
    texts.push_back(text_of(table, i, row[static_cast<std::size_t>(i)]));
  }
  return texts;
}

std::string text_of(int table, int column, const Json& wire) {
  const auto value =
      schema::from_wire(device_table(table).columns[static_cast<std::size_t>(column)], wire);
  return value.ok() ? plain(*value) : "?" + wire.dump();
}

std::string default_text(int table, int column) {
  return plain(
      schema::default_value(device_table(table).columns[static_cast<std::size_t>(column)]));
}

}  // namespace convoy::sim
