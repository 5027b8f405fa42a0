#include "store/overlay.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <set>
#include <utility>

#include "schema/sanitise.h"
#include "schema/wire.h"
#include "store/confirmed.h"

namespace convoy::store {
namespace {

using base::Json;

// Mutations whose text is kept parsed: one with many rows is asked for once for each of them.
constexpr std::size_t kParsedMax = 64;
constexpr std::int64_t kAll = std::numeric_limits<std::int64_t>::max();

// The row while operations are applied to it.
struct Picture {
  const Table& table;
  std::optional<std::vector<Value>> values;
  bool is_confirmed = false;
  bool is_deleted = false;
  // By the mutation that is being applied: what it changes further belongs to the creation.
  bool is_created_here = false;
  std::vector<std::string> changed;

  void set(const Json::Member& member, bool is_tracked) {
    if (!values) return;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const auto& column = table.columns[i];
      if (column.name != member.first) continue;
      auto value = schema::from_wire(column, member.second);
      if (!value.ok()) return;  // The column's type has changed since.
      (*values)[i] = *std::move(value);
      if (is_tracked && std::ranges::find(changed, column.name) == changed.end()) {
        changed.push_back(column.name);
      }
    }
  }

  void apply(const Json& operation) {
    const auto* kind = operation.find("op");
    const auto name = kind != nullptr && kind->string() != nullptr ? *kind->string() : "";
    if (name == "delete") {
      is_deleted = values.has_value();
      return;
    }
    // The server takes an insert of a row it has for an update.
    if (name == "insert" && !values) is_created_here = true;
    const bool is_tracked = !is_created_here;
    if (name == "insert") {
      if (!values) values = from_wire(table, Json(Json::Object{}));
    }
    const auto* given = operation.find("values");
    if (!values || given == nullptr || given->object() == nullptr) return;
    for (const auto& member : *given->object()) set(member, is_tracked);
  }

  [[nodiscard]] std::string_view status() const {
    if (is_deleted) return kDeleted;
    if (!is_confirmed) return kCreated;
    return changed.empty() ? kSynced : kUpdated;
  }

  [[nodiscard]] std::string changed_text() const {
    std::string text;
    for (const auto& name : changed) text += (text.empty() ? "" : ",") + name;
    return text;
  }
};

std::string row_key(std::string_view table, std::string_view id) {
  return std::string(table) + '\0' + std::string(id);
}

}  // namespace

Result<bool> Overlay::is_pending(const TableInfo& info, std::string_view id) {
  CONVOY_TRY(auto statement,
             connection_.prepare(
                 "select 1 from convoy_mutation_row where table_number = ? and id = ? limit 1"));
  return statement.bind_integer(1, info.number).bind_text(2, id).step();
}

Result<const Overlay::Operations*> Overlay::operations_of(std::int64_t seq,
                                                          const std::string& body) {
  if (const auto found = parsed_.find(seq); found != parsed_.end()) return &found->second;
  if (parsed_.size() >= kParsedMax) parsed_.clear();
  auto& operations = parsed_[seq];
  // One that is damaged says nothing, so that it can't keep the server's rows out; opening the file
  // parks it.
  const auto json = base::parse_json(body);
  const auto* list = json.ok() ? json->find("ops") : nullptr;
  if (list == nullptr || list->array() == nullptr) return &operations;
  for (const auto& operation : *list->array()) {
    const auto* table = operation.find("table");
    const auto* id = operation.find("id");
    if (table == nullptr || id == nullptr || !table->string() || !id->string()) continue;
    operations[row_key(*table->string(), *id->string())].push_back(operation);
  }
  return &operations;
}

Result<Overlay::Shown> Overlay::work_out(const TableInfo& info, std::string_view id,
                                         std::int64_t until) {
  Shown shown;
  Picture picture{.table = *info.table, .values = std::nullopt, .changed = {}};
  {
    CONVOY_TRY(auto row, connection_.prepare("select 1 from convoy_row where table_number = ? and "
                                             "id = ?"));
    CONVOY_TRY(picture.is_confirmed, row.bind_integer(1, info.number).bind_text(2, id).step());
    shown.is_confirmed = picture.is_confirmed;
  }
  CONVOY_TRY(const auto content, confirmed_content(connection_, info.number, id));
  shown.has_content = content.has_value();
  if (shown.is_confirmed && content) {
    CONVOY_TRY(const auto confirmed, base::parse_json(*content));
    picture.values = from_wire(*info.table, confirmed);
  }
  CONVOY_TRY(auto pending, connection_.prepare(
                               "select m.seq, coalesce(m.replay, m.body) from convoy_mutation_row "
                               "r join convoy_mutation m on m.seq = r.seq where r.table_number = "
                               "? and r.id = ? and r.seq <= ? order by r.seq"));
  pending.bind_integer(1, info.number).bind_text(2, id).bind_integer(3, until);
  const auto key = row_key(info.table->name, id);
  for (;;) {
    CONVOY_TRY(const bool more, pending.step());
    if (!more) break;
    if (shown.is_confirmed && !shown.has_content) {
      return Error{.code = ErrorCode::Internal,
                   .message = info.table->name + " " + std::string(id) +
                              " has pending changes, but not what they were made on"};
    }
    shown.is_pending = true;
    CONVOY_TRY(const auto* operations, operations_of(pending.integer(0), pending.text(1)));
    const auto found = operations->find(key);
    if (found == operations->end()) continue;
    picture.is_created_here = false;
    for (const auto& operation : found->second) picture.apply(operation);
  }
  if (picture.values) {
    shown.row = Row{.status = std::string(picture.status()),
                    .changed = picture.changed_text(),
                    .values = *std::move(picture.values)};
  }
  return shown;
}

