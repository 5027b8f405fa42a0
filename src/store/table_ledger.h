// table_ledger.h: which tables and columns a file has, by the engine's own books (convoy_table).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "convoy/migration.h"
#include "convoy/result.h"
#include "convoy/schema.h"
#include "sql/connection.h"

namespace convoy::store {

// One thing in which a file and a schema are not the same.
struct Difference {
  enum class Kind {
    Missing,    // The schema has it, the file has not.
    TooMuch,    // The other way.
    Type,       // A column of another type.
    Unindexed,  // The schema has an index, the file has not.
    Indexed,    // The other way.
  };
  Kind kind = Kind::Missing;
  std::string table;
  std::string column;  // Empty: the table as a whole.

  // InvalidSchema: what differs, and which migration step is missing. `has_migrated`: migrations
  // have just run.
  [[nodiscard]] Error error(bool has_migrated) const;
};

class TableLedger {
 public:
  // REQUIRES: the engine's tables are there.
  static Result<TableLedger> read(sql::Connection& connection);

  // Notes what a migration step does. Own SQL is a closed book.
  void follow(const MigrationStep& step);

  [[nodiscard]] std::vector<Difference> compare(const Schema& schema) const;

 private:
  // By column: what layout.h's fingerprint() says of it.
  using Columns = std::map<std::string, std::string>;

  void follow_one(const CreateTable& step);
  void follow_one(const AddColumns& step);
  void follow_one(const DropTable& step);
  void follow_one(const RenameTable& step);
  void follow_one(const DropColumn& step);
  void follow_one(const RenameColumn& step);
  void follow_one(const AddIndex& step);
  void follow_one(const DropIndex& step);
  void follow_one(const RunSql& step);

  std::map<std::string, Columns> tables_;
};

// The schema's tables as convoy_table is to have them from now on. Numbers stay; what the engine
// knows of tables that are not there any more goes.
Status record_tables(sql::Connection& connection, const Schema& schema);

// Takes a table out of the engine's books: its confirmed rows, and which mutations touch them. The
// mutations stay as they are.
Status forget_table(sql::Connection& connection, std::int64_t number);

}  // namespace convoy::store
