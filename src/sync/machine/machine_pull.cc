// The machine's half that receives: windows and back-fills.
#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "schema/verification.h"
#include "sync/machine/compatibility.h"
#include "sync/machine/machine.h"

namespace convoy::sync::machine {

// --- Windows
// ---------------------------------------------------------------------------------------------------------

Effect Machine::begin_window() {
  if (++rounds_ > limits::kRoundsMax) return broken_protocol("there is always something new");
  progress_.phase = Progress::Phase::Pulling;
  window_ = {};
  for (const auto& [id, scope] : state_.scopes) {
    if (!scope.base.empty()) window_.scopes.push_back(id);
  }
  return call_pull();
}

Effect Machine::call_pull() {
  step_ = Step::Pulling;
  return Call{.function = "convoy_pull",
              .request = pull_request(state_, window_.naming, window_.position, page_rows_)};
}

Effect Machine::on_pull_reply(const base::Json& json) {
  auto parsed = parse_pull_reply(json);
  if (!parsed.ok()) return finish(std::move(parsed).error());
  auto reply = *std::move(parsed);
  if (reply.status == ReplyStatus::Reset) return start_over(std::move(reply));
  if (reply.status == ReplyStatus::Stale) {
    return finish(Error{
        .code = ErrorCode::ServerError,
        .message = "the server answered from a copy that lags behind what this device already has",
        .hint = "Try again in a moment."});
  }
  if (reply.status == ReplyStatus::Scopes && window_.naming == Naming::Brief) {
    // Some were gained, lost, or are seen with other eyes: which ones shows when all are named.
    window_.naming = Naming::Full;
    return call_pull();
  }
  if (reply.status != ReplyStatus::Ok) return broken_protocol("status of a pull");

  schema::PageCommit page;
  if (!window_.is_open) {
    // More mutations than this device ever numbered: another copy of its file is at work under the
    // same client id.
    if (reply.last_mid > state_.mid_assigned) return fork("copied");
    open_window(reply, page);
  }
  for (const auto& id : reply.removed) {
    if (state_.scopes.contains(id) && !reply.added.contains(id)) leave_scope(id, page);
  }
  for (const auto& group : reply.changes) {
    if (!state_.scopes.contains(group.scope))
      return broken_protocol("changes of a scope that was not named");
    progress_.rows_received += static_cast<std::int64_t>(group.ids.size() + group.gone.size());
  }
  leave_out_stopped(reply.changes);
  page.server_time_ms = reply.server_time_ms;
  page.changes = std::move(reply.changes);
  window_.more = reply.more;
  window_.position =
      WindowPosition{.target = std::move(reply.target), .after = std::move(reply.after)};
  if (!reply.more) close_window(page);
  return apply(Step::ApplyingPull, std::move(page));
}

// What only a window's first page says: the schema, scopes gained and lost, and where the window
// leads.
void Machine::open_window(PullReply& reply, schema::PageCommit& page) {
  page.epoch = reply.epoch;
  window_.is_open = true;
  window_.next = reply.next;
  window_.last_mid = reply.last_mid;

  // A scope that was not named, because its back-fill never began, and is not offered again: it is
  // lost.
  for (const auto& [id, scope] : state_.scopes) {
    if (scope.base.empty() && !reply.added.contains(id)) leave_scope(id, page);
  }
  for (auto& [id, visibility] : reply.added) {
    const auto known = state_.scopes.find(id);
    schema::ScopeState scope{
        .id = id, .visibility = visibility, .is_backfilling = true, .generation = 1};
    if (known == state_.scopes.end()) {
      ++progress_.scopes_gained;
    } else {
      // Seen with other eyes now: fetch all of it again, and drop what the back-fill does not
      // bring.
      scope.generation = known->second.generation + (known->second.base.empty() ? 0 : 1);
      if (!known->second.base.empty()) note("back_fill_again", "visibility");
      std::erase(window_.scopes, id);
    }
    page.scopes_saved.push_back(std::move(scope));
  }
  if (reply.schema) adopt_schema(reply, page);
}

// A table that does not fit stops alone: its rows stay as they are, and what was written to them
// waits. Once it fits again, what it has missed comes with new back-fills.
void Machine::adopt_schema(PullReply& reply, schema::PageCommit& page) {
  const auto before = std::exchange(stopped_, unfit_tables(*local_, *reply.schema));
  for (const auto& [table, problem] : stopped_) {
    if (!before.contains(table)) note("stop_table", table + ": " + problem);
  }
  const auto resumed = std::ranges::find_if(
      before, [&](const auto& entry) { return !stopped_.contains(entry.first); });
  if (resumed != before.end()) {
    note("back_fill_again", resumed->first);
    for (const auto& id : std::exchange(window_.scopes, {})) {
      if (std::ranges::find(reply.removed, id) != reply.removed.end()) continue;
      auto scope = state_.scopes.at(id);
      restart(scope);
      page.scopes_saved.push_back(std::move(scope));
    }
  }
  page.stopped = stopped_;
  page.server_schema = std::move(reply.schema);
}

void Machine::leave_out_stopped(std::vector<schema::RowChanges>& changes) {
  std::erase_if(changes,
                [&](const schema::RowChanges& group) { return stopped_.contains(group.table); });
}

// Also in the middle of a window: changes of the scope may have been left out, so neither its rows
// nor its cursor can stay.
void Machine::leave_scope(const std::string& id, schema::PageCommit& page) {
  page.scopes_removed.push_back(id);
  std::erase(window_.scopes, id);
  ++progress_.scopes_lost;
}

// The window's last page carries the cursor, and lets go of the mutations the window contains.
void Machine::close_window(schema::PageCommit& page) {
  bool is_complete = page.scopes_saved.empty();
  for (const auto& id : window_.scopes) {
    auto scope = state_.scopes.at(id);
    scope.base = window_.next;
    page.scopes_saved.push_back(std::move(scope));
  }
  for (const auto& [id, scope] : state_.scopes) {
    // Rows of an unfinished back-fill may be missing still, and with them the result of a mutation:
    // it stays in the overlay.
    const bool stays = std::ranges::find(page.scopes_removed, id) == page.scopes_removed.end();
    if (scope.is_backfilling && stays) is_complete = false;
  }
  if (is_complete) page.acknowledged = window_.last_mid;
}

Effect Machine::after_pull_page() {
  if (window_.more) return call_pull();
  return next_backfill();
}

// --- Back-fills
// ------------------------------------------------------------------------------------------------------

Effect Machine::next_backfill() {
  const auto waiting = std::ranges::find_if(
      state_.scopes, [](const auto& entry) { return entry.second.is_backfilling; });
  if (waiting != state_.scopes.end()) {
    progress_.phase = Progress::Phase::BackFilling;
    backfilling_ = waiting->first;
    return call_backfill();
  }
  // Something was back-filled in this round: what changed meanwhile, and our own mutations, come
  // with another window.
  if (!std::exchange(backfilling_, {}).empty()) return begin_window();
  return finish();
}

Effect Machine::call_backfill() {
  step_ = Step::BackFilling;
  return Call{.function = "convoy_backfill",
              .request = backfill_request(state_, state_.scopes.at(backfilling_), page_rows_)};
}

Effect Machine::on_backfill_reply(const base::Json& json) {
  auto parsed = parse_backfill_reply(json);
  if (!parsed.ok()) return finish(std::move(parsed).error());
  auto reply = *std::move(parsed);
  if (reply.status == ReplyStatus::Reset) return start_over(std::move(reply));
  if (reply.status != ReplyStatus::Ok) return broken_protocol("status of a back-fill");

  schema::PageCommit page;
  auto scope = state_.scopes.at(backfilling_);
  if (!reply.visibility) {
    ++progress_.scopes_lost;
    page.scopes_removed.push_back(scope.id);
    return apply(Step::ApplyingBackFill, std::move(page));
  }
  const bool is_first = !scope.backfill_after.has_value();
  if (!is_first && *reply.visibility != scope.visibility) {
    // Some of the pages were seen with other eyes than the rest: begin anew.
    if (++rounds_ > limits::kRoundsMax)
      return broken_protocol("visibility changes with every page");
    note("back_fill_again", "visibility");
    scope.visibility = *reply.visibility;
    scope.base.clear();
    scope.backfill_after.reset();
    ++scope.generation;
    scope.rows_received = 0;
    page.scopes_saved.push_back(std::move(scope));
    return apply(Step::ApplyingBackFill, std::move(page));
  }
  if (is_first) {
    scope.base = reply.next;
    scope.visibility = *reply.visibility;
    scope.rows_expected = reply.total;
    scope.rows_received = 0;
    progress_.rows_expected += reply.total;
  }
  for (const auto& group : reply.changes) {
    if (group.scope != scope.id) return broken_protocol("rows of another scope in a back-fill");
    scope.rows_received += static_cast<std::int64_t>(group.ids.size());
    progress_.rows_received += static_cast<std::int64_t>(group.ids.size());
  }
  leave_out_stopped(reply.changes);
  page.changes = std::move(reply.changes);
  if (reply.more) {
    scope.backfill_after = std::move(reply.after);
  } else {
    scope.is_backfilling = false;
    scope.backfill_after.reset();
    page.backfills_finished.push_back(scope.id);
  }
  page.scopes_saved.push_back(std::move(scope));
  return apply(Step::ApplyingBackFill, std::move(page));
}

}  // namespace convoy::sync::machine