Result<std::optional<Row>> Overlay::show(const TableInfo& info, std::string_view id) {
  return show_until(info, id, kAll);
}

Result<std::optional<Row>> Overlay::show_until(const TableInfo& info, std::string_view id,
                                               std::int64_t seq) {
  CONVOY_TRY(auto shown, work_out(info, id, seq));
  return std::move(shown.row);
}

Status Overlay::rebase(const TableInfo& info, std::string_view id) {
  CONVOY_TRY(const auto shown, work_out(info, id, kAll));
  if (!shown.is_pending && shown.is_confirmed && !shown.has_content) return ok_status();
  // With nothing pending the table itself is the confirmed row.
  if (shown.has_content && (!shown.is_pending || !shown.is_confirmed)) {
    CONVOY_CHECK_OK(forget_confirmed(connection_, info.number, id));
  }
  if (!shown.row) return erase_row(connection_, info, id);
  return write_row(connection_, info, id, *shown.row);
}

Result<std::vector<Overlay::RowKey>> Overlay::release(std::int64_t seq) {
  CONVOY_TRY(auto rows, rows_of(seq));
  CONVOY_TRY(auto remove, connection_.prepare("delete from convoy_mutation_row where table_number "
                                              "= ? and id = ? and seq = ?"));
  for (const auto& row : rows) {
    CONVOY_CHECK_OK(remove.bind_integer(1, row.table_number)
                        .bind_text(2, std::string_view(row.id))
                        .bind_integer(3, seq)
                        .run());
  }
  return rows;
}

// Its text says which, so that no index has to. Where the text is lost or damaged the books are
// gone through.
Result<std::vector<Overlay::RowKey>> Overlay::rows_of(std::int64_t seq) {
  std::string text;
  {
    CONVOY_TRY(auto select, connection_.prepare("select coalesce(replay, body) from "
                                                "convoy_mutation where seq = ?"));
    CONVOY_TRY(const bool found, select.bind_integer(1, seq).step());
    if (found) text = select.text(0);
  }
  if (auto rows = rows_in(text)) return std::vector<RowKey>(rows->begin(), rows->end());
  std::vector<RowKey> rows;
  CONVOY_TRY(auto select, connection_.prepare("select table_number, id from convoy_mutation_row "
                                              "where seq = ?"));
  select.bind_integer(1, seq);
  for (;;) {
    CONVOY_TRY(const bool row, select.step());
    if (!row) return rows;
    rows.push_back({.table_number = select.integer(0), .id = select.text(1)});
  }
}

// The synced rows that the operations in the text are about; nothing if it can't be read.
std::optional<std::set<Overlay::RowKey>> Overlay::rows_in(const std::string& text) const {
  const auto json = base::parse_json(text);
  const auto* list = json.ok() ? json->find("ops") : nullptr;
  if (list == nullptr || list->array() == nullptr) return std::nullopt;
  std::set<RowKey> rows;
  for (const auto& operation : *list->array()) {
    const auto* table = operation.find("table");
    const auto* id = operation.find("id");
    if (table == nullptr || id == nullptr || !table->string() || !id->string()) continue;
    const auto* info = tables_.find(*table->string());
    if (info == nullptr || info->table->is_local_only) continue;
    rows.insert({.table_number = info->number, .id = *id->string()});
  }
  return rows;
}

Status Overlay::keep_content(const TableInfo& info, std::string_view id) {
  CONVOY_TRY(const bool others, is_pending(info, id));
  if (others) return ok_status();
  CONVOY_TRY(const auto row, read_row(connection_, info, id));
  if (!row) return ok_status();
  const auto content = Json(to_wire(*info.table, row->values)).dump();
  return keep_confirmed(connection_, info.number, id, content);
}

Result<std::vector<Overlay::RowKey>> Overlay::enter(std::int64_t seq, const std::string& text) {
  forget(seq);
  const auto rows = rows_in(text).value_or(std::set<RowKey>());
  for (const auto& row : rows) {
    CONVOY_CHECK_OK(keep_content(*tables_.find(row.table_number), row.id));
  }
  CONVOY_TRY(auto insert, connection_.prepare("insert or ignore into convoy_mutation_row "
                                              "(table_number, id, seq) values (?, ?, ?)"));
  for (const auto& row : rows) {
    CONVOY_CHECK_OK(insert.bind_integer(1, row.table_number)
                        .bind_text(2, std::string_view(row.id))
                        .bind_integer(3, seq)
                        .run());
  }
  return std::vector<RowKey>(rows.begin(), rows.end());
}

Status Overlay::rebase_all(const std::vector<RowKey>& rows) {
  for (const auto& row : std::set<RowKey>(rows.begin(), rows.end())) {
    if (const auto* info = tables_.find(row.table_number)) {
      CONVOY_CHECK_OK(rebase(*info, row.id));
    }
  }
  return ok_status();
}

}  // namespace convoy::store
