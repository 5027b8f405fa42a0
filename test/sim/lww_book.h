// lww_book.h: who wrote the columns of the rule last_write_wins, and when, kept from what devices
// sent: so that it can be said who must win, whatever the server's own stamps are.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/model_store.h"

namespace convoy::sim {

class LwwBook {
 public:
  using Column = std::pair<Key, int>;

  // A push is looked at. Of another log than before nothing is known.
  void begin(const std::string& epoch);

  // One operation of a mutation that was applied, in order. `before`: the row as the push found it.
  void apply(const base::Json& operation, const Stamp& stamp, const std::optional<Row>& before);

  // Somebody wrote it in a way that is not followed.
  void forget(const Key& key);

  // The push is over, and `after` is what became of a row. Returns what should not be.
  std::optional<std::string> end(const Key& key, const std::optional<Row>& after);

 private:
  struct Entry {
    std::optional<base::Json> value;  // Nothing: not known.
    std::optional<Stamp> stamp;       // Nothing: somebody's who is no device.
  };

  struct Touched {
    bool is_there = false;
    std::map<int, Entry> columns;
  };

  Touched& touch(const Key& key, const std::optional<Row>& before);
  static void write(Entry& entry, const base::Json& client, const base::Json* base,
                    const Stamp& stamp);

  std::string epoch_;
  std::map<Column, Entry> known_;
  std::map<Key, Touched> touched_;  // By the push that is looked at.
};

}  // namespace convoy::sim
