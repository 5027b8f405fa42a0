#include "store/outbox.h"

#include <algorithm>
#include <string>

#include "base/limits.h"
#include "base/uuid.h"
#include "store/overlay.h"
#include "store/replica.h"

namespace convoy::store {
namespace {

// The mutation's number, its UUID and the names of its members.
constexpr std::size_t kEnvelopeBytes = 128;
// The members of a request beside its mutations.
constexpr std::size_t kRequestBytes = 1024;

Status check_size(std::string_view body) {
  if (body.size() <= limits::kMutationBytesMax &&
      bytes_on_the_wire(body) + kRequestBytes <= limits::kPushRequestBytesMax) {
    return ok_status();
  }
  return Error{.code = ErrorCode::InvalidArgument,
               .message = "one transaction changes more than the server takes at once (" +
                          std::to_string(body.size()) + " bytes)",
               .hint = "Split it into several."};
}

Result<std::int64_t> insert_mutation(sql::Connection& connection, const MutationBuilder& builder,
                                     const std::string& body, base::Clock& clock,
                                     base::Random& random) {
  const auto replay = builder.replay();
  const auto uid = base::uuid_v4(random);
  CONVOY_TRY(auto insert,
             connection.prepare("insert into convoy_mutation (uid, state, created_at_ms, body, "
                                "replay) values (?, ?, ?, ?, ?)"));
  insert.bind_text(1, std::string_view(uid))
      .bind_integer(2, static_cast<std::int64_t>(MutationState::Pending))
      .bind_integer(3, clock.now_ms())
      .bind_text(4, std::string_view(body));
  if (replay) {
    insert.bind_text(5, std::string_view(*replay));
  } else {
    insert.bind_null(5);
  }
  CONVOY_CHECK_OK(insert.run());
  return connection.last_insert_rowid();
}

Status park(sql::Connection& connection, std::int64_t seq, const MutationBuilder::Touched& row,
            const Error& reason) {
  // SQLSTATE program_limit_exceeded.
  CONVOY_TRY(auto update, connection.prepare(
                              "update convoy_mutation set state = ?, code = '54000', message = ?, "
                              "table_name = ?, row_id = ? where seq = ?"));
  return update.bind_integer(1, static_cast<std::int64_t>(MutationState::Parked))
      .bind_text(2, std::string_view(reason.message))
      .bind_text(3, std::string_view(row.info->table->name))
      .bind_text(4, std::string_view(row.id))
      .bind_integer(5, seq)
      .run();
}

Status keep_confirmed(sql::Connection& connection, const MutationBuilder::Touched& row) {
  if (!row.before) return ok_status();
  CONVOY_TRY(auto keep, connection.prepare("update convoy_row set confirmed = ? where table_number "
                                           "= ? and id = ? and confirmed is null"));
  const auto text = base::Json(*row.before).dump();
  return keep.bind_text(1, std::string_view(text))
      .bind_integer(2, row.info->number)
      .bind_text(3, std::string_view(row.id))
      .run();
}

}  // namespace

std::size_t bytes_on_the_wire(std::string_view body) {
  const auto escaped = std::ranges::count_if(body, [](char c) { return c == '"' || c == '\\'; });
  return body.size() + static_cast<std::size_t>(escaped) + kEnvelopeBytes;
}

Status record_mutation(sql::Connection& connection, const Tables& tables,
                       const MutationBuilder& builder, base::Clock& clock, base::Random& random,
                       TooLarge too_large) {
  const auto rows = builder.touched();
  if (!builder.is_empty()) {
    const auto body = builder.body();
    const auto fits = check_size(body);
    if (!fits.ok() && too_large == TooLarge::Refuse) return fits.error();
    CONVOY_TRY(const auto seq, insert_mutation(connection, builder, body, clock, random));
    if (!fits.ok()) CONVOY_CHECK_OK(park(connection, seq, rows.front(), fits.error()));
    CONVOY_TRY(auto insert, connection.prepare("insert into convoy_mutation_row (table_number, id, "
                                               "seq) values (?, ?, ?)"));
    for (const auto& row : rows) {
      if (!row.has_operations) continue;
      CONVOY_CHECK_OK(keep_confirmed(connection, row));
      CONVOY_CHECK_OK(insert.bind_integer(1, row.info->number)
                          .bind_text(2, std::string_view(row.id))
                          .bind_integer(3, seq)
                          .run());
    }
  }
  Overlay overlay(connection, tables);
  for (const auto& row : rows) {
    if (row.is_merged_away) CONVOY_CHECK_OK(overlay.rebase(*row.info, row.id));
  }
  return ok_status();
}

}  // namespace convoy::store
