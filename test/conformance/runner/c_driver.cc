// The C interface (bindings/c).
#include <chrono>
#include <memory>
#include <utility>

#include "conformance/runner/c_call.h"
#include "conformance/runner/c_observer.h"
#include "conformance/runner/cpp_observer.h"
#include "conformance/runner/driver.h"
#include "schema/schema_json.h"

namespace convoy::conformance {
namespace {

using base::Json;

// The ids of a JSON array of records, some of which may be null.
std::vector<std::optional<std::string>> ids_of(const Json& records) {
  std::vector<std::optional<std::string>> ids;
  for (const auto& record : *records.array()) {
    ids.push_back(record.is_null() ? std::nullopt : std::optional(*record.find("id")->string()));
  }
  return ids;
}

// Reads through a reader of the database or, in a transaction, of its writer.
template <class Base>
class CReading : public Base {
 public:
  Result<Rows> fetch(const std::string& query) override {
    return c::call_for_rows([&](convoy_rows** rows, convoy_error** error) {
      return convoy_fetch_rows(reader(), CONVOY_TEXT_ARGUMENT(query), rows, error);
    });
  }

  Result<std::vector<std::string>> fetch_ids(const std::string& query) override {
    CONVOY_TRY(const auto json, c::call_for_json([&](convoy_text** ids, convoy_error** error) {
                 return convoy_fetch_ids(reader(), CONVOY_TEXT_ARGUMENT(query), ids, error);
               }));
    std::vector<std::string> ids;
    for (const auto& id : *json.array()) ids.push_back(*id.string());
    return ids;
  }

  Result<std::int64_t> count(const std::string& query) override {
    return c::call_for_count([&](std::int64_t* count, convoy_error** error) {
      return convoy_count(reader(), CONVOY_TEXT_ARGUMENT(query), count, error);
    });
  }

  // As JSON, where fetch() goes through rows.
  Result<Rows> find(const std::string& table, const std::string& id) override {
    CONVOY_TRY(const auto text, c::call_for_text([&](convoy_text** record, convoy_error** error) {
                 return convoy_find(reader(), CONVOY_TEXT_ARGUMENT(table), CONVOY_TEXT_ARGUMENT(id),
                                    record, error);
               }));
    Rows rows;
    if (!text) return rows;
    CONVOY_TRY(const auto json, base::parse_json(*text));
    c::add_record(schema().find_table(table), json, rows);
    return rows;
  }

  Result<Rows> select(const std::string& sql, std::span<const Value> args) override {
    const auto json = c::to_json(args);
    return c::call_for_rows([&](convoy_rows** rows, convoy_error** error) {
      return convoy_select_rows(reader(), CONVOY_TEXT_ARGUMENT(sql), CONVOY_TEXT_ARGUMENT(json),
                                rows, error);
    });
  }

  Result<bool> is_maintained(const std::string& query) override {
    CONVOY_TRY(const auto json, c::call_for_json([&](convoy_text** text, convoy_error** error) {
                 return convoy_explain(reader(), CONVOY_TEXT_ARGUMENT(query), text, error);
               }));
    return *json.find("maintained")->boolean();
  }

  Result<std::vector<std::optional<std::string>>> parents(const std::string& table,
                                                          const std::vector<std::string>& ids,
                                                          const std::string& column) override {
    const auto given = c::to_json(ids);
    CONVOY_TRY(const auto json, c::call_for_json([&](convoy_text** text, convoy_error** error) {
                 return convoy_parents(reader(), CONVOY_TEXT_ARGUMENT(table),
                                       CONVOY_TEXT_ARGUMENT(given), CONVOY_TEXT_ARGUMENT(column),
                                       text, error);
               }));
    return ids_of(json);
  }

