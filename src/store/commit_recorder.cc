#include "store/commit_recorder.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "store/rows.h"

namespace convoy::store {
namespace {

std::string text_of(Value value) {
  auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? std::string() : std::move(*text);
}

}  // namespace

Status CommitRecorder::choose(sql::Connection& connection, const Tables& tables,
                              const std::set<std::string>& names) {
  std::map<std::string, Watch, std::less<>> chosen;
  for (const auto& name : names) {
    CONVOY_TRY(chosen[name], watch(connection, tables.find(name), name));
  }
  watches_ = std::move(chosen);
  return ok_status();
}

Result<CommitRecorder::Watch> CommitRecorder::watch(sql::Connection& connection,
                                                    const TableInfo* info,
                                                    const std::string& name) {
  Watch watch{.info = info};
  if (info == nullptr) return watch;
  watch.columns.resize(info->table->columns.size());
  CONVOY_TRY(auto select, connection.prepare("select cid, name from pragma_table_info(?)"));
  select.bind_text(1, std::string_view(name));
  for (;;) {
    CONVOY_TRY(const bool row, select.step());
    if (!row) return watch;
    const int at = static_cast<int>(select.integer(0));
    const auto column = select.text(1);
    if (column == "id") watch.id = at;
    if (column == "_status") watch.status = at;
    if (column == "_changed") watch.changed = at;
    if (const auto index = info->column_index(column)) watch.columns[*index] = at;
  }
}

void CommitRecorder::start() {
  for (auto& [name, watch] : watches_) {
    watch.is_touched = false;
    watch.is_complete = true;
    watch.rows.clear();
    watch.places.clear();
  }
}

void CommitRecorder::on_row(const sql::RowChange& change) noexcept {
  const auto found = watches_.find(change.table());
  if (found == watches_.end()) return;
  auto& watch = found->second;
  watch.is_touched = true;
  if (watch.info == nullptr || !watch.is_complete) return;
  bool are_fitting = true;
  const auto picture = [&](bool is_there, auto&& value) -> std::optional<Record> {
    if (!is_there) return std::nullopt;
    auto status = text_of(value(watch.status));
    if (status == kDeleted) return std::nullopt;
    Record record{.table = watch.info->table,
                  .id = text_of(value(watch.id)),
                  .status = std::move(status),
                  .changed = text_of(value(watch.changed)),
                  .values = {}};
    record.values.reserve(watch.columns.size());
    for (std::size_t i = 0; i < watch.columns.size(); ++i) {
      const auto& column = record.table->columns[i];
      auto held = value(watch.columns[i]);
      are_fitting = are_fitting && fits(column, held);
      record.values.push_back(fitting(column, std::move(held)));
    }
    return record;
  };
  auto before = picture(change.has_before(), [&](int column) { return change.before(column); });
  auto after = picture(change.has_after(), [&](int column) { return change.after(column); });
  if (!are_fitting) return give_up(watch);
  if (before && after && before->id != after->id) {
    auto old_id = before->id;
    note(watch, std::move(old_id), std::move(before), std::nullopt);
    before.reset();
  }
  if (!before && !after) return;
  auto id = before ? before->id : after->id;
  note(watch, std::move(id), std::move(before), std::move(after));
}

void CommitRecorder::note(Watch& watch, std::string id, std::optional<Record> before,
                          std::optional<Record> after) {
  const auto [place, is_new] = watch.places.try_emplace(id, watch.rows.size());
  if (!is_new) {
    watch.rows[place->second].after = std::move(after);
    return;
  }
  if (watch.rows.size() == limits::kCommitRowsMax) return give_up(watch);
  watch.rows.push_back(
      {.id = std::move(id), .before = std::move(before), .after = std::move(after)});
}

void CommitRecorder::give_up(Watch& watch) {
  watch.is_complete = false;
  watch.rows.clear();
  watch.places.clear();
}

std::shared_ptr<Commit> CommitRecorder::finish(std::uint64_t number, const Tables& tables,
                                               const std::set<std::string>& late) {
  auto commit = std::make_shared<Commit>();
  commit->number = number;
  for (auto& [name, watch] : watches_) {
    if (!watch.is_touched) continue;
    std::erase_if(watch.rows, [](const RowChange& row) { return row.before == row.after; });
    if (watch.info != nullptr && watch.is_complete && watch.rows.empty()) continue;
    commit->tables.push_back({.name = name,
                              .table = watch.info == nullptr ? nullptr : watch.info->table,
                              .rows = std::move(watch.rows),
                              .is_complete = watch.info != nullptr && watch.is_complete});
  }
  for (const auto& name : late) {
    if (watches_.contains(name)) continue;
    const auto* info = tables.find(name);
    commit->tables.push_back({.name = name,
                              .table = info == nullptr ? nullptr : info->table,
                              .rows = {},
                              .is_complete = false});
  }
  start();
  return commit->tables.empty() ? nullptr : commit;
}

}  // namespace convoy::store
