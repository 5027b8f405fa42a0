// postgrest.h: calling the functions of a project (PostgREST).
//
// Thread-safety: thread-safe. Ownership: transport, auth and clock are borrowed.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/environment.h"
#include "base/json.h"
#include "base/limits.h"
#include "convoy/result.h"
#include "net/http.h"
#include "supabase/auth.h"
#include "supabase/project.h"

namespace convoy::supabase {

enum class CallAs {
  User,       // Nobody signed in is SignInRequired.
  Anonymous,  // With the API key alone, whoever is signed in.
};

struct CallOptions {
  CallAs as = CallAs::User;
  // If not empty, the session must be this user's: one user's writes are never sent as another.
  std::string user_id;
  std::chrono::milliseconds timeout = limits::kRequestTimeout;
  std::size_t reply_bytes_max = limits::kReplyBytesMax;
  base::Cancellation* cancellation = nullptr;  // Borrowed.
};

struct RpcReply {
  base::Json body;                 // Null if the server sent none.
  std::size_t bytes_sent = 0;      // On the wire, of the exchange that brought the reply.
  std::size_t bytes_received = 0;  // "
};

class Rest {
 public:
  // All exchanges so far that had a reply, whatever its status.
  struct Traffic {
    std::int64_t requests = 0;
    std::int64_t bytes_sent = 0;
    std::int64_t bytes_received = 0;
  };

  // `auth` must be for the same project; null: only CallAs::Anonymous works.
  Rest(const Project& project, net::HttpTransport& transport, Auth* auth, base::Clock& clock);

  // POST /rest/v1/rpc/<function> with `arguments` (an object of named arguments) as the body. An
  // access token that the server does not accept is renewed and the call repeated, once.
  //
  // Errors carry the server's code in `sqlstate` and its HTTP status. SignInRequired, Refused
  // (42501), WrongDatabase (CallOptions::user_id), InvalidApiKey, NotInstalled (no such function),
  // ProtocolMismatch (CV001), ServerRestored (CV011), RateLimited, Timeout (also 57014),
  // ServerError (may work later; nothing is known to have been applied), Rejected (the database
  // refuses these very arguments; all other SQLSTATEs and CV codes), BadReply (not from PostgREST:
  // a web page, a redirect, broken JSON), and the transport's.
  Result<RpcReply> rpc(std::string_view function, const base::Json& arguments,
                       const CallOptions& options = {});

  // GET /rest/v1/<table>?<parameters>, in PostgREST's own words: {"id", "eq.7"}, {"limit", "20"}.
  // The body is an array of the rows that the caller may see. Errors: as rpc(); NotInstalled if
  // there is no such table. Nothing is changed on the server.
  Result<RpcReply> select(std::string_view table,
                          const std::vector<std::pair<std::string, std::string>>& parameters,
                          const CallOptions& options = {});

  [[nodiscard]] Traffic traffic() const;

  // What the last reply asked for with Retry-After, if it did.
  [[nodiscard]] std::optional<std::chrono::milliseconds> retry_after() const;

 private:
  // `name` is what a refusal is about: a function or a table.
  Result<RpcReply> exchange(net::HttpRequest request, std::string_view name,
                            const CallOptions& options);
  Result<net::HttpReply> send(net::HttpRequest request, std::string_view access_token,
                              const CallOptions& options);

  const Project project_;
  net::HttpTransport* const transport_;
  Auth* const auth_;
  base::Clock* const clock_;

  std::atomic<std::int64_t> requests_{0};
  std::atomic<std::int64_t> bytes_sent_{0};
  std::atomic<std::int64_t> bytes_received_{0};
  std::atomic<std::int64_t> retry_after_ms_{-1};  // -1: nothing asked for.
};

}  // namespace convoy::supabase
