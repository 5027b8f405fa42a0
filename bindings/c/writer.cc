// Writing, with fields and records as JSON.
#include "bindings/c/call.h"
#include "schema/suggest.h"
#include "store/batch.h"
#include "store/record_json.h"

using convoy::Fields;
using convoy::ok_status;
using convoy::Record;
using convoy::Result;
using convoy::Status;
using convoy::Table;
using convoy::Writer;
using convoy::c::Call;
using convoy::c::text_argument;

namespace {

Result<const Table*> table_argument(const convoy_writer& writer, const char* data, size_t size) {
  CONVOY_TRY(const auto name, text_argument(data, size, "the table"));
  const auto* table = writer.reader.schema->find_table(name);
  if (table == nullptr) return convoy::schema::unknown_table(*writer.reader.schema, name);
  return table;
}

Result<Fields> fields_argument(const Table& table, const char* data, size_t size) {
  CONVOY_TRY(const auto text, text_argument(data, size, "fields"));
  if (text.data() == nullptr) return Fields{};
  CONVOY_TRY(const auto json, convoy::store::parse_argument(text, "fields"));
  return convoy::store::fields_from_json(table, json);
}

void hand_out(convoy_text** place, const Record& record) {
  if (place != nullptr) *place = convoy::c::new_text(convoy::store::to_json(record));
}

Result<std::string> run_all(convoy::Database& database,
                            std::vector<convoy::store::Operation> operations) {
  std::string results;
  const auto work = [&](Writer& writer) -> Status {
    CONVOY_TRY(results, convoy::store::run_batch(writer, std::move(operations)));
    return ok_status();
  };
  CONVOY_CHECK_OK(database.write(work));
  return results;
}

// convoy_mark_deleted and convoy_erase.
using Removal = Result<int64_t> (Writer::*)(std::string_view, std::string_view);

convoy_status remove(Removal removal, convoy_writer* writer, const char* table, size_t table_size,
                     const char* id, size_t id_size, int64_t* count, convoy_error** error) {
  return Call(error).optional_result(count).writer(writer).run([&]() -> Status {
    CONVOY_TRY(const auto name, text_argument(table, table_size, "the table"));
    CONVOY_TRY(const auto key, text_argument(id, id_size, "the id"));
    CONVOY_TRY(const auto removed, (writer->writer->*removal)(name, key));
    if (count != nullptr) *count = removed;
    return ok_status();
  });
}

}  // namespace

convoy_status convoy_write(convoy_database* database, convoy_write_function write, void* user,
                           convoy_error** error) {
  return Call(error)
      .argument(database, "the database")
      .argument(write, "the function to write")
      .run([&]() -> Status {
        std::optional<convoy::Error> noted;
        return database->database.write([&](Writer& writer) -> Status {
          convoy_writer handle{
              .writer = &writer,
              .reader = {
                  .reader = &writer, .schema = &database->database.schema(), .failure = &noted}};
          return convoy::c::verdict(write(&handle, user), noted);
        });
      });
}

convoy_reader* convoy_writer_reader(convoy_writer* writer) {
  return writer == nullptr ? nullptr : &writer->reader;
}

convoy_status convoy_create(convoy_writer* writer, const char* table, size_t table_size,
                            const char* id, size_t id_size, const char* fields, size_t fields_size,
                            convoy_text** record, convoy_error** error) {
  return Call(error).optional_result(record).writer(writer).run([&]() -> Status {
    CONVOY_TRY(const auto* found, table_argument(*writer, table, table_size));
    CONVOY_TRY(const auto key, text_argument(id, id_size, "the id"));
    CONVOY_TRY(auto values, fields_argument(*found, fields, fields_size));
    CONVOY_TRY(const auto created,
               writer->writer->create(found->name, std::move(values), std::string(key)));
    hand_out(record, created);
    return ok_status();
  });
}

convoy_status convoy_update(convoy_writer* writer, const char* table, size_t table_size,
                            const char* id, size_t id_size, const char* fields, size_t fields_size,
                            convoy_text** record, convoy_error** error) {
  return Call(error).optional_result(record).writer(writer).run([&]() -> Status {
    CONVOY_TRY(const auto* found, table_argument(*writer, table, table_size));
    CONVOY_TRY(const auto key, text_argument(id, id_size, "the id"));
    CONVOY_TRY(auto values, fields_argument(*found, fields, fields_size));
    CONVOY_TRY(const auto updated, writer->writer->update(found->name, key, std::move(values)));
    hand_out(record, updated);
    return ok_status();
  });
}

convoy_status convoy_mark_deleted(convoy_writer* writer, const char* table, size_t table_size,
                                  const char* id, size_t id_size, int64_t* count,
                                  convoy_error** error) {
  return remove(&Writer::mark_deleted, writer, table, table_size, id, id_size, count, error);
}

convoy_status convoy_erase(convoy_writer* writer, const char* table, size_t table_size,
                           const char* id, size_t id_size, int64_t* count, convoy_error** error) {
  return remove(&Writer::erase, writer, table, table_size, id, id_size, count, error);
}

convoy_status convoy_load(convoy_writer* writer, const char* table, size_t table_size,
                          const char* rows, size_t rows_size, int64_t* count,
                          convoy_error** error) {
  return Call(error).optional_result(count).writer(writer).run([&]() -> Status {
    CONVOY_TRY(const auto* found, table_argument(*writer, table, table_size));
    CONVOY_TRY(const auto text, text_argument(rows, rows_size, "rows"));
    CONVOY_TRY(const auto json, convoy::store::parse_argument(text, "rows"));
    CONVOY_TRY(const auto parsed, convoy::store::rows_from_json(*found, json));
    CONVOY_TRY(const auto loaded, writer->writer->load(found->name, parsed.columns, parsed.rows));
    if (count != nullptr) *count = loaded;
    return ok_status();
  });
}

convoy_status convoy_write_batch(convoy_database* database, const char* operations,
                                 size_t operations_size, convoy_text** results,
                                 convoy_error** error) {
  return Call(error)
      .optional_result(results)
      .argument(database, "the database")
      .run([&]() -> Status {
        CONVOY_TRY(const auto text, text_argument(operations, operations_size, "operations"));
        CONVOY_TRY(auto parsed, convoy::store::parse_batch(database->database.schema(), text));
        CONVOY_TRY(auto done, run_all(database->database, std::move(parsed)));
        if (results != nullptr) *results = convoy::c::new_text(std::move(done));
        return ok_status();
      });
}
