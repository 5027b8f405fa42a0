// test_server.h: descriptions of a server's tables, for tests.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "codegen/server_description.h"
#include "codegen/server_schema.h"

namespace convoy::codegen::test {

inline ServerColumn column(std::string name, std::string type = "text") {
  return {.name = std::move(name),
          .type = std::move(type),
          .is_nullable = false,
          .has_default = false,
          .is_writable = true,
          .is_indexed = false,
          .references = std::nullopt};
}

inline ServerColumn nullable(ServerColumn column) {
  column.is_nullable = true;
  return column;
}

inline ServerColumn with_default(ServerColumn column) {
  column.has_default = true;
  return column;
}

inline ServerColumn read_only(ServerColumn column) {
  column.is_writable = false;
  return column;
}

inline ServerColumn indexed(ServerColumn column) {
  column.is_indexed = true;
  return column;
}

inline ServerColumn key(std::string name, std::string table,
                        std::optional<OnDelete> on_delete = OnDelete::Cascade) {
  auto made = column(std::move(name), "uuid");
  made.references =
      ServerReference{.table = std::move(table), .column = "id", .on_delete = on_delete};
  return made;
}

inline ServerTable table(std::string name, std::vector<ServerColumn> columns) {
  return {.name = std::move(name),
          .id = "id",
          .id_type = "uuid",
          .conflict = "merge",
          .columns = std::move(columns)};
}

inline ServerDescription server(std::vector<ServerTable> tables) {
  return {.fingerprint = "f", .tables = std::move(tables)};
}

inline ServerSchema local_of(const ServerDescription& description) {
  auto made = to_local_schema(description);
  EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().message);
  return made.ok() ? *std::move(made) : ServerSchema();
}

}  // namespace convoy::codegen::test
