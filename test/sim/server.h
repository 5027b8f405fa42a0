// server.h: the server as the simulated world sees it. The model is one; a real Postgres can be
// another.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "sim/app.h"

namespace convoy::sim {

// What PostgREST makes of a call.
struct RpcReply {
  int status = 200;
  base::Json body;  // The function's reply, or {"code","message",…}.
};

// One statement of somebody who is no Convoy device, on one row.
struct Statement {
  enum class Kind { Insert, Update, Delete };
  Kind kind = Kind::Insert;
  int table = 0;
  std::string id;
  std::map<int, base::Json> values;  // By column.
  std::map<int, int> additions;      // An update's: to what is there.
  bool in_savepoint = false;
};

enum class Done {
  Yes,
  Failed,   // A constraint, or no such row: the statement had no effect.
  Blocked,  // It would have to wait for another transaction.
};

using Key = std::pair<int, std::string>;  // Table and id.

// What a user's selects give: every row of every synced table that Row Level Security shows.
using View = std::map<Key, Row>;

// A transaction of a writer.
using WriterId = std::uint64_t;

class Server {
 public:
  virtual ~Server() = default;

  // A device's call, signed in as `user`.
  virtual RpcReply rpc(const std::string& user, std::string_view function,
                       const base::Json& request) = 0;

  // Writers; any number of them may be open at once.
  virtual WriterId begin() = 0;
  virtual Done execute(WriterId writer, const Statement& statement) = 0;
  virtual void commit(WriterId writer) = 0;
  virtual void roll_back(WriterId writer) = 0;

  // Of all committed rows of a table, whoever may see them.
  virtual std::vector<std::string> ids(int table) = 0;
  virtual View view(const std::string& user) = 0;
  // Role by space.
  virtual std::map<std::string, std::string> roles(const std::string& user) = 0;

  // What the owner does.
  virtual void collect_garbage(std::int64_t keep_ms) = 0;
  virtual void bump_policy() = 0;
  virtual void back_up() = 0;
  virtual void restore() = 0;        // To the last backup; calls are refused until …
  virtual void after_restore() = 0;  // … this. Without a restore before it: a dump and a reload.
};

}  // namespace convoy::sim