  Result<std::vector<std::vector<std::string>>> children(const std::string& of,
                                                         const std::vector<std::string>& ids,
                                                         const std::string& table,
                                                         const std::string& column) override {
    const auto given = c::to_json(ids);
    CONVOY_TRY(const auto json, c::call_for_json([&](convoy_text** text, convoy_error** error) {
                 return convoy_children(reader(), CONVOY_TEXT_ARGUMENT(of),
                                        CONVOY_TEXT_ARGUMENT(given), CONVOY_TEXT_ARGUMENT(table),
                                        CONVOY_TEXT_ARGUMENT(column), text, error);
               }));
    std::vector<std::vector<std::string>> lists;
    for (const auto& records : *json.array()) {
      auto& list = lists.emplace_back();
      for (const auto& id : ids_of(records)) list.push_back(id.value_or(""));
    }
    return lists;
  }

 protected:
  virtual convoy_reader* reader() = 0;
  virtual const Schema& schema() = 0;
};

using OwnedFields = std::unique_ptr<convoy_fields, void (*)(convoy_fields*)>;

Result<OwnedFields> to_fields(const Fields& given) {
  convoy_fields* raw = nullptr;
  CONVOY_CHECK_OK(c::call([&](convoy_error** error) { return convoy_fields_create(&raw, error); }));
  OwnedFields fields(raw, convoy_fields_free);
  for (const auto& [name, value] : given) {
    const auto set = [&](convoy_error** error) {
      if (const auto* text = std::get_if<std::string>(&value)) {
        return convoy_fields_set_text(raw, CONVOY_TEXT_ARGUMENT(name), CONVOY_TEXT_ARGUMENT(*text),
                                      error);
      }
      if (const auto* number = std::get_if<double>(&value)) {
        return convoy_fields_set_number(raw, CONVOY_TEXT_ARGUMENT(name), *number, error);
      }
      if (const auto* boolean = std::get_if<bool>(&value)) {
        return convoy_fields_set_boolean(raw, CONVOY_TEXT_ARGUMENT(name), *boolean ? 1 : 0, error);
      }
      return convoy_fields_set_null(raw, CONVOY_TEXT_ARGUMENT(name), error);
    };
    CONVOY_CHECK_OK(c::call(set));
  }
  return fields;
}

class CWriting final : public CReading<Writing> {
 public:
  CWriting(convoy_writer* writer, const Schema& schema) : writer_(writer), schema_(&schema) {}

  Result<Rows> create(const std::string& table, const Fields& fields,
                      const std::string& id) override {
    CONVOY_TRY(const auto given, to_fields(fields));
    return c::call_for_rows([&](convoy_rows** row, convoy_error** error) {
      return convoy_create_row(writer_, CONVOY_TEXT_ARGUMENT(table), CONVOY_TEXT_ARGUMENT(id),
                               given.get(), row, error);
    });
  }

  Result<Rows> update(const std::string& table, const std::string& id,
                      const Fields& fields) override {
    CONVOY_TRY(const auto given, to_fields(fields));
    return c::call_for_rows([&](convoy_rows** row, convoy_error** error) {
      return convoy_update_row(writer_, CONVOY_TEXT_ARGUMENT(table), CONVOY_TEXT_ARGUMENT(id),
                               given.get(), row, error);
    });
  }

  Result<std::int64_t> mark_deleted(const std::string& table, const std::string& id) override {
    return c::call_for_count([&](std::int64_t* count, convoy_error** error) {
      return convoy_mark_deleted(writer_, CONVOY_TEXT_ARGUMENT(table), CONVOY_TEXT_ARGUMENT(id),
                                 count, error);
    });
  }

  Result<std::int64_t> erase(const std::string& table, const std::string& id) override {
    return c::call_for_count([&](std::int64_t* count, convoy_error** error) {
      return convoy_erase(writer_, CONVOY_TEXT_ARGUMENT(table), CONVOY_TEXT_ARGUMENT(id), count,
                          error);
    });
  }

  Result<std::int64_t> load(const std::string& table, const std::vector<std::string>& columns,
                            const std::vector<std::vector<Value>>& rows) override {
    std::string json = R"({"columns":)" + c::to_json(columns) + R"(,"rows":[)";
    for (std::size_t i = 0; i < rows.size(); ++i) {
      json += (i == 0 ? "" : ",") + c::to_json(rows[i]);
    }
    json += "]}";
    return c::call_for_count([&](std::int64_t* count, convoy_error** error) {
      return convoy_load(writer_, CONVOY_TEXT_ARGUMENT(table), CONVOY_TEXT_ARGUMENT(json), count,
                         error);
    });
  }

