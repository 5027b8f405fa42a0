// What waits to be sent, what was refused, and what met others' writes.
#include <utility>

#include "bindings/c/call.h"
#include "convoy/conflicts.h"
#include "convoy/outbox.h"
#include "schema/suggest.h"
#include "store/record_json.h"

using convoy::ConflictFilter;
using convoy::ConflictLog;
using convoy::ConflictState;
using convoy::Error;
using convoy::ErrorCode;
using convoy::ok_status;
using convoy::Outbox;
using convoy::Resolution;
using convoy::Result;
using convoy::Status;
using convoy::Value;
using convoy::base::Json;
using convoy::c::Call;
using convoy::c::text_argument;

namespace {

using Numbers = Result<std::vector<std::int64_t>>;

template <class Entry>
std::string list_of(const std::vector<Entry>& entries) {
  std::string text;
  for (const auto& entry : entries) {
    text += text.empty() ? "[" : ",";
    text += to_json(entry);
  }
  return text.empty() ? "[]" : text + "]";
}

std::string list_of(const std::vector<std::int64_t>& numbers) {
  Json::Array all;
  for (const auto number : numbers) all.emplace_back(number);
  return Json(std::move(all)).dump();
}

Error wrong(std::string_view what) {
  return {.code = ErrorCode::InvalidArgument, .message = std::string(what)};
}

// Something that is told by numbers.
template <class Work>
convoy_status with_numbers(convoy_database* database, convoy_text** numbers, convoy_error** error,
                           const Work& work) {
  return Call(error)
      .optional_result(numbers)
      .argument(database, "the database")
      .run([&]() -> Status {
        Outbox outbox(database->database);
        CONVOY_TRY(const auto done, work(outbox));
        if (numbers != nullptr) *numbers = convoy::c::new_text(list_of(done));
        return ok_status();
      });
}

Result<std::optional<ConflictState>> state_argument(const Json& json) {
  for (const auto state : {ConflictState::Open, ConflictState::Settled, ConflictState::Resolved}) {
    if (json.string() != nullptr && *json.string() == to_string(state)) return std::optional(state);
  }
  return wrong("the filter's state is not open, settled or resolved");
}

Result<ConflictFilter> filter_argument(const char* data, size_t size) {
  ConflictFilter filter;
  CONVOY_TRY(const auto text, text_argument(data, size, "the filter"));
  if (text.data() == nullptr) return filter;
  CONVOY_TRY(const auto json, convoy::store::parse_argument(text, "the filter"));
  if (json.object() == nullptr) return wrong("the filter is not an object");
  for (const auto& [name, value] : *json.object()) {
    if (name == "state") {
      CONVOY_TRY(filter.state, state_argument(value));
      continue;
    }
    if ((name != "table" && name != "id") || value.string() == nullptr) {
      return wrong("the filter has a member \"" + name + "\" that can't be read");
    }
    (name == "table" ? filter.table : filter.id) = *value.string();
  }
  return filter;
}

// Taken as convoy_update takes it.
Result<Value> value_for(convoy_database& database, std::int64_t number, const Json& json) {
  CONVOY_TRY(const auto conflict, ConflictLog(database.database).find(number));
  const auto& schema = database.database.schema();
  const auto* table = schema.find_table(conflict.table);
  if (table == nullptr) return convoy::schema::unknown_table(schema, conflict.table);
  const auto* column = table->find_column(conflict.column);
  if (column == nullptr) return convoy::schema::unknown_column(*table, conflict.column);
  return convoy::store::value_from_json(*table, *column, json);
}

Status resolve(convoy_database& database, std::int64_t number, const Json& choice) {
  ConflictLog log(database.database);
  const auto* members = choice.object();
  if (members == nullptr || members->size() != 1) return wrong("the choice has not one member");
  const auto& [name, value] = members->front();
  if (name == "value") {
    CONVOY_TRY(auto chosen, value_for(database, number, value));
    return log.resolve(number, std::move(chosen));
  }
  const auto* side = name == "take" ? value.string() : nullptr;
  if (side != nullptr && *side == "mine") return log.resolve(number, Resolution::Mine);
  if (side != nullptr && *side == "theirs") return log.resolve(number, Resolution::Theirs);
  return wrong("the choice is not {\"take\": \"mine\"}, {\"take\": \"theirs\"} or {\"value\": …}");
}

}  // namespace

convoy_status convoy_outbox_list(convoy_database* database, convoy_text** entries,
                                 convoy_error** error) {
  return Call(error)
      .result(entries, "the place for the entries")
      .argument(database, "the database")
      .run([&]() -> Status {
        CONVOY_TRY(const auto found, Outbox(database->database).list());
        *entries = convoy::c::new_text(list_of(found));
        return ok_status();
      });
}

