#include "store/writer.h"

#include <algorithm>

#include "base/uuid.h"
#include "query/compile.h"
#include "schema/sanitise.h"
#include "schema/suggest.h"
#include "schema/wire.h"
#include "store/outbox_writer.h"

namespace convoy::store {
namespace {

using base::Json;

void add_changed(std::string& changed, const std::string& column) {
  const std::string list = "," + changed + ",";
  if (list.find("," + column + ",") != std::string::npos) return;
  changed += (changed.empty() ? "" : ",") + column;
}

}  // namespace

bool TransactionWriter::breaks_transaction(ErrorCode code) {
  switch (code) {
    case ErrorCode::Internal:
    case ErrorCode::NotADatabase:
    case ErrorCode::Corrupt:
    case ErrorCode::DiskFull:
    case ErrorCode::Io:
    case ErrorCode::Busy:
    case ErrorCode::Cancelled:
      return true;
    default:
      return false;
  }
}

Result<std::vector<TransactionWriter::Assignment>> TransactionWriter::check(const TableInfo& info,
                                                                            Fields fields) {
  std::vector<Assignment> checked;
  for (auto& [name, value] : fields) {
    if (name == "id" || name == "_status" || name == "_changed") {
      return Error{.code = ErrorCode::InvalidArgument,
                   .message = info.table->name + "." + name + " can't be set like a column"};
    }
    const auto column = info.column_index(name);
    if (!column) return schema::unknown_column(*info.table, name);
    CONVOY_TRY(const bool read_only, is_read_only(info, *column));
    if (read_only) {
      return Error{.code = ErrorCode::Refused,
                   .message = info.table->name + "." + name + " is set by the server alone",
                   .hint = "Leave the column out; its value comes with the next sync."};
    }
    CONVOY_TRY(auto fitting,
               schema::check_value(*info.table, info.table->columns[*column], std::move(value)));
    const auto earlier = std::ranges::find(checked, *column, &Assignment::column);
    if (earlier != checked.end()) {
      earlier->value = std::move(fitting);
    } else {
      checked.push_back({.column = *column, .value = std::move(fitting)});
    }
  }
  return checked;
}

Result<bool> TransactionWriter::is_read_only(const TableInfo& info, std::size_t column) {
  if (info.table->is_local_only) return false;
  CONVOY_TRY(const auto* rules, rules_.of(info));
  return rules->read_only_columns.contains(info.table->columns[column].name);
}

Status TransactionWriter::check_rules(const TableInfo& info, std::string_view id,
                                      OperationKind kind) {
  if (info.table->is_local_only) return ok_status();
  CONVOY_TRY(const auto* rules, rules_.of(info));
  if (rules->conflict == kReadOnlyRule) {
    return Error{.code = ErrorCode::Refused,
                 .message = "the server takes no writes to " + info.table->name +
                            " from devices: it is read only",
                 .hint = "Change it on the server; the change comes with the next sync."};
  }
  // What this transaction adds may still take its shape.
  if (rules->conflict != kAppendOnlyRule || kind == OperationKind::Insert ||
      builder_.has_insert(info, id)) {
    return ok_status();
  }
  return Error{.code = ErrorCode::Refused,
               .message = "records of " + info.table->name +
                          " can be added, but neither changed nor deleted: it is append only",
               .hint = "Add another record instead."};
}

Result<Record> TransactionWriter::create(std::string_view table, Fields fields, std::string id) {
  CONVOY_TRY(const auto* info, tables_.require(table));
  CONVOY_CHECK_OK(check_rules(*info, id, OperationKind::Insert));
  CONVOY_TRY(auto given, check(*info, std::move(fields)));
  if (id.empty()) {
    id = info->table->ids == IdKind::Uuid ? base::uuid_v7(clock_.now_ms(), random_)
                                          : base::random_id(random_);
  } else {
    CONVOY_TRY(id, schema::check_id(*info->table, id));
  }
  return watch(insert(*info, std::move(id), std::move(given)));
}

Result<Record> TransactionWriter::insert(const TableInfo& info, std::string id,
                                         std::vector<Assignment> given) {
  const auto now = static_cast<double>(clock_.now_ms());
  for (const auto& touched : {info.created_at, info.updated_at}) {
    if (!touched || std::ranges::find(given, *touched, &Assignment::column) != given.end()) {
      continue;
    }
    CONVOY_TRY(const bool read_only, is_read_only(info, *touched));
    if (!read_only) given.push_back({.column = *touched, .value = now});
  }
  const bool is_local = info.table->is_local_only;
  Row row{.status = std::string(is_local ? kSynced : kCreated), .changed = {}, .values = {}};
  row.values.reserve(info.table->columns.size());
  for (const auto& column : info.table->columns) {
    row.values.push_back(schema::default_value(column));
  }
  Json::Object values;
  for (auto& [column, value, base] : given) {
    if (!is_local) {
      values.emplace_back(info.table->columns[column].name,
                          schema::to_wire(info.table->columns[column], value));
    }
    row.values[column] = std::move(value);
  }
  CONVOY_TRY(const bool is_new, insert_row(connection_, info, id, row));
  if (!is_new) return already_exists(info, id);
  if (!is_local) builder_.insert(info, id, std::move(values));
  return Record{.table = info.table,
                .id = std::move(id),
                .status = std::move(row.status),
                .changed = std::move(row.changed),
                .values = std::move(row.values)};
}

Error TransactionWriter::already_exists(const TableInfo& info, const std::string& id) {
  auto existing = read_row(connection_, info, id);
  if (!existing.ok()) return std::move(existing).error();
  const bool is_deleted = *existing && (*existing)->status == kDeleted;
  return {.code = ErrorCode::AlreadyExists,
          .message = "there is a record \"" + id + "\" in " + info.table->name + " already",
          .hint = is_deleted ? "It is deleted, but the server does not know yet. Take another id."
                             : ""};
}

Result<std::optional<Row>> TransactionWriter::live_row(const TableInfo& info, std::string_view id) {
  CONVOY_TRY(auto row, read_row(connection_, info, id));
  if (row && row->status == kDeleted) row.reset();
  return row;
}

Result<Record> TransactionWriter::update(std::string_view table, std::string_view id,
                                         Fields fields) {
  CONVOY_TRY(const auto* info, tables_.require(table));
  CONVOY_CHECK_OK(check_rules(*info, id, OperationKind::Update));
  CONVOY_TRY(auto given, check(*info, std::move(fields)));
  CONVOY_TRY(auto row, watch(live_row(*info, id)));
  if (!row) return no_such_record(*info, id);
  CONVOY_TRY(auto changes, watch(real_changes(*info, *row, std::move(given))));
  if (!changes.empty()) {
    CONVOY_CHECK_OK(watch(change(*info, id, *row, std::move(changes), Effect::Sent)));
  }
  return Record{.table = info->table,
                .id = std::string(id),
                .status = std::move(row->status),
                .changed = std::move(row->changed),
                .values = std::move(row->values)};
}

Result<std::vector<TransactionWriter::Assignment>> TransactionWriter::real_changes(
    const TableInfo& info, const Row& row, std::vector<Assignment> given) {
  const bool sets_updated_at =
      info.updated_at &&
      std::ranges::find(given, *info.updated_at, &Assignment::column) != given.end();
  std::erase_if(given, [&](const Assignment& assignment) {
    return schema::same_value(info.table->columns[assignment.column], row.values[assignment.column],
                              assignment.value);
  });
  if (!given.empty() && !sets_updated_at) CONVOY_CHECK_OK(touch(info, row, given));
  return given;
}

Status TransactionWriter::touch(const TableInfo& info, const Row& row,
                                std::vector<Assignment>& given) {
  if (!info.updated_at) return ok_status();
  CONVOY_TRY(const bool read_only, is_read_only(info, *info.updated_at));
  const Value now = static_cast<double>(clock_.now_ms());
  if (!read_only && row.values[*info.updated_at] != now) {
    given.insert(given.begin(), {.column = *info.updated_at, .value = now});
  }
  return ok_status();
}

Status TransactionWriter::decide(const TableInfo& info, std::string_view id, std::size_t column,
                                 Value value, Json server) {
  CONVOY_CHECK_OK(check_rules(info, id, OperationKind::Update));
  CONVOY_TRY(auto row, live_row(info, id));
  if (!row) return no_such_record(info, id);
  const auto& about = info.table->columns[column];
  std::vector<Assignment> changes;
  CONVOY_TRY(auto fitting, schema::check_value(*info.table, about, std::move(value)));
  const auto wire = schema::to_wire(about, fitting);
  if (schema::same_wire_value(about, wire, server) &&
      schema::same_value(about, row->values[column], fitting)) {
    return ok_status();
  }
  changes.push_back({.column = column, .value = std::move(fitting), .base = std::move(server)});
  CONVOY_CHECK_OK(touch(info, *row, changes));
  return change(info, id, *row, std::move(changes), Effect::Sent);
}

void TransactionWriter::note_before(const TableInfo& info, std::string_view id, const Row& row) {
  if (builder_.is_known(info, id)) return;
  std::optional<Json::Object> before;
  if (row.status == kSynced) before = to_wire(*info.table, row.values);
  builder_.note_before(info, id, std::move(before));
  if (row.status == kSynced || row.status == kUpdated) builder_.note_confirmed(info, id);
}

Status TransactionWriter::change(const TableInfo& info, std::string_view id, Row& row,
                                 std::vector<Assignment> changes, Effect effect) {
  const bool is_local = info.table->is_local_only;
  if (!is_local) note_before(info, id, row);
  // What belongs to the record's making is no change of it.
  const bool is_tracked = !is_local && !builder_.has_insert(info, id);
  Json::Object values;
  Json::Object base;
  std::vector<std::size_t> columns;
  for (auto& [index, value, known_base] : changes) {
    const auto& column = info.table->columns[index];
    if (!is_local) {
      base.emplace_back(column.name, known_base ? *std::move(known_base)
                                                : schema::to_wire(column, row.values[index]));
      values.emplace_back(column.name, schema::to_wire(column, value));
    }
    row.values[index] = std::move(value);
    columns.push_back(index);
    if (is_tracked) add_changed(row.changed, column.name);
  }
  if (row.status == kSynced && !is_local) row.status = kUpdated;
  CONVOY_CHECK_OK(update_row(connection_, info, id, row, columns));
  if (!is_local) builder_.update(info, id, std::move(values), std::move(base), effect);
  return ok_status();
}

Result<std::optional<Record>> TransactionWriter::find(std::string_view table, std::string_view id) {
  return watch(reader_.find(table, id));
}

Result<std::vector<Record>> TransactionWriter::fetch(const Query& query) {
  return watch(reader_.fetch(query));
}

Result<std::vector<std::string>> TransactionWriter::fetch_ids(const Query& query) {
  return watch(reader_.fetch_ids(query));
}

Result<std::int64_t> TransactionWriter::count(const Query& query) {
  return watch(reader_.count(query));
}

Result<RawRows> TransactionWriter::select(std::string_view sql, std::span<const Value> args) {
  return watch(reader_.select(sql, args));
}

Result<Explanation> TransactionWriter::explain(const Query& query) {
  return watch(reader_.explain(query));
}

Result<std::vector<std::optional<Record>>> TransactionWriter::parents(
    std::span<const Record> records, std::string_view column) {
  return watch(reader_.parents(records, column));
}

Result<std::vector<std::vector<Record>>> TransactionWriter::children(
    std::span<const Record> records, std::string_view table, std::string_view column) {
  return watch(reader_.children(records, table, column));
}

Status TransactionWriter::finish() {
  if (failure_) return *failure_;
  CONVOY_CHECK_OK(finish_loads());
  return record_mutation(connection_, tables_, builder_, clock_, random_);
}

}  // namespace convoy::store
