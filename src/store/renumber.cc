#include "store/renumber.h"

#include "base/uuid.h"
#include "store/meta.h"
#include "store/replica.h"

namespace convoy::store {

// Mutations the server has under the old id keep their state, but no number: any window that ends
// from now on contains them.
Result<std::string> take_new_identity(sql::Connection& connection, base::Random& random) {
  auto client_id = base::uuid_v4(random);
  CONVOY_CHECK_OK(write_meta(connection, "client_id", std::string_view(client_id)));
  CONVOY_CHECK_OK(write_meta(connection, "mid_assigned", std::int64_t{0}));
  CONVOY_CHECK_OK(write_meta(connection, "mid_seen", std::int64_t{0}));
  CONVOY_TRY(auto reset, connection.prepare("update convoy_mutation set mid = 0, state = case "
                                            "state when ?1 then ?2 else state end"));
  CONVOY_CHECK_OK(reset.bind_integer(1, static_cast<std::int64_t>(MutationState::Sending))
                      .bind_integer(2, static_cast<std::int64_t>(MutationState::Pending))
                      .run());
  return client_id;
}

}  // namespace convoy::store
