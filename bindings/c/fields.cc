// Fields without JSON, and writes that take them.
#include "bindings/c/call.h"
#include "bindings/c/rows.h"

using convoy::Fields;
using convoy::ok_status;
using convoy::Record;
using convoy::Status;
using convoy::Value;
using convoy::c::Call;
using convoy::c::text_argument;

namespace {

Status set(convoy_fields& fields, const char* column, size_t column_size, Value value) {
  CONVOY_TRY(const auto name, text_argument(column, column_size, "the column"));
  fields.fields.emplace_back(name, std::move(value));
  return ok_status();
}

convoy_status set_value(convoy_fields* fields, const char* column, size_t column_size, Value value,
                        convoy_error** error) {
  return Call(error).argument(fields, "the fields").run([&]() -> Status {
    return set(*fields, column, column_size, std::move(value));
  });
}

void hand_out(convoy_rows** place, Record record) {
  if (place == nullptr) return;
  const auto& table = *record.table;
  std::vector<Record> records;
  records.push_back(std::move(record));
  *place = convoy::c::new_rows(table, std::move(records));
}

}  // namespace

convoy_status convoy_fields_create(convoy_fields** fields, convoy_error** error) {
  return Call(error).result(fields, "the place for the fields").run([&]() -> Status {
    *fields = new convoy_fields;
    return ok_status();
  });
}

void convoy_fields_free(convoy_fields* fields) { delete fields; }

convoy_status convoy_fields_set_null(convoy_fields* fields, const char* column, size_t column_size,
                                     convoy_error** error) {
  return set_value(fields, column, column_size, convoy::Null{}, error);
}

convoy_status convoy_fields_set_boolean(convoy_fields* fields, const char* column,
                                        size_t column_size, int32_t value, convoy_error** error) {
  return set_value(fields, column, column_size, value != 0, error);
}

convoy_status convoy_fields_set_number(convoy_fields* fields, const char* column,
                                       size_t column_size, double value, convoy_error** error) {
  return set_value(fields, column, column_size, value, error);
}

convoy_status convoy_fields_set_text(convoy_fields* fields, const char* column, size_t column_size,
                                     const char* value, size_t value_size, convoy_error** error) {
  return Call(error).argument(fields, "the fields").run([&]() -> Status {
    CONVOY_TRY(const auto text, text_argument(value, value_size, "the value"));
    return set(*fields, column, column_size, std::string(text));
  });
}

convoy_status convoy_create_row(convoy_writer* writer, const char* table, size_t table_size,
                                const char* id, size_t id_size, const convoy_fields* fields,
                                convoy_rows** row, convoy_error** error) {
  return Call(error).optional_result(row).writer(writer).run([&]() -> Status {
    CONVOY_TRY(const auto name, text_argument(table, table_size, "the table"));
    CONVOY_TRY(const auto key, text_argument(id, id_size, "the id"));
    CONVOY_TRY(auto created,
               writer->writer->create(name, fields == nullptr ? Fields{} : fields->fields,
                                      std::string(key)));
    hand_out(row, std::move(created));
    return ok_status();
  });
}

convoy_status convoy_update_row(convoy_writer* writer, const char* table, size_t table_size,
                                const char* id, size_t id_size, const convoy_fields* fields,
                                convoy_rows** row, convoy_error** error) {
  return Call(error)
      .optional_result(row)
      .writer(writer)
      .argument(fields, "the fields")
      .run([&]() -> Status {
        CONVOY_TRY(const auto name, text_argument(table, table_size, "the table"));
        CONVOY_TRY(const auto key, text_argument(id, id_size, "the id"));
        CONVOY_TRY(auto updated, writer->writer->update(name, key, fields->fields));
        hand_out(row, std::move(updated));
        return ok_status();
      });
}
