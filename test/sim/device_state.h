// device_state.h: all that is in a device's file, read with plain SQL, for the checks.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "convoy/database.h"
#include "sim/server.h"

namespace convoy::sim {

// The columns' values as comparable text, in the order of the table's columns.
using Texts = std::vector<std::string>;

struct DeviceScope {
  std::string visibility;
  std::string base;
  bool is_backfilling = false;
  std::int64_t generation = 0;
};

struct ConfirmedRow {
  std::string scope;  // Empty: of a scope the device does not list.
  Texts values;
};

struct ShownRow {
  std::string status;
  Texts values;
};

struct OutboxEntry {
  std::int64_t seq = 0;
  std::int64_t mid = 0;
  std::string uid;
  int state = 0;  // store::MutationState.
  int attempts = 0;
  std::string body;  // As it is sent.
  base::Json ops;    // As they count here: with what the server's foreign keys will do.
  std::string code;
  std::int64_t depends_on = 0;
};

// Of the conflict log.
struct KeptConflict {
  std::string where;  // Table, id and column.
  std::string client;
  std::string server;
};

struct DeviceState {
  std::string epoch;
  std::string client_id;
  std::map<std::string, DeviceScope> scopes;
  std::map<Key, ConfirmedRow> confirmed;
  std::map<Key, ShownRow> shown;
  std::vector<OutboxEntry> outbox;
  std::vector<KeptConflict> conflicts;
};

Result<DeviceState> read_device(Database& database);

// Only the outbox.
Result<std::vector<OutboxEntry>> read_outbox(Database& database);

// The server's row as the device's columns would hold it.
Texts texts_of(int table, const Row& row);
// A value as it travels.
std::string text_of(int table, int column, const base::Json& wire);
// What a column of a new row holds.
std::string default_text(int table, int column);

}  // namespace convoy::sim
