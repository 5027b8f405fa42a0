// writers.h: everybody who writes to the server and is no Convoy device: an older app, SQL by hand,
// the owner. Several at once, with transactions that stay open while devices sync, and some that
// come to nothing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/random.h"
#include "sim/server.h"
#include "sim/trace.h"

namespace convoy::sim {

class Writers {
 public:
  Writers(Server& server, Random random, Trace& trace, std::vector<std::string> users)
      : server_(&server), random_(random), trace_(&trace), users_(std::move(users)) {}

  // Spaces with members, lists, tasks, and a mark in each scope.
  void found_world(std::size_t spaces);

  // One statement, or the beginning or end of a transaction.
  void step();
  // A member comes, goes, or gets another role.
  void change_membership();
  // All open transactions end.
  void finish();

  // Ends one of the open transactions, in the middle of something else.
  void end_one();

 private:
  struct Open {
    WriterId id = 0;
    int statements = 0;
  };

  void begin();
  void end(std::size_t at);
  void write(Open& writer);
  void change_marks(Open& writer);
  Done run(Open& writer, Statement statement);
  Statement insert(int table);
  Statement update(int table);
  Statement remove();
  std::string any(int table);  // An id, or "".
  std::string new_id();
  std::string word();
  std::string new_state();

  Server* server_;
  Random random_;
  Trace* trace_;
  std::vector<std::string> users_;
  std::vector<Open> open_;
  std::int64_t mark_ = 0;
  std::int64_t states_ = 0;
};

}  // namespace convoy::sim
