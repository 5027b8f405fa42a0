#include "store/adopt.h"

#include <algorithm>
#include <ranges>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "query/compile.h"
#include "schema/sanitise.h"
#include "store/outbox.h"
#include "store/overlay.h"
#include "store/rows.h"

namespace convoy::store {
namespace {

using base::Json;

void visit(const Tables& tables, const TableInfo& info, std::set<const TableInfo*>& seen,
           std::vector<const TableInfo*>& order) {
  if (!seen.insert(&info).second) return;
  for (const auto* parent : info.references) {
    if (parent != nullptr) visit(tables, *parent, seen, order);
  }
  order.push_back(&info);
}

std::vector<const TableInfo*> parents_first(const Tables& tables) {
  std::set<const TableInfo*> seen;
  std::vector<const TableInfo*> order;
  for (const auto& info : tables.all()) visit(tables, info, seen, order);
  return order;
}

// In the order they were made: a record may refer to an older one of its own table.
Result<std::vector<std::string>> ids_of(sql::Connection& connection, const TableInfo& info,
                                        std::string_view status) {
  CONVOY_TRY(auto select,
             connection.prepare("select \"id\" from " + query::quoted(info.table->name) +
                                " where \"_status\" is ? and \"id\" is not null order by rowid"));
  select.bind_text(1, status);
  std::vector<std::string> ids;
  for (;;) {
    CONVOY_TRY(const bool row, select.step());
    if (!row) return ids;
    ids.push_back(select.text(0));
  }
}

bool is_listed(std::string_view list, std::string_view name) {
  for (const auto part : std::views::split(list, ',')) {
    if (std::string_view(part.begin(), part.end()) == name) return true;
  }
  return false;
}

// The columns of `_changed`; all of them if it names none.
Json::Object changed_values(const TableInfo& info, const Row& row) {
  auto all = to_wire(*info.table, row.values);
  Json::Object some;
  for (const auto& member : all) {
    if (is_listed(row.changed, member.first)) some.push_back(member);
  }
  return some.empty() ? all : some;
}

class Adoption {
 public:
  Adoption(sql::Connection& connection, const Tables& tables, base::Clock& clock,
           base::Random& random)
      : connection_(connection), tables_(tables), clock_(clock), random_(random) {}

  // Everything but created rows is known to the server.
  Status note_confirmed(const TableInfo& info) {
    CONVOY_TRY(auto insert,
               connection_.prepare("insert into convoy_row (table_number, id, scope, generation) "
                                   "select ?, \"id\", 0, 0 from " +
                                   query::quoted(info.table->name) +
                                   " where \"_status\" is not 'created' and \"id\" is not null"));
    return insert.bind_integer(1, info.number).run();
  }

  Status adopt(const TableInfo& info, std::string_view status) {
    CONVOY_TRY(const auto ids, ids_of(connection_, info, status));
    for (const auto& id : ids) {
      CONVOY_TRY(const auto row, read_row(connection_, info, id));
      if (!row) continue;
      MutationBuilder builder;
      // read_row() has sanitised the numbers and booleans, this does the texts.
      Row clean = *row;
      for (std::size_t i = 0; i < clean.values.size(); ++i) {
        clean.values[i] = schema::sanitise(info.table->columns[i], std::move(clean.values[i]));
      }
      if (status == kCreated) {
        builder.insert(info, id, to_wire(*info.table, clean.values));
      } else {
        builder.note_before(info, id, to_wire(*info.table, clean.values));
        if (status == kUpdated) {
          builder.update(info, id, changed_values(info, clean), std::nullopt);
        } else {
          builder.remove(info, id);
        }
      }
      CONVOY_CHECK_OK(record_mutation(connection_, tables_, builder, clock_, random_));
      Overlay overlay(connection_, tables_);
      CONVOY_CHECK_OK(overlay.rebase(info, id));
    }
    return ok_status();
  }

 private:
  sql::Connection& connection_;
  const Tables& tables_;
  base::Clock& clock_;
  base::Random& random_;
};

}  // namespace

Status adopt_rows(sql::Connection& connection, const Tables& tables, base::Clock& clock,
                  base::Random& random) {
  Adoption adoption(connection, tables, clock, random);
  auto order = parents_first(tables);
  for (const auto* info : order) CONVOY_CHECK_OK(adoption.note_confirmed(*info));
  for (const auto* info : order) CONVOY_CHECK_OK(adoption.adopt(*info, kCreated));
  for (const auto* info : order) CONVOY_CHECK_OK(adoption.adopt(*info, kUpdated));
  std::ranges::reverse(order);
  for (const auto* info : order) CONVOY_CHECK_OK(adoption.adopt(*info, kDeleted));
  return ok_status();
}

}  // namespace convoy::store
