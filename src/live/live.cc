#include "convoy/live.h"

#include <algorithm>
#include <set>
#include <utility>

#include "live/consumer.h"
#include "live/query_view.h"
#include "live/record_view.h"
#include "live/registry.h"
#include "live/rerun_view.h"
#include "live/rows_reader.h"
#include "query/compile.h"
#include "schema/suggest.h"
#include "store/reader.h"

namespace convoy {
namespace {

using live::Interest;
using live::RerunView;
using live::Rows;
using live::View;

template <class Value, class Consumer>
Result<Subscription> subscribe(DatabaseImpl& database, std::unique_ptr<View<Value>> view,
                               Consumer consumer, const LiveOptions& options) {
  CONVOY_CHECK_OK(database.check_outside_of_write());
  CONVOY_TRY(const auto registry, live::Registry::of(database));
  auto outlet = std::make_shared<live::Outlet<Value>>(options.deliver_on, std::move(consumer));
  auto interest =
      std::make_shared<live::InterestIn<Value>>(registry, std::move(view), std::move(outlet));
  registry->add(interest);
  return Subscription(std::move(interest));
}

// The table whose words an index of them holds counts as read with the index.
std::set<std::string> with_searched(const DatabaseImpl& database,
                                    const std::vector<std::string>& names) {
  std::set<std::string> tables(names.begin(), names.end());
  for (const auto& name : names) {
    for (const auto& table : database.schema().tables) {
      if (name.starts_with("convoy_fts_" + table.name)) tables.insert(table.name);
    }
  }
  return tables;
}

bool has_search(const std::vector<Condition>& conditions) {
  return std::ranges::any_of(conditions, [](const Condition& condition) {
    if (const auto* all = std::get_if<AllOf>(&condition.node)) return has_search(all->conditions);
    if (const auto* any = std::get_if<AnyOf>(&condition.node)) return has_search(any->conditions);
    if (const auto* on = std::get_if<On>(&condition.node)) return has_search(on->conditions);
    return std::holds_alternative<Search>(condition.node);
  });
}

// What a query reads. Whatever is wrong with it is found here, as far as SQLite can say: mistakes
// in a search it finds only when it looks for a row.
Result<std::set<std::string>> tables_of(DatabaseImpl& database, Query query) {
  const auto look = [&](sql::Connection& connection) -> Result<std::set<std::string>> {
    store::ConnectionReader reader(connection, database.tables());
    CONVOY_TRY(const auto explanation, reader.explain(query));
    if (has_search(query.conditions)) {
      query.order.clear();
      query.limit = 1;
      query.offset.reset();
      CONVOY_TRY(const auto found, reader.fetch_ids(query));
    }
    return with_searched(database, explanation.tables);
  };
  return database.read(look);
}

Status check(DatabaseImpl& database, const Query& query) {
  CONVOY_TRY(const auto* info, database.tables().require(query.table));
  CONVOY_TRY(const auto compiled,
             query::compile(database.schema(), *info->table, query, query::Select::Rows));
  return ok_status();
}

Result<std::unique_ptr<View<Rows>>> make_rows_view(DatabaseImpl& database, Query query) {
  // One order for every delivery, however a row came into the result.
  if (query.order.empty() && !query.statement) query.order.push_back(asc("id"));
  CONVOY_CHECK_OK(check(database, query));
  CONVOY_TRY(auto view, live::WindowView::make(database.tables(), query));
  if (view) return view;
  CONVOY_TRY(auto tables, tables_of(database, query));
  view = std::make_unique<RerunView<Rows>>(
      std::move(tables),
      [&database, query = std::move(query)](sql::Connection& connection, const Rows& before) {
        return live::read_rows(connection, database.tables(), query, before);
      });
  return view;
}

Result<std::unique_ptr<View<std::int64_t>>> make_count_view(DatabaseImpl& database, Query query) {
  CONVOY_CHECK_OK(check(database, query));
  CONVOY_TRY(auto view, live::CountView::make(database.tables(), query));
  if (view) return view;
  CONVOY_TRY(auto tables, tables_of(database, query));
  view = std::make_unique<RerunView<std::int64_t>>(
      std::move(tables),
      [&database, query = std::move(query)](sql::Connection& connection, std::int64_t /*before*/) {
        return store::ConnectionReader(connection, database.tables()).count(query);
      });
  return view;
}

}  // namespace

Subscription::Subscription() noexcept = default;

Subscription::Subscription(std::shared_ptr<live::Interest> interest) noexcept
    : interest_(std::move(interest)) {}

Subscription::Subscription(Subscription&& other) noexcept = default;

Subscription& Subscription::operator=(Subscription&& other) noexcept {
  if (this == &other) return *this;
  stop();
  interest_ = std::move(other.interest_);
  return *this;
}

Subscription::~Subscription() { stop(); }

void Subscription::stop() noexcept {
  // The callback that is destroyed here may own this object.
  if (const auto interest = std::exchange(interest_, nullptr)) interest->stop();
}

Result<Subscription> observe(Database& database, Query query,
                             std::function<void(const Result<LiveRows>&)> on_change,
                             LiveOptions options) {
  CONVOY_TRY(auto view, make_rows_view(database.impl(), std::move(query)));
  return subscribe<Rows>(database.impl(), std::move(view), live::RowsConsumer(std::move(on_change)),
                         options);
}

Result<Subscription> observe_count(Database& database, Query query,
                                   std::function<void(const Result<std::int64_t>&)> on_change,
                                   LiveOptions options) {
  CONVOY_TRY(auto view, make_count_view(database.impl(), std::move(query)));
  return subscribe<std::int64_t>(database.impl(), std::move(view),
                                 live::ValueConsumer<std::int64_t>(std::move(on_change)), options);
}

Result<Subscription> observe_record(Database& database, std::string table, std::string id,
                                    std::function<void(const Result<RecordPointer>&)> on_change,
                                    LiveOptions options) {
  auto& impl = database.impl();
  CONVOY_TRY(const auto* info, impl.tables().require(table));
  auto view = std::make_unique<live::RecordView>(*info, std::move(id));
  return subscribe<RecordPointer>(
      impl, std::move(view), live::ValueConsumer<RecordPointer>(std::move(on_change)), options);
}

Result<Subscription> observe_parent(Database& database, std::string table, std::string id,
                                    std::string column,
                                    std::function<void(const Result<RecordPointer>&)> on_change,
                                    LiveOptions options) {
  auto& impl = database.impl();
  CONVOY_TRY(const auto* info, impl.tables().require(table));
  const auto index = info->column_index(column);
  if (!index) return schema::unknown_column(*info->table, column);
  if (info->references[*index] == nullptr) {
    return Error{.code = ErrorCode::InvalidQuery,
                 .message = table + "." + column + " refers to no table",
                 .hint = "Give the schema's column its `references`."};
  }
  auto view = std::make_unique<live::ParentView>(*info, std::move(id), *index);
  return subscribe<RecordPointer>(
      impl, std::move(view), live::ValueConsumer<RecordPointer>(std::move(on_change)), options);
}

Result<Subscription> observe_select(Database& database, std::string sql, std::vector<Value> args,
                                    std::function<void(const Result<RawRows>&)> on_change,
                                    LiveOptions options) {
  auto& impl = database.impl();
  const auto check = [&](sql::Connection& connection) -> Result<std::set<std::string>> {
    CONVOY_TRY(const auto checked, store::prepare_select(connection, sql, args));
    CONVOY_TRY(const auto names, connection.tables_read(sql));
    return with_searched(impl, names);
  };
  CONVOY_TRY(auto tables, impl.read(check));
  auto view = std::make_unique<RerunView<RawRows>>(
      std::move(tables), [&impl, sql = std::move(sql), args = std::move(args)](
                             sql::Connection& connection, const RawRows& /*before*/) {
        return store::ConnectionReader(connection, impl.tables()).select(sql, args);
      });
  return subscribe<RawRows>(impl, std::move(view),
                            live::ValueConsumer<RawRows>(std::move(on_change)), options);
}

Status look_for_commits(Database& database) {
  const auto looked = database.impl().look_for_foreign_commits();
  if (!looked.ok()) return looked.error();
  return ok_status();
}

}  // namespace convoy
