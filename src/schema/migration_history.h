// migration_history.h: the schema as it was before each migration, as far as it can be told from
// the schema as it is now. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "convoy/migration.h"
#include "convoy/result.h"
#include "convoy/schema.h"

namespace convoy::schema {

// Starts as the schema and goes back, step by step. A step that can't have led to what comes after
// it is an error: a column that it adds and nobody has, a table that it drops and is still there.
class History {
 public:
  explicit History(const Schema& schema);

  // Goes to before `step`. Errors: InvalidSchema.
  Status undo(const MigrationStep& step);

 private:
  // What is not known, of something dropped later, is nothing.
  struct ColumnFacts {
    std::optional<ColumnType> type;
    std::optional<bool> is_indexed;
  };

  struct TableFacts {
    bool is_complete = true;  // False: it may have other columns.
    std::map<std::string, ColumnFacts> columns;
  };

  Status undo(const CreateTable& step);
  Status undo(const AddColumns& step);
  Status undo(const DropTable& step);
  Status undo(const RenameTable& step);
  Status undo(const DropColumn& step);
  Status undo(const RenameColumn& step);
  Status undo(const AddIndex& step);
  Status undo(const DropIndex& step);
  Status undo(const RunSql& step);

  Result<TableFacts*> require_table(const std::string& name);
  Result<ColumnFacts*> require_column(const std::string& table, const std::string& column);
  // The column must be there as `column` says.
  Status match_column(const std::string& table, const Column& column);
  Status forbid_column(const std::string& table, const std::string& column);

  std::map<std::string, TableFacts> tables_;
  bool is_known_ = true;  // Until SQL of the program's own.
};

}  // namespace convoy::schema
