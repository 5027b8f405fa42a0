// phoenix.h: Phoenix messages in the JSON form 1.0.0, as Supabase's Realtime server speaks them.
// Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "supabase/project.h"

namespace convoy::supabase::realtime {

struct Message {
  std::string topic;
  std::string event;
  base::Json payload;
  std::string ref;       // Empty: none.
  std::string join_ref;  // "
};

// {"topic","event","payload","ref","join_ref"}.
std::string encode(const Message& message);

// Nothing if it is no such message. Numbers are taken as refs as well.
std::optional<Message> decode(std::string_view text);

// Where the socket of a project is opened, with the key in it. Not to be logged.
std::string socket_url(const Project& project);

}  // namespace convoy::supabase::realtime
