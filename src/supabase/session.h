// session.h: somebody's session with a project, as it is kept on a device.
//
// Thread-safety: thread-compatible; pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.h"
#include "convoy/result.h"

namespace convoy::supabase {

struct Session {
  std::string access_token;   // A JWT; sent with every request.
  std::string refresh_token;  // Good for one exchange against a new pair.
  // By this device's clock, which need not agree with the server's.
  std::int64_t obtained_at_ms = 0;
  std::int64_t expires_at_ms = 0;
  std::string user_id;
  std::string email;
  std::string project_url;  // The project that issued it; its tokens go nowhere else.

  // The server has ended it; the tokens are gone, who it was is still known.
  [[nodiscard]] bool is_ended() const { return refresh_token.empty(); }

  // The access token can still be used.
  [[nodiscard]] bool is_usable(std::int64_t now_ms) const;

  // Time for a new access token: four fifths of its life are over, less than a minute is left, or
  // the clock stands before the moment it was issued.
  [[nodiscard]] bool needs_refresh(std::int64_t now_ms) const;
};

// The text that is kept. Contains the tokens.
std::string encode_session(const Session& session);

// Errors: Corrupt, never quoting the text.
Result<Session> decode_session(std::string_view text);

// GoTrue's answer to sign-in, sign-up and refresh. Errors: BadReply if tokens, times or the user
// are missing, never quoting the answer.
Result<Session> read_session_reply(const base::Json& reply, std::int64_t now_ms,
                                   std::string_view project_url);

}  // namespace convoy::supabase
