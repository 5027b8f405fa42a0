#include "convoy/database.h"

#include <cmath>

#include "store/database_impl.h"
#include "store/local_storage.h"
#include "store/reader.h"
#include "store/writer.h"

namespace convoy {
namespace {

// One call of a reader, on the state of its moment.
template <class Call>
auto reading(DatabaseImpl& impl, const Call& call) -> decltype(call(std::declval<Reader&>())) {
  return impl.read_briefly([&](sql::Connection& connection) {
    store::ConnectionReader reader(connection, impl.tables());
    return call(reader);
  });
}

}  // namespace

const Value& Record::get(std::string_view column) const {
  static const Value null_value;
  for (std::size_t i = 0; table != nullptr && i < values.size(); ++i) {
    if (table->columns[i].name == column) return values[i];
  }
  return null_value;
}

std::string_view Record::text(std::string_view column) const {
  const auto* text = std::get_if<std::string>(&get(column));
  return text == nullptr ? std::string_view() : std::string_view(*text);
}

std::optional<bool> Record::boolean(std::string_view column) const {
  const auto* boolean = std::get_if<bool>(&get(column));
  return boolean == nullptr ? std::nullopt : std::optional(*boolean);
}

std::optional<std::chrono::sys_time<std::chrono::microseconds>> Record::time(
    std::string_view column) const {
  // Beyond these the microseconds would not fit; the bounds lie far outside of the years 1 to 9999.
  constexpr double kBoundMs = 9e15;
  const auto ms = number(column);
  if (!ms || !(*ms > -kBoundMs && *ms < kBoundMs)) return std::nullopt;
  return std::chrono::sys_time<std::chrono::microseconds>(
      std::chrono::microseconds(std::llround(*ms * 1000)));
}

std::optional<double> Record::number(std::string_view column) const {
  const auto* number = std::get_if<double>(&get(column));
  return number == nullptr ? std::nullopt : std::optional(*number);
}

Database::Database(std::unique_ptr<DatabaseImpl> impl) : impl_(std::move(impl)) {}

Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Result<Database> Database::open(DatabaseOptions options) {
  CONVOY_TRY(auto impl, DatabaseImpl::open(std::move(options)));
  return Database(std::move(impl));
}

const Schema& Database::schema() const { return impl_->schema(); }

Result<std::optional<Record>> Database::find(std::string_view table, std::string_view id) {
  return reading(*impl_, [&](Reader& reader) { return reader.find(table, id); });
}

Result<std::vector<Record>> Database::fetch(const Query& query) {
  return reading(*impl_, [&](Reader& reader) { return reader.fetch(query); });
}

Result<std::vector<std::string>> Database::fetch_ids(const Query& query) {
  return reading(*impl_, [&](Reader& reader) { return reader.fetch_ids(query); });
}

Result<std::int64_t> Database::count(const Query& query) {
  return reading(*impl_, [&](Reader& reader) { return reader.count(query); });
}

Result<RawRows> Database::select(std::string_view sql, std::span<const Value> args) {
  return reading(*impl_, [&](Reader& reader) { return reader.select(sql, args); });
}

Result<Explanation> Database::explain(const Query& query) {
  return reading(*impl_, [&](Reader& reader) { return reader.explain(query); });
}

Result<std::vector<std::optional<Record>>> Database::parents(std::span<const Record> records,
                                                             std::string_view column) {
  return reading(*impl_, [&](Reader& reader) { return reader.parents(records, column); });
}

Result<std::vector<std::vector<Record>>> Database::children(std::span<const Record> records,
                                                            std::string_view table,
                                                            std::string_view column) {
  return reading(*impl_, [&](Reader& reader) { return reader.children(records, table, column); });
}

Status Database::read(const std::function<Status(Reader&)>& work) {
  return impl_->read_state([&](sql::Connection& connection) -> Status {
    store::ConnectionReader reader(connection, impl_->tables());
    return work(reader);
  });
}

Status Database::write(const std::function<Status(Writer&)>& work) {
  return impl_->write([&](sql::Connection& connection) -> Status {
    store::TransactionWriter writer(connection, impl_->tables(), impl_->clock(), impl_->random());
    CONVOY_CHECK_OK(work(writer));
    return writer.finish();
  });
}

Result<std::optional<std::string>> Database::local_value(std::string_view key) {
  return impl_->read(
      [&](sql::Connection& connection) { return store::read_local(connection, key); });
}

Status Database::set_local_value(std::string_view key, std::string_view value) {
  CONVOY_CHECK_OK(store::check_local_key(key));
  return impl_->write(
      [&](sql::Connection& connection) { return store::write_local(connection, key, value); });
}

Status Database::remove_local_value(std::string_view key) {
  CONVOY_CHECK_OK(store::check_local_key(key));
  return impl_->write(
      [&](sql::Connection& connection) { return store::remove_local(connection, key); });
}

}  // namespace convoy
