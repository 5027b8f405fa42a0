// Opening and closing, several reads of one state, local values.
#include "convoy/database.h"

#include <array>
#include <memory>

#include "base/json.h"
#include "base/uuid.h"
#include "bindings/c/call.h"
#include "convoy/system.h"
#include "schema/schema_json.h"
#include "schema/suggest.h"
#include "store/record_json.h"

using convoy::Error;
using convoy::ErrorCode;
using convoy::ok_status;
using convoy::Result;
using convoy::Status;
using convoy::c::Call;
using convoy::c::text_argument;

namespace {

Error invalid(std::string message) {
  return {.code = ErrorCode::InvalidArgument, .message = std::move(message)};
}

Status read_option(const std::string& name, const convoy::base::Json& json,
                   convoy::DatabaseOptions& options) {
  using Place = std::pair<std::string_view, std::string*>;
  const std::array<Place, 3> places{
      Place{"path", &options.path}, {"project", &options.project}, {"user", &options.user}};
  for (const auto& [known, place] : places) {
    if (name != known) continue;
    if (json.string() == nullptr) return invalid("options." + name + " must be text");
    *place = *json.string();
    return ok_status();
  }
  return invalid("options." + name + " is no option");
}

Result<convoy::DatabaseOptions> read_options(std::string_view text) {
  CONVOY_TRY(const auto json, convoy::store::parse_argument(text, "options"));
  if (json.object() == nullptr) return invalid("options must be an object");
  convoy::DatabaseOptions options;
  for (const auto& [name, value] : *json.object()) {
    CONVOY_CHECK_OK(read_option(name, value, options));
  }
  if (options.path.empty()) return invalid("options.path is missing");
  return options;
}

}  // namespace

convoy_status convoy_database_open(const char* schema, size_t schema_size, const char* options,
                                   size_t options_size, convoy_executor* background,
                                   convoy_database** database, convoy_error** error) {
  return Call(error).result(database, "the place for the database").run([&]() -> Status {
    CONVOY_TRY(const auto schema_text, text_argument(schema, schema_size, "the schema"));
    CONVOY_TRY(const auto options_text, text_argument(options, options_size, "options"));
    CONVOY_TRY(auto document, convoy::schema::parse_schema(schema_text));
    CONVOY_TRY(auto chosen, read_options(options_text));
    chosen.schema = std::move(document.schema);
    chosen.migrations = std::move(document.migrations);
    chosen.clock = &convoy::system_clock();
    chosen.random = &convoy::system_random();
    chosen.background = background;
    CONVOY_TRY(auto opened, convoy::Database::open(std::move(chosen)));
    *database = new convoy_database(std::move(opened));
    return ok_status();
  });
}

void convoy_database_close(convoy_database* database) { delete database; }

convoy_status convoy_new_id(convoy_database* database, const char* table, size_t table_size,
                            convoy_text** id, convoy_error** error) {
  return Call(error)
      .result(id, "the place for the id")
      .argument(database, "the database")
      .run([&]() -> Status {
        CONVOY_TRY(const auto name, text_argument(table, table_size, "the table"));
        const auto& schema = database->database.schema();
        const auto* found = schema.find_table(name);
        if (found == nullptr) return convoy::schema::unknown_table(schema, name);
        auto& random = convoy::system_random();
        *id =
            convoy::c::new_text(found->ids == convoy::IdKind::Uuid
                                    ? convoy::base::uuid_v7(convoy::system_clock().now_ms(), random)
                                    : convoy::base::random_id(random));
        return ok_status();
      });
}

convoy_status convoy_read(convoy_database* database, convoy_read_function read, void* user,
                          convoy_error** error) {
  return Call(error)
      .argument(database, "the database")
      .argument(read, "the function to read")
      .run([&]() -> Status {
        std::optional<Error> noted;
        return database->database.read([&](convoy::Reader& reader) -> Status {
          convoy_reader handle{
              .reader = &reader, .schema = &database->database.schema(), .failure = &noted};
          return convoy::c::verdict(read(&handle, user), noted);
        });
      });
}

convoy_status convoy_local_get(convoy_database* database, const char* key, size_t key_size,
                               convoy_text** value, convoy_error** error) {
  return Call(error)
      .result(value, "the place for the value")
      .argument(database, "the database")
      .run([&]() -> Status {
        CONVOY_TRY(const auto name, text_argument(key, key_size, "the key"));
        CONVOY_TRY(auto found, database->database.local_value(name));
        if (found) *value = convoy::c::new_text(*std::move(found));
        return ok_status();
      });
}

convoy_status convoy_local_set(convoy_database* database, const char* key, size_t key_size,
                               const char* value, size_t value_size, convoy_error** error) {
  return Call(error).argument(database, "the database").run([&]() -> Status {
    CONVOY_TRY(const auto name, text_argument(key, key_size, "the key"));
    CONVOY_TRY(const auto text, text_argument(value, value_size, "the value"));
    return database->database.set_local_value(name, text);
  });
}

convoy_status convoy_local_remove(convoy_database* database, const char* key, size_t key_size,
                                  convoy_error** error) {
  return Call(error).argument(database, "the database").run([&]() -> Status {
    CONVOY_TRY(const auto name, text_argument(key, key_size, "the key"));
    return database->database.remove_local_value(name);
  });
}
