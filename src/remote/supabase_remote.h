// supabase_remote.h: sync's port onto a Supabase project.
#pragma once

#include <string>

#include "supabase/postgrest.h"
#include "sync/remote.h"

namespace convoy::remote {

// Thread-safety: thread-compatible. Ownership: `rest` is borrowed.
class SupabaseRemote : public sync::Remote {
 public:
  // `user_id`: whose data is synced. A session of anybody else is WrongDatabase, never a push in
  // the wrong name.
  SupabaseRemote(supabase::Rest& rest, std::string user_id)
      : rest_(&rest), user_id_(std::move(user_id)) {}

  Result<base::Json> call(std::string_view function, const base::Json& request,
                          base::Cancellation* cancellation) override;

  [[nodiscard]] Traffic traffic() const override;

 private:
  supabase::Rest* rest_;
  std::string user_id_;
};

}  // namespace convoy::remote
