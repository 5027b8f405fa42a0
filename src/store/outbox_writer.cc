#include "store/outbox_writer.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "base/limits.h"
#include "base/uuid.h"
#include "store/confirmed.h"
#include "store/conflict_book.h"
#include "store/hybrid_clock.h"
#include "store/last_mutation.h"
#include "store/overlay.h"
#include "store/parking.h"
#include "store/replica.h"

namespace convoy::store {
namespace {

// The mutation's number, its UUID and the names of its members.
constexpr std::size_t kEnvelopeBytes = 128;
// The members of a request beside its mutations.
constexpr std::size_t kRequestBytes = 1024;

Result<std::int64_t> insert_mutation(sql::Connection& connection, const MutationBuilder& builder,
                                     const std::string& body, base::Clock& clock,
                                     base::Random& random) {
  const auto replay = builder.replay();
  const auto uid = base::uuid_v4(random);
  CONVOY_TRY(const auto last, last_mutation(connection));
  CONVOY_TRY(const auto stamp, next_stamp(connection, clock, last.hlc));
  const auto seq = last.seq + 1;
  CONVOY_TRY(auto insert,
             connection.prepare("insert into convoy_mutation (uid, state, created_at_ms, body, "
                                "replay, hlc, seq) values (?, ?, ?, ?, ?, ?, ?)"));
  insert.bind_text(1, std::string_view(uid))
      .bind_integer(2, static_cast<std::int64_t>(MutationState::Pending))
      .bind_integer(3, clock.now_ms())
      .bind_text(4, std::string_view(body))
      .bind_integer(6, static_cast<std::int64_t>(stamp))
      .bind_integer(7, seq);
  if (replay) {
    insert.bind_text(5, std::string_view(*replay));
  } else {
    insert.bind_null(5);
  }
  CONVOY_CHECK_OK(insert.run());
  return seq;
}

// Rows that neither the server has confirmed nor this mutation makes: it can't go through without
// the mutation that does.
Status note_needs(sql::Connection& connection, const MutationBuilder& builder, std::int64_t seq) {
  CONVOY_TRY(const auto others,
             connection.integer("select exists (select 1 from convoy_mutation_row) or exists "
                                "(select 1 from convoy_parked_row)"));
  if (others == 0) return ok_status();
  std::set<std::pair<const TableInfo*, std::string_view>> rows;
  for (const auto& operation : builder.operations()) {
    if (operation.effect != Effect::Sent) continue;
    if (!builder.is_confirmed(*operation.info, operation.id)) {
      rows.emplace(operation.info, operation.id);
    }
    for (const auto& [name, value] : *operation.values) {
      const auto column = operation.info->column_index(name);
      const auto* target = column ? operation.info->references[*column] : nullptr;
      if (target != nullptr && value.string() != nullptr) rows.emplace(target, *value.string());
    }
  }
  CONVOY_TRY(auto insert,
             connection.prepare("insert into convoy_mutation_need (table_number, id, seq) select "
                                "?1, ?2, ?3 where not exists (select 1 from convoy_row where "
                                "table_number = ?1 and id = ?2)"));
  for (const auto& [info, id] : rows) {
    if (info->table->is_local_only || builder.has_insert(*info, id)) continue;
    CONVOY_CHECK_OK(
        insert.bind_integer(1, info->number).bind_text(2, id).bind_integer(3, seq).run());
  }
  return ok_status();
}

}  // namespace

std::size_t bytes_on_the_wire(std::string_view body) {
  const auto escaped = std::ranges::count_if(body, [](char c) { return c == '"' || c == '\\'; });
  return body.size() + static_cast<std::size_t>(escaped) + kEnvelopeBytes;
}

Status check_mutation_size(std::string_view body) {
  if (body.size() <= limits::kMutationBytesMax &&
      bytes_on_the_wire(body) + kRequestBytes <= limits::kPushRequestBytesMax) {
    return ok_status();
  }
  return Error{.code = ErrorCode::InvalidArgument,
               .message = "one transaction changes more than the server takes at once (" +
                          std::to_string(body.size()) + " bytes)",
               .hint = "Split it into several."};
}

Status record_mutation(sql::Connection& connection, const Tables& tables,
                       const MutationBuilder& builder, base::Clock& clock, base::Random& random,
                       TooLarge too_large) {
  const auto rows = builder.touched();
  if (!builder.is_empty()) {
    const auto body = builder.body();
    const auto fits = check_mutation_size(body);
    if (!fits.ok() && too_large == TooLarge::Refuse) return fits.error();
    CONVOY_TRY(const auto seq, insert_mutation(connection, builder, body, clock, random));
    CONVOY_CHECK_OK(note_needs(connection, builder, seq));
    if (!fits.ok()) {
      // SQLSTATE program_limit_exceeded. It stays part of what the user sees.
      CONVOY_CHECK_OK(note_parked(connection, tables, seq,
                                  {.code = "54000",
                                   .message = fits.error().message,
                                   .table = rows.front().info->table->name,
                                   .id = rows.front().id}));
    }
    CONVOY_TRY(auto insert, connection.prepare("insert into convoy_mutation_row (table_number, id, "
                                               "seq) values (?, ?, ?)"));
    for (const auto& row : rows) {
      if (!row.has_operations) continue;
      if (row.before) {
        const auto content = base::Json(*row.before).dump();
        CONVOY_CHECK_OK(keep_confirmed(connection, row.info->number, row.id, content));
      }
      CONVOY_CHECK_OK(insert.bind_integer(1, row.info->number)
                          .bind_text(2, std::string_view(row.id))
                          .bind_integer(3, seq)
                          .run());
    }
    CONVOY_CHECK_OK(resolve_written(connection, clock.now_ms(), seq, builder));
  }
  Overlay overlay(connection, tables);
  for (const auto& row : rows) {
    if (row.is_merged_away) CONVOY_CHECK_OK(overlay.rebase(*row.info, row.id));
  }
  return ok_status();
}

}  // namespace convoy::store
