#include "store/renumber.h"

#include "base/uuid.h"
#include "store/meta.h"
#include "store/replica.h"

namespace convoy::store {
namespace {

std::int64_t code_of(MutationState state) { return static_cast<std::int64_t>(state); }

// Under the id they were sent with.
Status keep_numbers_of_sent(sql::Connection& connection) {
  CONVOY_TRY(const auto former, read_meta(connection, "client_id"));
  CONVOY_TRY(auto keep, connection.prepare("update convoy_mutation set sender = ? where state = ? "
                                           "and mid > 0 and sender = ''"));
  return keep.bind_text(1, std::string_view(former))
      .bind_integer(2, code_of(MutationState::Sent))
      .run();
}

}  // namespace

Result<std::string> take_new_identity(sql::Connection& connection, base::Random& random) {
  CONVOY_CHECK_OK(keep_numbers_of_sent(connection));
  auto client_id = base::uuid_v4(random);
  CONVOY_CHECK_OK(write_meta(connection, "client_id", std::string_view(client_id)));
  CONVOY_CHECK_OK(write_meta(connection, "mid_assigned", std::int64_t{0}));
  CONVOY_CHECK_OK(write_meta(connection, "mid_seen", std::int64_t{0}));
  CONVOY_TRY(auto reset, connection.prepare("update convoy_mutation set mid = 0, state = case "
                                            "state when ?1 then ?2 else state end where sender = "
                                            "''"));
  CONVOY_CHECK_OK(reset.bind_integer(1, code_of(MutationState::Sending))
                      .bind_integer(2, code_of(MutationState::Pending))
                      .run());
  return client_id;
}

Status forget_sender(sql::Connection& connection, const std::string& sender) {
  CONVOY_TRY(auto forget, connection.prepare("update convoy_mutation set mid = 0, sender = '' "
                                             "where sender = ?"));
  return forget.bind_text(1, std::string_view(sender)).run();
}

Status give_up_numbers(sql::Connection& connection, const std::string& sender,
                       const std::vector<std::int64_t>& mids) {
  CONVOY_TRY(auto update, connection.prepare("update convoy_mutation set mid = 0, sender = '', "
                                             "state = ? where sender = ? and mid = ? and state = "
                                             "?"));
  for (const auto mid : mids) {
    CONVOY_CHECK_OK(update.bind_integer(1, code_of(MutationState::Pending))
                        .bind_text(2, std::string_view(sender))
                        .bind_integer(3, mid)
                        .bind_integer(4, code_of(MutationState::Sending))
                        .run());
  }
  return ok_status();
}

}  // namespace convoy::store
