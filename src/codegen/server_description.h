// server_description.h: what convoy_schema says of the server's tables
// (docs/design/sync-protocol.md). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "convoy/result.h"
#include "convoy/schema.h"

namespace convoy::codegen {

struct ServerReference {
  std::string table;
  std::string column;
  // Nothing: the server is older and does not say.
  std::optional<OnDelete> on_delete;
};

struct ServerColumn {
  std::string name;
  std::string type;  // As `format_type` names it.
  bool is_nullable = false;
  bool has_default = false;
  bool is_writable = false;  // By devices of this user.
  bool is_indexed = false;
  std::optional<ServerReference> references;
};

struct ServerTable {
  std::string name;
  std::string id;  // The primary key's column, which is not among the others.
  std::string id_type;
  std::string conflict;
  std::vector<ServerColumn> columns;

  // Null if there is no such column.
  [[nodiscard]] const ServerColumn* find_column(std::string_view column) const;
  // Whether devices may write it at all.
  [[nodiscard]] bool is_writable() const;
};

struct ServerDescription {
  std::string fingerprint;
  std::vector<ServerTable> tables;

  [[nodiscard]] const ServerTable* find_table(std::string_view table) const;
};

// The reply of convoy_schema. What it has beyond what is asked here is no concern of this program.
// Errors: BadReply, saying where.
Result<ServerDescription> parse_description(std::string_view reply);

}  // namespace convoy::codegen
