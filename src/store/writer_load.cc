// Records that the server has already, many at once.
#include <algorithm>
#include <utility>

#include "query/compile.h"
#include "schema/sanitise.h"
#include "schema/suggest.h"
#include "store/search_index.h"
#include "store/statistics.h"
#include "store/writer.h"

namespace convoy::store {
namespace {

constexpr std::size_t kNotGiven = static_cast<std::size_t>(-1);
// Fewer rows are not worth making a table's indices anew.
constexpr std::size_t kBulkRowsMin = 200;

// Where the given rows have the id and each of the table's columns.
struct Places {
  std::size_t id = kNotGiven;
  std::vector<std::size_t> columns;
};

Result<Places> places_of(const TableInfo& info, std::span<const std::string> names) {
  Places places{.columns = std::vector<std::size_t>(info.table->columns.size(), kNotGiven)};
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto column = info.column_index(names[i]);
    if (!column && names[i] != "id") return schema::unknown_column(*info.table, names[i]);
    auto& place = column ? places.columns[*column] : places.id;
    if (place != kNotGiven) {
      return Error{.code = ErrorCode::InvalidArgument,
                   .message = info.table->name + "." + names[i] + " stands twice in the list"};
    }
    place = i;
  }
  if (places.id != kNotGiven) return places;
  return Error{.code = ErrorCode::InvalidArgument,
               .message = "the records for " + info.table->name + " have no \"id\""};
}

}  // namespace

Result<std::int64_t> TransactionWriter::load(std::string_view table,
                                             std::span<const std::string> columns,
                                             std::span<const std::vector<Value>> rows) {
  CONVOY_TRY(const auto* info, tables_.require(table));
  CONVOY_CHECK_OK(watch(start_load(*info, rows.size())));
  auto loaded = load_rows(*info, columns, rows);
  // Some of the rows are in already.
  if (!loaded.ok() && !failure_) failure_ = loaded.error();
  return loaded;
}

Status TransactionWriter::start_load(const TableInfo& info, std::size_t rows) {
  if (loads_.contains(&info)) return ok_status();
  auto& load = loads_[&info];
  if (rows < kBulkRowsMin) return ok_status();
  const auto& name = info.table->name;
  CONVOY_TRY(const auto has_rows,
             connection_.integer("select exists (select 1 from " + query::quoted(name) + ")"));
  if (has_rows != 0) return ok_status();
  if (!keeps_search_index_) {
    CONVOY_TRY(keeps_search_index_, has_search_index(connection_, tables_.schema()));
  }
  std::vector<std::string> indices;
  BulkLoad bulk;
  {
    CONVOY_TRY(auto select, connection_.prepare("select name, sql from sqlite_schema where type = "
                                                "'index' and tbl_name = ? and sql is not null"));
    select.bind_text(1, std::string_view(name));
    for (;;) {
      CONVOY_TRY(const bool row, select.step());
      if (!row) break;
      indices.push_back(select.text(0));
      bulk.index_sql.push_back(select.text(1));
    }
  }
  for (const auto& index : indices) {
    CONVOY_CHECK_OK(connection_.execute("drop index " + query::quoted(index)));
  }
  load = std::move(bulk);
  return ok_status();
}

// Asks for the ids alone, which their index has in order.
Status TransactionWriter::confirm_all(const TableInfo& info) {
  const auto name = query::quoted(info.table->name);
  const sql::SmallCache small(connection_);
  CONVOY_TRY(auto confirm,
             connection_.prepare("insert into convoy_row (table_number, id, scope, generation) "
                                 "select ?, \"id\", 0, 0 from " +
                                 name +
                                 " where true order by \"id\" on conflict "
                                 "(table_number, id) do nothing"));
  CONVOY_CHECK_OK(confirm.bind_integer(1, info.number).run());
  CONVOY_TRY(auto except,
             connection_.prepare("delete from convoy_row where table_number = ? and id in (select "
                                 "\"id\" from " +
                                 name + " where \"_status\" is 'created')"));
  return except.bind_integer(1, info.number).run();
}

// Sorted, SQLite fills its trees many times faster than in the order rows happen to come.
Status TransactionWriter::finish_loads() {
  bool is_structure_changed = false;
  bool has_bulk = false;
  for (const auto& [info, load] : loads_) {
    if (!load) continue;
    has_bulk = true;
    for (const auto& sql : load->index_sql) {
      const sql::SmallCache small(connection_);
      CONVOY_CHECK_OK(connection_.execute(sql));
    }
    is_structure_changed = is_structure_changed || !load->index_sql.empty();
    if (info->table->is_local_only) continue;
    CONVOY_CHECK_OK(confirm_all(*info));
  }
  loads_.clear();
  if (is_structure_changed && keeps_search_index_) {
    CONVOY_CHECK_OK(keep_search_index(connection_, tables_.schema()));
  }
  return has_bulk ? gather_statistics(connection_, tables_.schema()) : ok_status();
}

Result<std::int64_t> TransactionWriter::load_rows(const TableInfo& info,
                                                  std::span<const std::string> columns,
                                                  std::span<const std::vector<Value>> rows) {
  CONVOY_TRY(const auto places, places_of(info, columns));
  const auto& table = *info.table;
  CONVOY_TRY(const auto pending,
             connection_.integer("select exists (select 1 from convoy_mutation_row)"));
  const bool may_be_unsent = pending != 0 || !builder_.is_empty();
  CONVOY_TRY(auto upsert, connection_.prepare(info.upsert_sql));
  // What is loaded in bulk is confirmed in the end.
  const bool confirms = !table.is_local_only && !loads_[&info];
  CONVOY_TRY(auto confirm,
             connection_.prepare("insert into convoy_row (table_number, id, scope, generation) "
                                 "values (?, ?, 0, 0) on conflict (table_number, id) do nothing"));
  std::vector<Value> defaults;
  for (const auto& column : table.columns) defaults.push_back(schema::default_value(column));
  std::vector<Value> values(table.columns.size());
  for (const auto& row : rows) {
    if (row.size() != columns.size()) {
      return Error{.code = ErrorCode::InvalidArgument,
                   .message = "a record for " + table.name + " has " + std::to_string(row.size()) +
                              " values for " + std::to_string(columns.size()) + " columns"};
    }
    const auto* given_id = std::get_if<std::string>(&row[places.id]);
    CONVOY_TRY(const auto id,
               schema::check_id(table, given_id == nullptr ? std::string_view() : *given_id));
    if (may_be_unsent) CONVOY_CHECK_OK(check_unsent(info, id));
    upsert.bind_text(1, std::string_view(id)).bind_text(2, kSynced).bind_text(3, "");
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto place = places.columns[i];
      const Value* value = &defaults[i];
      if (place != kNotGiven) {
        auto checked = schema::check_in_place(table, table.columns[i], row[place], values[i]);
        if (!checked.ok()) return std::move(checked).error().with_context("the record " + id);
        value = *checked;
      }
      upsert.bind(static_cast<int>(i) + 4, *value);
    }
    CONVOY_CHECK_OK(upsert.run());
    if (!confirms) continue;
    confirm.bind_integer(1, info.number).bind_text(2, std::string_view(id));
    CONVOY_CHECK_OK(confirm.run());
  }
  return static_cast<std::int64_t>(rows.size());
}

}  // namespace convoy::store
