// protocol.h: requests and replies of docs/design/sync-protocol.md, to and from JSON. Pure.
//
// Replies come from outside and are checked to the last member before anything is done with them: a
// reply that breaks the protocol is BadReply and changes nothing.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "convoy/result.h"
#include "schema/replication.h"

namespace convoy::sync::machine {

class ReplyReader;

inline constexpr int kProtocolVersion = 1;

// How the server took a request as a whole.
enum class ReplyStatus { Ok, Reset, Stale, Scopes, Forked, Gap };

// Where in a window the next page starts.
struct WindowPosition {
  std::string target;
  base::Json after;
};

// What every reply begins with.
struct ReplyHead {
  ReplyStatus status = ReplyStatus::Ok;
  std::string epoch;
  std::string reason;  // Of a reset: "epoch" or "horizon".
};

struct PullReply : ReplyHead {
  std::string target;
  std::string next;
  base::Json after;
  bool more = false;
  std::vector<schema::RowChanges> changes;
  std::map<std::string, std::string> added;  // Scope to visibility.
  std::vector<std::string> removed;
  std::int64_t last_mid = 0;
  std::optional<std::int64_t> server_time_ms;
  std::optional<schema::ServerSchema> schema;
};

struct BackfillReply : ReplyHead {
  std::optional<std::string> visibility;  // Nothing: the caller has no such scope any more.
  std::string next;
  base::Json after;
  bool more = false;
  std::vector<schema::RowChanges> changes;
  std::int64_t total = 0;
};

struct PushReply : ReplyHead {
  std::int64_t last_mid = 0;
  std::optional<std::int64_t> server_time_ms;
  std::vector<schema::Outcome> outcomes;
};

// How a pull says which scopes it is about.
enum class Naming {
  Brief,  // By a digest, where all of them have one cursor.
  Full,
};

base::Json pull_request(const schema::ReplicaState& state, Naming naming,
                        const std::optional<WindowPosition>& position, std::size_t limit);
base::Json backfill_request(const schema::ReplicaState& state, const schema::ScopeState& scope,
                            std::size_t limit);
base::Json push_request(const schema::ReplicaState& state,
                        const std::vector<schema::OutgoingMutation>& batch);

// Errors: BadReply, naming the member that is missing or wrong.
Result<PullReply> parse_pull_reply(const base::Json& json);
Result<BackfillReply> parse_backfill_reply(const base::Json& json);
Result<PushReply> parse_push_reply(const base::Json& json);

// The member "changes" of a reply.
std::vector<schema::RowChanges> read_changes(ReplyReader& read, const base::Json& json);

// `xmin:xmax:xip,…` with xmin <= xmax: the text of a Postgres snapshot.
bool is_snapshot(std::string_view text);

}  // namespace convoy::sync::machine
