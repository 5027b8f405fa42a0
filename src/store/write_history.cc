#include "store/write_history.h"

#include <string>
#include <utility>

#include "base/json.h"
#include "base/limits.h"
#include "store/mutation_text.h"
#include "store/queue_reader.h"

namespace convoy::store {
namespace {

using base::Json;

// The operations without their values.
std::string summary_of(const std::string& body) {
  Json::Array all;
  const auto text = base::parse_json(body);
  const auto* operations = text.ok() ? operations_in(*text) : nullptr;
  if (operations == nullptr) return "[]";
  for (const auto& operation : *operations) {
    Json::Array columns;
    if (const auto* values = members_of(operation, "values")) {
      for (const auto& [name, value] : *values) columns.emplace_back(name);
    }
    Json one;
    one.set("op", text_of(operation, "op"));
    one.set("table", text_of(operation, "table"));
    one.set("id", text_of(operation, "id"));
    one.set("columns", std::move(columns));
    all.push_back(std::move(one));
  }
  return Json(std::move(all)).dump();
}

std::optional<std::int64_t> time_of(const sql::Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return row.integer(column);
}

// Both tables give the same columns.
WriteStory read_one(const sql::Statement& row) {
  return {.number = row.integer(0),
          .mid = row.integer(1),
          .state = row.text(2),
          .attempts = static_cast<int>(row.integer(3)),
          .written_at_ms = row.integer(4),
          .sent_at_ms = time_of(row, 5),
          .answered_at_ms = time_of(row, 6),
          .left_at_ms = time_of(row, 7),
          .outcome = row.text(8),
          .code = row.text(9),
          .message = row.text(10),
          .absorbed_by = row.integer(11),
          .operations = row.text(12)};
}

}  // namespace

Status note_departure(sql::Connection& connection, std::int64_t seq, const Departure& departure) {
  std::string body;
  {
    CONVOY_TRY(auto select, connection.prepare("select body from convoy_mutation where seq = ?"));
    CONVOY_TRY(const bool found, select.bind_integer(1, seq).step());
    if (!found) return ok_status();
    body = select.text(0);
  }
  CONVOY_TRY(auto insert,
             connection.prepare(
                 "insert or replace into convoy_write (seq, mid, state, attempts, created_at_ms, "
                 "sent_at_ms, answered_at_ms, left_at_ms, outcome, code, message, absorbed_by, "
                 "operations) select seq, mid, ?2, attempts, created_at_ms, sent_at_ms, "
                 "answered_at_ms, ?3, outcome, code, message, ?4, ?5 from convoy_mutation where "
                 "seq = ?1"));
  const auto summary = summary_of(body);
  return insert.bind_integer(1, seq)
      .bind_text(2, departure.how)
      .bind_integer(3, departure.at_ms)
      .bind_integer(4, departure.absorbed_by)
      .bind_text(5, std::string_view(summary))
      .run();
}

Status trim_history(sql::Connection& connection) {
  CONVOY_TRY(auto remove, connection.prepare("delete from convoy_write where seq <= (select "
                                             "max(seq) from convoy_write) - ?"));
  return remove.bind_integer(1, limits::kWritesKeptMax).run();
}

Result<std::optional<WriteStory>> read_story(sql::Connection& connection, std::int64_t seq) {
  {
    CONVOY_TRY(auto select,
               connection.prepare("select seq, mid, state, attempts, created_at_ms, sent_at_ms, "
                                  "answered_at_ms, null, outcome, code, message, 0, body from "
                                  "convoy_mutation where seq = ?"));
    CONVOY_TRY(const bool found, select.bind_integer(1, seq).step());
    if (found) {
      auto story = read_one(select);
      story.state = name_of(static_cast<MutationState>(select.integer(2)));
      story.operations = summary_of(story.operations);
      return std::optional(std::move(story));
    }
  }
  CONVOY_TRY(auto select,
             connection.prepare("select seq, mid, state, attempts, created_at_ms, sent_at_ms, "
                                "answered_at_ms, left_at_ms, outcome, code, message, absorbed_by, "
                                "operations from convoy_write where seq = ?"));
  CONVOY_TRY(const bool found, select.bind_integer(1, seq).step());
  if (!found) return std::optional<WriteStory>();
  return std::optional(read_one(select));
}

}  // namespace convoy::store
