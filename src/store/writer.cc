#include "store/writer.h"

#include <algorithm>

#include "base/uuid.h"
#include "query/compile.h"
#include "schema/sanitise.h"
#include "schema/suggest.h"
#include "schema/wire.h"
#include "store/outbox.h"

namespace convoy::store {
namespace {

using base::Json;

Error not_found(const TableInfo& info, std::string_view id) {
  return {.code = ErrorCode::NotFound,
          .message = "there is no record \"" + std::string(id) + "\" in " + info.table->name};
}

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
                                                                            Fields fields) const {
  std::vector<Assignment> checked;
  for (auto& [name, value] : fields) {
    if (name == "id" || name == "_status" || name == "_changed") {
      return Error{.code = ErrorCode::InvalidArgument,
                   .message = info.table->name + "." + name + " can't be set like a column"};
    }
    const auto column = info.column_index(name);
    if (!column) return schema::unknown_column(*info.table, name);
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

Result<Record> TransactionWriter::create(std::string_view table, Fields fields, std::string id) {
  CONVOY_TRY(const auto* info, tables_.require(table));
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
  CONVOY_TRY(const auto existing, read_row(connection_, info, id));
  if (existing) {
    return Error{.code = ErrorCode::AlreadyExists,
                 .message = "there is a record \"" + id + "\" in " + info.table->name + " already",
                 .hint = existing->status == kDeleted
                             ? "It is deleted, but the server does not know yet. Take another id."
                             : ""};
  }
  const auto now = static_cast<double>(clock_.now_ms());
  for (const auto& touched : {info.created_at, info.updated_at}) {
    if (touched && std::ranges::find(given, *touched, &Assignment::column) == given.end()) {
      given.push_back({.column = *touched, .value = now});
    }
  }
  Row row{.status = std::string(kCreated), .changed = {}, .values = {}};
  for (const auto& column : info.table->columns) {
    row.values.push_back(schema::default_value(column));
  }
  Json::Object values;
  for (auto& [column, value] : given) {
    values.emplace_back(info.table->columns[column].name,
                        schema::to_wire(info.table->columns[column], value));
    row.values[column] = std::move(value);
  }
  CONVOY_CHECK_OK(write_row(connection_, info, id, row));
  builder_.insert(info, id, std::move(values));
  return Record{.table = info.table,
                .id = std::move(id),
                .status = std::move(row.status),
                .changed = std::move(row.changed),
                .values = std::move(row.values)};
}

Result<std::optional<Row>> TransactionWriter::live_row(const TableInfo& info, std::string_view id) {
  CONVOY_TRY(auto row, read_row(connection_, info, id));
  if (row && row->status == kDeleted) row.reset();
  return row;
}

Result<Record> TransactionWriter::update(std::string_view table, std::string_view id,
                                         Fields fields) {
  CONVOY_TRY(const auto* info, tables_.require(table));
  CONVOY_TRY(auto given, check(*info, std::move(fields)));
  CONVOY_TRY(auto row, watch(live_row(*info, id)));
  if (!row) return not_found(*info, id);
  auto changes = real_changes(*info, *row, std::move(given));
  if (!changes.empty()) {
    CONVOY_CHECK_OK(watch(change(*info, id, *row, std::move(changes), Effect::Sent)));
  }
  return Record{.table = info->table,
                .id = std::string(id),
                .status = std::move(row->status),
                .changed = std::move(row->changed),
                .values = std::move(row->values)};
}

std::vector<TransactionWriter::Assignment> TransactionWriter::real_changes(
    const TableInfo& info, const Row& row, std::vector<Assignment> given) const {
  const bool sets_updated_at =
      info.updated_at &&
      std::ranges::find(given, *info.updated_at, &Assignment::column) != given.end();
  std::erase_if(given, [&](const Assignment& assignment) {
    return schema::same_value(info.table->columns[assignment.column], row.values[assignment.column],
                              assignment.value);
  });
  if (given.empty() || !info.updated_at || sets_updated_at) return given;
  const Value now = static_cast<double>(clock_.now_ms());
  if (row.values[*info.updated_at] != now) {
    given.insert(given.begin(), {.column = *info.updated_at, .value = now});
  }
  return given;
}

void TransactionWriter::note_before(const TableInfo& info, std::string_view id, const Row& row) {
  if (builder_.is_known(info, id)) return;
  std::optional<Json::Object> before;
  if (row.status == kSynced) before = to_wire(*info.table, row.values);
  builder_.note_before(info, id, std::move(before));
}

Status TransactionWriter::change(const TableInfo& info, std::string_view id, Row& row,
                                 std::vector<Assignment> changes, Effect effect) {
  note_before(info, id, row);
  // What belongs to the record's making is no change of it.
  const bool is_tracked = !builder_.has_insert(info, id);
  Json::Object values;
  Json::Object base;
  for (auto& [index, value] : changes) {
    const auto& column = info.table->columns[index];
    base.emplace_back(column.name, schema::to_wire(column, row.values[index]));
    values.emplace_back(column.name, schema::to_wire(column, value));
    row.values[index] = std::move(value);
    if (is_tracked) add_changed(row.changed, column.name);
  }
  if (row.status == kSynced) row.status = kUpdated;
  CONVOY_CHECK_OK(write_row(connection_, info, id, row));
  builder_.update(info, id, std::move(values), std::move(base), effect);
  return ok_status();
}

Result<std::int64_t> TransactionWriter::mark_deleted(std::string_view table, std::string_view id) {
  CONVOY_TRY(const auto* info, tables_.require(table));
  CONVOY_TRY(const auto row, watch(live_row(*info, id)));
  if (!row) return not_found(*info, id);
  return watch(delete_tree(*info, std::string(id)));
}

Result<std::vector<std::string>> TransactionWriter::children_of(const Child& child,
                                                                std::string_view id) {
  const auto& column = child.info->table->columns[child.column].name;
  CONVOY_TRY(auto select,
             connection_.prepare("select \"id\" from " + query::quoted(child.info->table->name) +
                                 " where " + query::quoted(column) +
                                 " is ? and \"_status\" is not 'deleted' order by "
                                 "\"id\""));
  select.bind_text(1, id);
  std::vector<std::string> ids;
  for (;;) {
    CONVOY_TRY(const bool row, select.step());
    if (!row) return ids;
    ids.push_back(select.text(0));
  }
}

Result<std::int64_t> TransactionWriter::delete_tree(const TableInfo& info, const std::string& id) {
  struct Step {
    Node node;
    Effect effect = Effect::Sent;
    bool is_expanded = false;
  };

  // An explicit stack: a chain of subtasks may be longer than the program's own stack is deep.
  std::vector<Step> steps{{.node = {&info, id}}};
  std::set<Node> doomed{{&info, id}};
  std::int64_t count = 0;
  while (!steps.empty()) {
    const auto [table, row_id] = steps.back().node;
    if (steps.back().is_expanded) {
      const auto effect = steps.back().effect;
      steps.pop_back();
      CONVOY_CHECK_OK(let_children_go(*table, row_id, doomed));
      CONVOY_CHECK_OK(delete_one(*table, row_id, effect));
      ++count;
      continue;
    }
    steps.back().is_expanded = true;
    // The server deletes the children of a row it has; it can't know those of a row that is made
    // and deleted here.
    const auto effect = builder_.has_insert(*table, row_id) ? Effect::Sent : Effect::Local;
    for (const auto& child : table->children) {
      if (child.on_delete != OnDelete::Cascade) continue;
      CONVOY_TRY(const auto ids, children_of(child, row_id));
      for (const auto& child_id : ids) {
        if (!doomed.insert({child.info, child_id}).second) continue;
        steps.push_back({.node = {child.info, child_id}, .effect = effect});
      }
    }
  }
  return count;
}

Status TransactionWriter::let_children_go(const TableInfo& info, const std::string& id,
                                          const std::set<Node>& doomed) {
  const auto effect = builder_.has_insert(info, id) ? Effect::Sent : Effect::Local;
  for (const auto& child : info.children) {
    if (child.on_delete != OnDelete::SetNull) continue;
    CONVOY_TRY(const auto ids, children_of(child, id));
    for (const auto& child_id : ids) {
      if (doomed.contains({child.info, child_id})) continue;
      CONVOY_TRY(auto row, live_row(*child.info, child_id));
      if (!row) continue;
      std::vector<Assignment> changes;
      changes.push_back({.column = child.column, .value = Null{}});
      CONVOY_CHECK_OK(change(*child.info, child_id, *row, std::move(changes), effect));
    }
  }
  return ok_status();
}

Status TransactionWriter::delete_one(const TableInfo& info, const std::string& id, Effect effect) {
  CONVOY_TRY(auto row, live_row(info, id));
  if (!row) return ok_status();
  note_before(info, id, *row);
  row->status = kDeleted;
  CONVOY_CHECK_OK(write_row(connection_, info, id, *row));
  builder_.remove(info, id, effect);
  return ok_status();
}

Result<std::optional<Record>> TransactionWriter::find(std::string_view table, std::string_view id) {
  CONVOY_TRY(const auto* info, tables_.require(table));
  return watch(find_record(connection_, *info, id));
}

Result<std::vector<Record>> TransactionWriter::fetch(const Query& query) {
  CONVOY_TRY(const auto* info, tables_.require(query.table));
  return watch(fetch_records(connection_, *info->table, query));
}

Status TransactionWriter::finish() {
  if (failure_) return *failure_;
  return record_mutation(connection_, tables_, builder_, clock_, random_);
}

}  // namespace convoy::store