 private:
  convoy_reader* reader() override { return convoy_writer_reader(writer_); }

  const Schema& schema() override { return *schema_; }

  convoy_writer* writer_;
  const Schema* schema_;
};

// A transaction's function and how it ended.
struct Work {
  const std::function<Status(Writing&)>* function;
  const Schema* schema;
  Status outcome = ok_status();
};

convoy_status run_work(convoy_writer* writer, void* user) {
  auto& work = *static_cast<Work*>(user);
  CWriting writing(writer, *work.schema);
  work.outcome = (*work.function)(writing);
  return work.outcome.ok() ? CONVOY_OK : static_cast<convoy_status>(work.outcome.error().code);
}

// Hands the work of a C executor to one that waits until it is told.
void post_to(void (*work)(void*), void* argument, void* user) {
  static_cast<ManualExecutor*>(user)->post([work, argument] { work(argument); });
}

class CDriver final : public CReading<Driver> {
 public:
  CDriver() { convoy_executor_create(post_to, &queue_, &executor_, nullptr); }

  ~CDriver() override {
    CDriver::close();
    queue_.run();
    convoy_executor_free(executor_);
  }

  CDriver(const CDriver&) = delete;
  CDriver& operator=(const CDriver&) = delete;

  Status open(const std::string& path, const std::string& schema, bool /*resets*/) override {
    close();
    const auto options = Json(Json::Object{{"path", path}}).dump();
    CONVOY_CHECK_OK(c::call([&](convoy_error** error) {
      return convoy_database_open(CONVOY_TEXT_ARGUMENT(schema), CONVOY_TEXT_ARGUMENT(options),
                                  executor_, &database_, error);
    }));
    CONVOY_TRY(auto document, schema::parse_schema(schema));
    schema_ = std::move(document.schema);
    return ok_status();
  }

  [[nodiscard]] bool can_reset() const override { return false; }

  void close() override { convoy_database_close(std::exchange(database_, nullptr)); }

  Status write(const std::function<Status(Writing&)>& function) override {
    Work work{.function = &function, .schema = &schema_};
    auto status = c::call(
        [&](convoy_error** error) { return convoy_write(database_, run_work, &work, error); });
    if (work.outcome.ok() || status.ok()) return status;
    // What was told of the transaction's end must be what its function ended with.
    return status.error().code == work.outcome.error().code ? work.outcome : status;
  }

  Result<std::optional<std::string>> local_value(const std::string& key) override {
    return c::call_for_text([&](convoy_text** value, convoy_error** error) {
      return convoy_local_get(database_, CONVOY_TEXT_ARGUMENT(key), value, error);
    });
  }

  Status set_local_value(const std::string& key, const std::string& value) override {
    return c::call([&](convoy_error** error) {
      return convoy_local_set(database_, CONVOY_TEXT_ARGUMENT(key), CONVOY_TEXT_ARGUMENT(value),
                              error);
    });
  }

  Status remove_local_value(const std::string& key) override {
    return c::call([&](convoy_error** error) {
      return convoy_local_remove(database_, CONVOY_TEXT_ARGUMENT(key), error);
    });
  }

  Result<std::unique_ptr<Observer>> observe(const Read& read) override {
    return c::observe(database_, schema_, read);
  }

  void settle() override { queue_.run(); }

  double now_ms() override {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<double>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
  }

 private:
  convoy_reader* reader() override { return convoy_database_reader(database_); }

  const Schema& schema() override { return schema_; }

  ManualExecutor queue_;
  convoy_executor* executor_ = nullptr;
  convoy_database* database_ = nullptr;
  Schema schema_;
};

}  // namespace

std::unique_ptr<Driver> make_c_driver() { return std::make_unique<CDriver>(); }

}  // namespace convoy::conformance
