// Deleting records with what hangs on them.
#include <utility>

#include "query/compile.h"
#include "store/overlay.h"
#include "store/writer.h"

namespace convoy::store {

Result<std::int64_t> TransactionWriter::mark_deleted(std::string_view table, std::string_view id) {
  CONVOY_TRY(const auto* info, tables_.require(table));
  CONVOY_TRY(const auto row, watch(live_row(*info, id)));
  if (!row) return no_such_record(*info, id);
  // What is deleted along with it is the affair of the server's foreign keys.
  CONVOY_CHECK_OK(check_rules(*info, id, OperationKind::Delete));
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
  if (info.table->is_local_only) return erase_row(connection_, info, id);
  note_before(info, id, *row);
  row->status = kDeleted;
  CONVOY_CHECK_OK(update_row(connection_, info, id, *row, {}));
  builder_.remove(info, id, effect);
  return ok_status();
}

Result<std::vector<TransactionWriter::Node>> TransactionWriter::cascade_of(const TableInfo& info,
                                                                           const std::string& id) {
  std::vector<Node> nodes{{&info, id}};
  std::set<Node> seen{nodes.front()};
  for (std::size_t at = 0; at < nodes.size(); ++at) {
    const auto [table, row_id] = nodes[at];
    for (const auto& child : table->children) {
      if (child.on_delete != OnDelete::Cascade) continue;
      CONVOY_TRY(const auto ids, children_of(child, row_id));
      for (const auto& child_id : ids) {
        if (seen.insert({child.info, child_id}).second) nodes.emplace_back(child.info, child_id);
      }
    }
  }
  return nodes;
}

Status TransactionWriter::check_unsent(const TableInfo& info, std::string_view id) {
  Overlay overlay(connection_, tables_);
  CONVOY_TRY(const bool is_pending, overlay.is_pending(info, id));
  if (!is_pending && !builder_.is_known(info, id)) return ok_status();
  return Error{.code = ErrorCode::UnsentWrites,
               .message = "the record \"" + std::string(id) + "\" in " + info.table->name +
                          " has writes that wait to be sent",
               .hint = "Mark it as deleted instead, or sync before."};
}

Result<std::int64_t> TransactionWriter::erase(std::string_view table, std::string_view id) {
  CONVOY_TRY(const auto* info, tables_.require(table));
  CONVOY_TRY(const auto row, watch(live_row(*info, id)));
  if (!row) return no_such_record(*info, id);
  CONVOY_TRY(const auto nodes, watch(cascade_of(*info, std::string(id))));
  for (const auto& [node_info, node_id] : nodes) {
    CONVOY_CHECK_OK(watch(check_unsent(*node_info, node_id)));
  }
  CONVOY_TRY(
      auto forget,
      watch(connection_.prepare("delete from convoy_row where table_number = ? and id = ?")));
  for (const auto& [node_info, node_id] : nodes) {
    CONVOY_CHECK_OK(watch(erase_row(connection_, *node_info, node_id)));
    forget.bind_integer(1, node_info->number).bind_text(2, std::string_view(node_id));
    CONVOY_CHECK_OK(watch(forget.run()));
  }
  return static_cast<std::int64_t>(nodes.size());
}

}  // namespace convoy::store
