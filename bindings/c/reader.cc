// Reading, with results as JSON.
#include "bindings/c/call.h"
#include "bindings/c/relations.h"
#include "store/record_json.h"

using convoy::ok_status;
using convoy::Reader;
using convoy::Status;
using convoy::c::Call;
using convoy::c::query_argument;
using convoy::c::text_argument;

namespace {

template <class T>
void hand_out(convoy_text** place, const T& value) {
  *place = convoy::c::new_text(convoy::store::to_json(value));
}

// Several reads that must see one state.
Status with_one_state(convoy_reader& handle, const std::function<Status(Reader&)>& work) {
  return handle.database == nullptr ? work(*handle.reader) : handle.database->read(work);
}

convoy::Result<std::vector<std::string>> ids_argument(const char* data, size_t size) {
  CONVOY_TRY(const auto text, text_argument(data, size, "ids"));
  CONVOY_TRY(const auto json, convoy::store::parse_argument(text, "ids"));
  return convoy::store::texts_from_json(json, "ids");
}

}  // namespace

convoy_reader* convoy_database_reader(convoy_database* database) {
  return database == nullptr ? nullptr : &database->reader;
}

convoy_status convoy_find(convoy_reader* reader, const char* table, size_t table_size,
                          const char* id, size_t id_size, convoy_text** record,
                          convoy_error** error) {
  return Call(error).result(record, "the place for the record").reader(reader).run([&]() -> Status {
    CONVOY_TRY(const auto name, text_argument(table, table_size, "the table"));
    CONVOY_TRY(const auto key, text_argument(id, id_size, "the id"));
    CONVOY_TRY(const auto found, reader->reader->find(name, key));
    if (found) hand_out(record, *found);
    return ok_status();
  });
}

convoy_status convoy_fetch(convoy_reader* reader, const char* query, size_t query_size,
                           convoy_text** records, convoy_error** error) {
  return Call(error)
      .result(records, "the place for the records")
      .reader(reader)
      .run([&]() -> Status {
        CONVOY_TRY(const auto parsed, query_argument(query, query_size));
        CONVOY_TRY(const auto found, reader->reader->fetch(parsed));
        hand_out(records, found);
        return ok_status();
      });
}

convoy_status convoy_fetch_ids(convoy_reader* reader, const char* query, size_t query_size,
                               convoy_text** ids, convoy_error** error) {
  return Call(error).result(ids, "the place for the ids").reader(reader).run([&]() -> Status {
    CONVOY_TRY(const auto parsed, query_argument(query, query_size));
    CONVOY_TRY(const auto found, reader->reader->fetch_ids(parsed));
    hand_out(ids, found);
    return ok_status();
  });
}

convoy_status convoy_count(convoy_reader* reader, const char* query, size_t query_size,
                           int64_t* count, convoy_error** error) {
  return Call(error).result(count, "the place for the count").reader(reader).run([&]() -> Status {
    CONVOY_TRY(const auto parsed, query_argument(query, query_size));
    CONVOY_TRY(*count, reader->reader->count(parsed));
    return ok_status();
  });
}

convoy_status convoy_select(convoy_reader* reader, const char* sql, size_t sql_size,
                            const char* args, size_t args_size, convoy_text** rows,
                            convoy_error** error) {
  return Call(error).result(rows, "the place for the rows").reader(reader).run([&]() -> Status {
    CONVOY_TRY(const auto select, convoy::c::select_argument(sql, sql_size, args, args_size));
    CONVOY_TRY(const auto found, reader->reader->select(select.sql, select.args));
    hand_out(rows, found);
    return ok_status();
  });
}

convoy_status convoy_explain(convoy_reader* reader, const char* query, size_t query_size,
                             convoy_text** explanation, convoy_error** error) {
  return Call(error)
      .result(explanation, "the place for the explanation")
      .reader(reader)
      .run([&]() -> Status {
        CONVOY_TRY(const auto parsed, query_argument(query, query_size));
        CONVOY_TRY(const auto found, reader->reader->explain(parsed));
        hand_out(explanation, found);
        return ok_status();
      });
}

convoy_status convoy_parents(convoy_reader* reader, const char* table, size_t table_size,
                             const char* ids, size_t ids_size, const char* column,
                             size_t column_size, convoy_text** records, convoy_error** error) {
  return Call(error)
      .result(records, "the place for the records")
      .reader(reader)
      .run([&]() -> Status {
        CONVOY_TRY(const auto name, text_argument(table, table_size, "the table"));
        CONVOY_TRY(const auto keys, ids_argument(ids, ids_size));
        CONVOY_TRY(const auto through, text_argument(column, column_size, "the column"));
        return with_one_state(*reader, [&](Reader& state) -> Status {
          CONVOY_TRY(const auto found, convoy::c::parents_of(state, name, keys, through));
          hand_out(records, found);
          return ok_status();
        });
      });
}

convoy_status convoy_children(convoy_reader* reader, const char* table, size_t table_size,
                              const char* ids, size_t ids_size, const char* child_table,
                              size_t child_table_size, const char* column, size_t column_size,
                              convoy_text** records, convoy_error** error) {
  return Call(error)
      .result(records, "the place for the records")
      .reader(reader)
      .run([&]() -> Status {
        CONVOY_TRY(const auto name, text_argument(table, table_size, "the table"));
        CONVOY_TRY(const auto keys, ids_argument(ids, ids_size));
        CONVOY_TRY(const auto child, text_argument(child_table, child_table_size, "child_table"));
        CONVOY_TRY(const auto through, text_argument(column, column_size, "the column"));
        return with_one_state(*reader, [&](Reader& state) -> Status {
          CONVOY_TRY(const auto found, convoy::c::children_of(state, name, keys, child, through));
          hand_out(records, found);
          return ok_status();
        });
      });
}