convoy_status convoy_outbox_find(convoy_database* database, int64_t number, convoy_text** entry,
                                 convoy_error** error) {
  return Call(error)
      .result(entry, "the place for the entry")
      .argument(database, "the database")
      .run([&]() -> Status {
        CONVOY_TRY(const auto found, Outbox(database->database).find(number));
        *entry = convoy::c::new_text(to_json(found));
        return ok_status();
      });
}

convoy_status convoy_outbox_story(convoy_database* database, int64_t number, convoy_text** story,
                                  convoy_error** error) {
  return Call(error)
      .result(story, "the place for the story")
      .argument(database, "the database")
      .run([&]() -> Status {
        CONVOY_TRY(const auto found, Outbox(database->database).story(number));
        *story = convoy::c::new_text(to_json(found));
        return ok_status();
      });
}

convoy_status convoy_outbox_retry(convoy_database* database, int64_t number, convoy_text** numbers,
                                  convoy_error** error) {
  return with_numbers(database, numbers, error,
                      [&](Outbox& outbox) { return outbox.retry(number); });
}

convoy_status convoy_outbox_edit(convoy_database* database, int64_t number, const char* table,
                                 size_t table_size, const char* id, size_t id_size,
                                 const char* fields, size_t fields_size, convoy_text** numbers,
                                 convoy_error** error) {
  return with_numbers(database, numbers, error, [&](Outbox& outbox) -> Numbers {
    CONVOY_TRY(const auto name, text_argument(table, table_size, "the table"));
    CONVOY_TRY(const auto key, text_argument(id, id_size, "the id"));
    CONVOY_TRY(const auto text, text_argument(fields, fields_size, "fields"));
    const auto& schema = database->database.schema();
    const auto* found = schema.find_table(name);
    if (found == nullptr) return convoy::schema::unknown_table(schema, name);
    CONVOY_TRY(const auto json, convoy::store::parse_argument(text, "fields"));
    CONVOY_TRY(auto values, convoy::store::fields_from_json(*found, json));
    return outbox.edit(number, name, key, std::move(values));
  });
}

convoy_status convoy_outbox_discard(convoy_database* database, int64_t number,
                                    convoy_text** numbers, convoy_error** error) {
  return with_numbers(database, numbers, error,
                      [&](Outbox& outbox) { return outbox.discard(number); });
}

convoy_status convoy_outbox_undo(convoy_database* database, int64_t number, convoy_text** numbers,
                                 convoy_error** error) {
  return with_numbers(database, numbers, error, [&](Outbox& outbox) {
    return number == 0 ? outbox.undo_last() : outbox.undo(number);
  });
}

convoy_status convoy_conflicts_list(convoy_database* database, const char* filter,
                                    size_t filter_size, convoy_text** conflicts,
                                    convoy_error** error) {
  return Call(error)
      .result(conflicts, "the place for the conflicts")
      .argument(database, "the database")
      .run([&]() -> Status {
        CONVOY_TRY(const auto wanted, filter_argument(filter, filter_size));
        CONVOY_TRY(const auto found, ConflictLog(database->database).list(wanted));
        *conflicts = convoy::c::new_text(list_of(found));
        return ok_status();
      });
}

convoy_status convoy_conflicts_find(convoy_database* database, int64_t number,
                                    convoy_text** conflict, convoy_error** error) {
  return Call(error)
      .result(conflict, "the place for the conflict")
      .argument(database, "the database")
      .run([&]() -> Status {
        CONVOY_TRY(const auto found, ConflictLog(database->database).find(number));
        *conflict = convoy::c::new_text(to_json(found));
        return ok_status();
      });
}

convoy_status convoy_conflicts_resolve(convoy_database* database, int64_t number,
                                       const char* choice, size_t choice_size,
                                       convoy_error** error) {
  return Call(error).argument(database, "the database").run([&]() -> Status {
    CONVOY_TRY(const auto text, text_argument(choice, choice_size, "the choice"));
    CONVOY_TRY(const auto json, convoy::store::parse_argument(text, "the choice"));
    return resolve(*database, number, json);
  });
}

convoy_status convoy_record_state(convoy_database* database, const char* table, size_t table_size,
                                  const char* id, size_t id_size, convoy_text** state,
                                  convoy_error** error) {
  return Call(error)
      .result(state, "the place for the state")
      .argument(database, "the database")
      .run([&]() -> Status {
        CONVOY_TRY(const auto name, text_argument(table, table_size, "the table"));
        CONVOY_TRY(const auto key, text_argument(id, id_size, "the id"));
        CONVOY_TRY(const auto found, database->database.record_state(name, key));
        *state = convoy::c::new_text(std::string(to_string(found)));
        return ok_status();
      });
}
