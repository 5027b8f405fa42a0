// adopt_record.h: one record that another program wrote, becoming a mutation.
#pragma once

#include <optional>
#include <string_view>

#include "base/environment.h"
#include "convoy/result.h"
#include "sql/connection.h"
#include "store/mutation_builder.h"
#include "store/overlay.h"
#include "store/rows.h"
#include "store/tables.h"

namespace convoy::store {

// Lives within one transaction. Thread-safety: thread-compatible.
class Adopter {
 public:
  // All must outlive this object. `has_notes`: whether convoy_foreign tells what records were.
  Adopter(sql::Connection& connection, const Tables& tables, base::Clock& clock,
          base::Random& random, bool has_notes)
      : connection_(connection),
        tables_(tables),
        clock_(clock),
        random_(random),
        overlay_(connection, tables),
        has_notes_(has_notes) {}

  // Compares what its table says with what Convoy knows, and puts the difference into the outbox.
  Status adopt(const TableInfo& info, std::string_view id);

 private:
  // What the table would hold if nobody else had written.
  struct Expected {
    bool is_known = false;
    bool is_pending = false;
    bool is_confirmed = false;
    bool was_marked = false;  // As deleted, before it was taken out.
    std::optional<Row> row;
  };

  struct Subject {
    const TableInfo& info;
    std::string_view id;
    Expected expected;
  };

  Result<Expected> expect(const TableInfo& info, std::string_view id);
  Status adopt_local(const TableInfo& info, std::string_view id);
  Status adopt_removed(const Subject& subject);
  Status adopt_deleted(const Subject& subject, const Row& row);
  Status adopt_written(const Subject& subject, const Row& row);
  Status adopt_changes(const Subject& subject, Row row);
  Status adopt_synced(const Subject& subject);

  // As a record the server has, in no scope until a pull says where it belongs.
  Status confirm(const Subject& subject);
  Status forget(const Subject& subject);
  Status record(const Subject& subject, const MutationBuilder& builder);

  sql::Connection& connection_;
  const Tables& tables_;
  base::Clock& clock_;
  base::Random& random_;
  Overlay overlay_;
  bool has_notes_;
};

}  // namespace convoy::store
