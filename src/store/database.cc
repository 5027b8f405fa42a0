#include "convoy/database.h"

#include "query/compile.h"
#include "store/database_impl.h"
#include "store/rows.h"
#include "store/writer.h"

namespace convoy {

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
  CONVOY_TRY(const auto* info, impl_->tables().require(table));
  return impl_->read(
      [&](sql::Connection& connection) { return store::find_record(connection, *info, id); });
}

Result<std::vector<Record>> Database::fetch(const Query& query) {
  CONVOY_TRY(const auto* info, impl_->tables().require(query.table));
  return impl_->read([&](sql::Connection& connection) {
    return store::fetch_records(connection, *info->table, query);
  });
}

Result<std::int64_t> Database::count(const Query& query) {
  CONVOY_TRY(const auto* info, impl_->tables().require(query.table));
  CONVOY_TRY(const auto compiled, query::compile(*info->table, query, query::Select::Count));
  return impl_->read([&](sql::Connection& connection) -> Result<std::int64_t> {
    CONVOY_TRY(auto statement, connection.prepare(compiled.sql));
    int at = 1;
    for (const auto& value : compiled.args) statement.bind(at++, value);
    CONVOY_TRY(const bool row, statement.step());
    return row ? statement.integer(0) : 0;
  });
}

Status Database::write(const std::function<Status(Writer&)>& work) {
  return impl_->write([&](sql::Connection& connection) -> Status {
    store::TransactionWriter writer(connection, impl_->tables(), impl_->clock(), impl_->random());
    CONVOY_CHECK_OK(work(writer));
    return writer.finish();
  });
}

}  // namespace convoy
