// The C++ API (include/convoy).
#include <memory>
#include <utility>

#include "base/environment.h"
#include "conformance/runner/cpp_observer.h"
#include "conformance/runner/driver.h"
#include "convoy/database.h"
#include "query/query_json.h"
#include "schema/schema_json.h"

namespace convoy::conformance {
namespace {

// Never stands still, so that two readings of it differ.
class TickingClock final : public base::Clock {
 public:
  std::int64_t now_ms() override { return ++now_; }

 private:
  std::int64_t now_ = 1'790'000'000'000;
};

// Repeatable: a linear congruential generator.
class RepeatableRandom final : public base::Random {
 public:
  void fill(std::span<std::uint8_t> bytes) override {
    for (auto& byte : bytes) {
      state_ = state_ * 6364136223846793005U + 1442695040888963407U;
      byte = static_cast<std::uint8_t>(state_ >> 56U);
    }
  }

 private:
  std::uint64_t state_ = 1;
};

// Reads through the database or, in a transaction, through its writer: both have these functions.
template <class Source, class Base>
class CppReading : public Base {
 public:
  Result<Rows> fetch(const std::string& query) override {
    CONVOY_TRY(const auto parsed, query::parse_query(query));
    CONVOY_TRY(const auto records, source().fetch(parsed));
    const auto* table = schema().find_table(parsed.table);
    Rows rows{.columns = table == nullptr ? std::vector<std::string>() : columns_of(*table),
              .rows = {}};
    rows.rows.reserve(records.size());
    for (const auto& record : records) rows.rows.push_back(to_row(record));
    return rows;
  }

  Result<std::vector<std::string>> fetch_ids(const std::string& query) override {
    CONVOY_TRY(const auto parsed, query::parse_query(query));
    return source().fetch_ids(parsed);
  }

  Result<std::int64_t> count(const std::string& query) override {
    CONVOY_TRY(const auto parsed, query::parse_query(query));
    return source().count(parsed);
  }

  Result<Rows> find(const std::string& table, const std::string& id) override {
    CONVOY_TRY(const auto record, source().find(table, id));
    return record ? to_rows(*record) : Rows{};
  }

  Result<Rows> select(const std::string& sql, std::span<const Value> args) override {
    CONVOY_TRY(auto rows, source().select(sql, args));
    return Rows{.columns = std::move(rows.columns), .rows = std::move(rows.rows)};
  }

  Result<bool> is_maintained(const std::string& query) override {
    CONVOY_TRY(const auto parsed, query::parse_query(query));
    CONVOY_TRY(const auto explanation, source().explain(parsed));
    return explanation.is_maintained;
  }

  Result<std::vector<std::optional<std::string>>> parents(const std::string& table,
                                                          const std::vector<std::string>& ids,
                                                          const std::string& column) override {
    CONVOY_TRY(const auto records, find_all(table, ids));
    CONVOY_TRY(const auto found, source().parents(records, column));
    std::vector<std::optional<std::string>> result;
    for (const auto& record : found) {
      result.push_back(record ? std::optional(record->id) : std::nullopt);
    }
    return result;
  }

  Result<std::vector<std::vector<std::string>>> children(const std::string& of,
                                                         const std::vector<std::string>& ids,
                                                         const std::string& table,
                                                         const std::string& column) override {
    CONVOY_TRY(const auto records, find_all(of, ids));
    CONVOY_TRY(const auto lists, source().children(records, table, column));
    std::vector<std::vector<std::string>> result;
    for (const auto& list : lists) {
      auto& found = result.emplace_back();
      for (const auto& record : list) found.push_back(record.id);
    }
    return result;
  }

 protected:
  virtual Source& source() = 0;
  virtual const Schema& schema() = 0;

 private:
  Result<std::vector<Record>> find_all(const std::string& table,
                                       const std::vector<std::string>& ids) {
    std::vector<Record> records;
    for (const auto& id : ids) {
      CONVOY_TRY(auto record, source().find(table, id));
      if (!record) {
        return Error{.code = ErrorCode::NotFound, .message = "there is no record " + id};
      }
      records.push_back(*std::move(record));
    }
    return records;
  }
};

class CppWriting final : public CppReading<Writer, Writing> {
 public:
  CppWriting(Writer& writer, const Schema& schema) : writer_(&writer), schema_(&schema) {}

  Result<Rows> create(const std::string& table, const Fields& fields,
                      const std::string& id) override {
    CONVOY_TRY(const auto record, writer_->create(table, fields, id));
    return to_rows(record);
  }

  Result<Rows> update(const std::string& table, const std::string& id,
                      const Fields& fields) override {
    CONVOY_TRY(const auto record, writer_->update(table, id, fields));
    return to_rows(record);
  }

  Result<std::int64_t> mark_deleted(const std::string& table, const std::string& id) override {
    return writer_->mark_deleted(table, id);
  }

  Result<std::int64_t> erase(const std::string& table, const std::string& id) override {
    return writer_->erase(table, id);
  }

  Result<std::int64_t> load(const std::string& table, const std::vector<std::string>& columns,
                            const std::vector<std::vector<Value>>& rows) override {
    return writer_->load(table, columns, rows);
  }

 private:
  Writer& source() override { return *writer_; }

  const Schema& schema() override { return *schema_; }

  Writer* writer_;
  const Schema* schema_;
};

class CppDriver final : public CppReading<Database, Driver> {
 public:
  Status open(const std::string& path, const std::string& schema, bool resets) override {
    close();
    CONVOY_TRY(auto document, schema::parse_schema(schema));
    CONVOY_TRY(auto database,
               Database::open({.path = path,
                               .schema = std::move(document.schema),
                               .migrations = std::move(document.migrations),
                               .on_missing_migration =
                                   resets ? MissingMigration::Reset : MissingMigration::Refuse,
                               .project = {},
                               .user = {},
                               .clock = &clock_,
                               .random = &random_,
                               .background = &executor_}));
    database_ = std::make_unique<Database>(std::move(database));
    return ok_status();
  }

  [[nodiscard]] bool can_reset() const override { return true; }

  void close() override { database_.reset(); }

  Status write(const std::function<Status(Writing&)>& work) override {
    return database_->write([&](Writer& writer) -> Status {
      CppWriting writing(writer, database_->schema());
      return work(writing);
    });
  }

  Result<std::optional<std::string>> local_value(const std::string& key) override {
    return database_->local_value(key);
  }

  Status set_local_value(const std::string& key, const std::string& value) override {
    return database_->set_local_value(key, value);
  }

  Status remove_local_value(const std::string& key) override {
    return database_->remove_local_value(key);
  }

  Result<std::unique_ptr<Observer>> observe(const Read& read) override {
    return conformance::observe(*database_, read);
  }

  void settle() override { executor_.run(); }

  double now_ms() override { return static_cast<double>(clock_.now_ms()); }

 private:
  Database& source() override { return *database_; }

  const Schema& schema() override { return database_->schema(); }

  TickingClock clock_;
  ManualExecutor executor_;
  RepeatableRandom random_;
  std::unique_ptr<Database> database_;
};

}  // namespace

std::unique_ptr<Driver> make_cpp_driver() { return std::make_unique<CppDriver>(); }

}  // namespace convoy::conformance
