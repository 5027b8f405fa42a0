// push_checks.h: the invariants of one push, held against what the server did with it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/lww_book.h"
#include "sim/model_server.h"
#include "sim/violation.h"

namespace convoy::sim {

class PushChecks {
 public:
  PushChecks(ModelServer& server, Verdict& verdict) : server_(&server), verdict_(&verdict) {}

  // Before the server runs it.
  void serving(const base::Json& request);

  // What the server said.
  void served(const std::string& user, const base::Json& request, const base::Json& reply);

  // What the server has of a mutation; nothing if it never answered it, or not for one device
  // alone.
  [[nodiscard]] const std::string* text_of(const std::string& uid) const;

  // Mutations that two copies of one file send under two client ids.
  void excuse(const std::set<std::string>& uids) { excused_.insert(uids.begin(), uids.end()); }

 private:
  // As the push found them.
  struct Before {
    std::optional<Row> row;
    bool is_dead = false;
    bool is_revived = false;  // By the push.
  };

  struct Applied {
    const base::Json* mutation = nullptr;
    const base::Json* operation = nullptr;
  };

  void check_text(const base::Json& mutation);
  void check_effect(const base::Json& mutation, const base::Json& outcome);
  void check_column(const base::Json& operation, int column, const base::Json& value,
                    const Row& after, const base::Json& outcome);
  void check_applied(const base::Json& request, const base::Json& reply);
  void check_counters(const std::vector<const base::Json*>& applied);
  void check_clocks(const base::Json& request, const std::vector<Applied>& applied);
  void check_deletions();
  void check_unchanged();
  void check_refusal(const std::string& user, const base::Json& mutation,
                     const base::Json& outcome);
  [[nodiscard]] bool can_be_refused(const std::string& user, const base::Json& operation,
                                    const std::string& code, bool is_alone) const;
  [[nodiscard]] bool is_there(const Key& key) const;

  ModelServer* server_;
  Verdict* verdict_;
  std::set<std::string> excused_;
  std::set<std::string> is_new_;  // Of the push's mutations, those that had not been answered.
  std::map<std::string, std::string> texts_;  // By epoch and uid.
  LwwBook book_;
  std::map<Key, Before> before_;
  std::size_t mutations_before_ = 0;
};

}  // namespace convoy::sim
