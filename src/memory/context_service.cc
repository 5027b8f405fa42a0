#include "memory/context_service.h"

#include <array>
#include <utility>

#include "base/uuid.h"
#include "memory/in_transaction.h"
#include "memory/kept_rows.h"
#include "memory/lookup.h"

namespace convoy::memory {
namespace {

// A task that was deleted here is gone, whatever the server still says.
Result<bool> is_deleted_here(Reader& reader, const std::string& id) {
  const std::array<Value, 1> args{id};
  CONVOY_TRY(const auto rows,
             reader.select("select 1 from tasks where id = ? and _status = 'deleted'", args));
  return !rows.rows.empty();
}

}  // namespace

// The rows of a task that is here, or as few as there are of one that only the server may have.
Result<ContextRows> ContextService::read_here(std::string_view task) {
  return in_read(*database_, [&](Reader& reader) -> Result<ContextRows> {
    std::string id(task);
    auto found = look_up(reader, database_->schema(), Entity::Task, task, Guess::Likely);
    if (found.ok()) {
      id = found->id;
    } else {
      const bool may_be_elsewhere =
          found.error().code == ErrorCode::NotFound && base::is_uuid(task);
      if (!may_be_elsewhere || server_ == nullptr) return found.error();
      CONVOY_TRY(const bool is_deleted, is_deleted_here(reader, id));
      if (is_deleted) return found.error();
    }
    return read_local_rows(reader, id);
  });
}

Result<ContextService::Answer> ContextService::replay(const ContextRows& here, Replies replies,
                                                      ContextRows& rows) {
  const auto at_ms = replies.at_ms;
  ReplayedRows kept(std::move(replies));
  rows = here;
  CONVOY_CHECK_OK(fill_from_server(kept, database_->schema(), rows));
  ++statistics_.kept_used;
  return Answer{.at_ms = at_ms, .is_kept = true};
}

Result<ContextService::Answer> ContextService::ask(ContextRows& rows) {
  const ContextRows here = rows;
  const auto now = clock_->now_ms();
  CONVOY_TRY(auto kept, load_replies(*database_, here.task_id, now));
  if (kept && now - kept->at_ms < kKeptFreshMs) {
    auto answer = replay(here, *kept, rows);
    if (answer.ok()) {
      answer->is_kept = false;  // As good as new.
      return answer;
    }
    rows = here;
  }
  ++statistics_.fallbacks;
  RecordingRows server(*server_);
  server.replies.at_ms = now;
  const auto filled = fill_from_server(server, database_->schema(), rows);
  statistics_.requests += server.requests;
  if (filled.ok()) {
    CONVOY_CHECK_OK(rows.task ? keep_replies(*database_, here.task_id, server.replies)
                              : forget_replies(*database_, here.task_id));
    return Answer{.at_ms = now};
  }
  ++statistics_.fallbacks_failed;
  if (kept) {
    ContextRows earlier;
    auto answer = replay(here, *std::move(kept), earlier);
    if (answer.ok()) {
      rows = std::move(earlier);
      return answer;
    }
  }
  for (auto& [what, reason] : rows.missing) reason += "; the server: " + filled.error().message;
  if (!rows.task) return filled.error();
  return Answer{.at_ms = rows.fetched.empty() ? 0 : now};
}

Result<Context> ContextService::task_context(std::string_view task) {
  CONVOY_TRY(auto rows, read_here(task));
  Answer answer;
  if (!rows.missing.empty() && server_ != nullptr) {
    CONVOY_TRY(answer, ask(rows));
    if (!rows.task) {
      return Error{
          .code = ErrorCode::NotFound,
          .message = "no task " + rows.task_id + ", neither on this device nor on the server",
          .hint =
              "It may have been deleted, or lie in a workspace that is not shared with "
              "you."};
    }
    CONVOY_CHECK_OK(
        database_->read([&](Reader& reader) -> Status { return drop_known_rows(reader, rows); }));
  }
  ++statistics_.answers;
  auto context = make_context(std::move(rows));
  if (answer.at_ms != 0 && !context.fetched.empty()) {
    context.freshness.fetched_at_ms = answer.at_ms;
    context.freshness.is_kept = answer.is_kept;
  }
  return context;
}

}  // namespace convoy::memory
