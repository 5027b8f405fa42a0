#include "remote/supabase_remote.h"

#include <utility>

namespace convoy::remote {

Result<base::Json> SupabaseRemote::call(std::string_view function, const base::Json& request,
                                        base::Cancellation* cancellation) {
  base::Json arguments;
  arguments.set("req", request);
  CONVOY_TRY(auto reply,
             rest_->rpc(function, arguments, {.user_id = user_id_, .cancellation = cancellation}));
  return std::move(reply.body);
}

sync::Remote::Traffic SupabaseRemote::traffic() const {
  const auto traffic = rest_->traffic();
  return {.requests = traffic.requests,
          .bytes_up = traffic.bytes_sent,
          .bytes_down = traffic.bytes_received};
}

}  // namespace convoy::remote
