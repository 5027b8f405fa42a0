// The public face of the outbox: looking into it, and what people can do with what is in it.
#include "convoy/outbox.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/json.h"
#include "schema/sanitise.h"
#include "schema/suggest.h"
#include "schema/wire.h"
#include "store/database_impl.h"
#include "store/mutation_text.h"
#include "store/outbox_writer.h"
#include "store/parking.h"
#include "store/queue_reader.h"
#include "store/write_history.h"

namespace convoy {
namespace {

using base::Json;
using sql::Connection;
using store::MutationState;
using store::Overlay;
using store::QueuedMutation;
using Numbers = Result<std::vector<std::int64_t>>;

std::string name_of(std::int64_t number) { return "mutation " + std::to_string(number); }

Result<QueuedMutation> require(Connection& connection, std::int64_t number) {
  CONVOY_TRY(auto found, store::read_mutation(connection, number));
  if (found) return *std::move(found);
  return Error{.code = ErrorCode::NotFound,
               .message = "there is no " + name_of(number) + " in the outbox",
               .hint = "It may have been confirmed, or become part of the one before it."};
}

Error wrong_state(const QueuedMutation& mutation, const std::string& wanted, std::string hint) {
  return {.code = ErrorCode::InvalidState,
          .message = name_of(mutation.seq) + " is " + std::string(store::name_of(mutation.state)) +
                     ", not " + wanted,
          .hint = std::move(hint)};
}

// As it is in the text if that can't be read.
Json operations_json(const std::string& body) {
  auto text = base::parse_json(body);
  if (!text.ok()) return body;
  const auto* list = text->find("ops");
  return list == nullptr ? *std::move(text) : *list;
}

QueueEntry to_entry(QueuedMutation mutation) {
  return {.number = mutation.seq,
          .state = std::string(store::name_of(mutation.state)),
          .created_at_ms = mutation.created_at_ms,
          .attempts = mutation.attempts,
          .operations = operations_json(mutation.body).dump(),
          .code = std::move(mutation.code),
          .message = std::move(mutation.message),
          .table = std::move(mutation.table),
          .id = std::move(mutation.id),
          .depends_on = mutation.depends_on,
          .dependents = {}};
}

std::string to_line(const QueuedMutation& mutation) {
  Json line;
  line.set("number", mutation.seq);
  line.set("state", std::string(store::name_of(mutation.state)));
  line.set("uid", mutation.uid);
  line.set("mid", mutation.mid);
  line.set("hlc", std::to_string(mutation.hlc));
  line.set("created_at_ms", mutation.created_at_ms);
  line.set("attempts", mutation.attempts);
  line.set("code", mutation.code);
  line.set("message", mutation.message);
  line.set("operations", operations_json(mutation.body));
  return line.dump();
}

Numbers retry_all(Connection& connection, DatabaseImpl& impl, std::int64_t number) {
  CONVOY_TRY(const auto mutation, require(connection, number));
  if (mutation.state != MutationState::Parked) {
    return wrong_state(mutation, "parked", "It is sent by itself.");
  }
  CONVOY_TRY(const auto need, store::parked_need(connection, number));
  if (need) {
    return Error{.code = ErrorCode::InvalidState,
                 .message = name_of(number) + " needs a record that " + name_of(*need) +
                            " would make, which is parked itself",
                 .hint = "Retry that one: this one goes with it."};
  }
  CONVOY_TRY(auto numbers, store::parked_with(connection, number));
  Overlay overlay(connection, impl.tables());
  std::vector<Overlay::RowKey> stale;
  for (const auto one : numbers) {
    CONVOY_CHECK_OK(store::unpark(connection, overlay, impl.random(), one, stale));
  }
  CONVOY_CHECK_OK(overlay.rebase_all(stale));
  return numbers;
}

Numbers discard_all(Connection& connection, DatabaseImpl& impl, std::int64_t number) {
  CONVOY_TRY(const auto mutation, require(connection, number));
  if (mutation.state != MutationState::Parked && mutation.state != MutationState::Pending) {
    return wrong_state(mutation, "pending or parked",
                       "The server has it, or is about to: write the records anew instead.");
  }
  CONVOY_TRY(auto numbers, store::dependents_of(connection, impl.tables(), number));
  numbers.insert(std::ranges::lower_bound(numbers, number), number);
  Overlay overlay(connection, impl.tables());
  std::vector<Overlay::RowKey> stale;
  for (const auto one : numbers) {
    CONVOY_CHECK_OK(
        store::erase_mutation(connection, overlay, one,
                              {.how = store::kDiscarded, .at_ms = impl.clock().now_ms()}, stale));
  }
  CONVOY_CHECK_OK(overlay.rebase_all(stale));
  return numbers;
}

Numbers undo_one(Connection& connection, DatabaseImpl& impl, std::int64_t number) {
  CONVOY_TRY(const auto mutation, require(connection, number));
  if (mutation.state != MutationState::Pending) {
    return wrong_state(mutation, "pending",
                       mutation.state == MutationState::Parked
                           ? "Its effect is undone already; discard it to forget it."
                           : "The server has it, or is about to: write the records anew instead.");
  }
  return discard_all(connection, impl, number);
}

// The wire values of `fields`, by column.
Result<Json::Object> check_fields(const Table& table, Fields fields) {
  Json::Object values;
  for (auto& [name, value] : fields) {
    const auto* column = table.find_column(name);
    if (column == nullptr) return schema::unknown_column(table, name);
    CONVOY_TRY(const auto fitting, schema::check_value(table, *column, std::move(value)));
    values.emplace_back(name, schema::to_wire(*column, fitting));
  }
  return values;
}

// False: no operation of the text sets values of the record.
bool set_values(Json& text, std::string_view table, std::string_view id,
                const Json::Object& values) {
  auto* operations = store::operations_in(text);
  if (operations == nullptr) return false;
  for (auto at = operations->rbegin(); at != operations->rend(); ++at) {
    auto* given = store::members_of(*at, "values");
    if (!store::concerns(*at, table, id) || given == nullptr) continue;
    for (const auto& [name, value] : values) {
      const auto found = std::ranges::find(*given, name, &Json::Member::first);
      if (found == given->end()) {
        given->emplace_back(name, value);
      } else {
        found->second = value;
      }
    }
    return true;
  }
  return false;
}

// The text with the new values; nothing if it has none of the record.
std::optional<std::string> edited(const std::string& text, std::string_view table,
                                  std::string_view id, const Json::Object& values) {
  auto json = base::parse_json(text);
  if (!json.ok() || !set_values(*json, table, id, values)) return std::nullopt;
  return json->dump();
}

Status edit_text(Connection& connection, const QueuedMutation& mutation, const Table& table,
                 std::string_view id, const Json::Object& values) {
  const auto body = edited(mutation.body, table.name, id, values);
  if (!body) {
    return Error{.code = ErrorCode::NotFound,
                 .message = name_of(mutation.seq) + " sets no values of \"" + std::string(id) +
                            "\" in " + table.name,
                 .hint = ""};
  }
  CONVOY_CHECK_OK(store::check_mutation_size(*body));
  std::optional<std::string> replay;
  {
    CONVOY_TRY(auto select, connection.prepare("select replay from convoy_mutation where seq = ? "
                                               "and replay is not null"));
    CONVOY_TRY(const bool found, select.bind_integer(1, mutation.seq).step());
    if (found) replay = edited(select.text(0), table.name, id, values);
  }
  CONVOY_TRY(auto update,
             connection.prepare("update convoy_mutation set body = ?, replay = coalesce(?, replay) "
                                "where seq = ?"));
  update.bind_text(1, std::string_view(*body)).bind_null(2).bind_integer(3, mutation.seq);
  if (replay) update.bind_text(2, std::string_view(*replay));
  return update.run();
}

}  // namespace

Result<std::vector<QueueEntry>> Outbox::list() {
  using Entries = Result<std::vector<QueueEntry>>;
  auto& impl = database_->impl();
  return impl.read_state([&](Connection& connection) -> Entries {
    CONVOY_TRY(auto mutations, store::read_queue(connection));
    std::vector<QueueEntry> entries;
    entries.reserve(mutations.size());
    for (auto& mutation : mutations) {
      const bool is_parked = mutation.state == MutationState::Parked;
      auto& entry = entries.emplace_back(to_entry(std::move(mutation)));
      if (!is_parked) continue;
      CONVOY_TRY(entry.dependents, store::dependents_of(connection, impl.tables(), entry.number));
    }
    return entries;
  });
}

Result<QueueEntry> Outbox::find(std::int64_t number) {
  auto& impl = database_->impl();
  return impl.read_state([&](Connection& connection) -> Result<QueueEntry> {
    CONVOY_TRY(auto mutation, require(connection, number));
    auto entry = to_entry(std::move(mutation));
    CONVOY_TRY(entry.dependents, store::dependents_of(connection, impl.tables(), number));
    return entry;
  });
}

Result<WriteStory> Outbox::story(std::int64_t number) {
  CONVOY_TRY(auto found, database_->impl().read_state([&](Connection& connection) {
    return store::read_story(connection, number);
  }));
  if (found) return *std::move(found);
  return Error{.code = ErrorCode::NotFound,
               .message = "nothing is known of " + name_of(number),
               .hint = "Numbers are those of `convoy queue`; old ones are forgotten."};
}

Numbers Outbox::retry(std::int64_t number) {
  auto& impl = database_->impl();
  return impl.write([&](Connection& connection) { return retry_all(connection, impl, number); });
}

Numbers Outbox::edit(std::int64_t number, std::string_view table, std::string_view id,
                     Fields fields) {
  auto& impl = database_->impl();
  return impl.write([&](Connection& connection) -> Numbers {
    CONVOY_TRY(const auto mutation, require(connection, number));
    if (mutation.state != MutationState::Parked) {
      return wrong_state(mutation, "parked", "Write the record to change it.");
    }
    CONVOY_TRY(const auto* info, impl.tables().require(table));
    CONVOY_TRY(const auto values, check_fields(*info->table, std::move(fields)));
    CONVOY_CHECK_OK(edit_text(connection, mutation, *info->table, id, values));
    return retry_all(connection, impl, number);
  });
}

Numbers Outbox::dependents(std::int64_t number) {
  auto& impl = database_->impl();
  return impl.read_state([&](Connection& connection) -> Numbers {
    CONVOY_TRY(const auto mutation, require(connection, number));
    return store::dependents_of(connection, impl.tables(), mutation.seq);
  });
}

Numbers Outbox::discard(std::int64_t number) {
  auto& impl = database_->impl();
  return impl.write([&](Connection& connection) { return discard_all(connection, impl, number); });
}

Numbers Outbox::undo(std::int64_t number) {
  auto& impl = database_->impl();
  return impl.write([&](Connection& connection) { return undo_one(connection, impl, number); });
}

Numbers Outbox::undo_last() {
  auto& impl = database_->impl();
  return impl.write([&](Connection& connection) -> Numbers {
    std::int64_t number = 0;
    {
      CONVOY_TRY(auto select, connection.prepare("select seq from convoy_mutation where state = ? "
                                                 "order by seq desc limit 1"));
      select.bind_integer(1, static_cast<std::int64_t>(MutationState::Pending));
      CONVOY_TRY(const bool found, select.step());
      if (found) number = select.integer(0);
    }
    if (number != 0) return undo_one(connection, impl, number);
    return Error{.code = ErrorCode::NotFound,
                 .message = "there is nothing to undo: no write waits to be sent",
                 .hint = ""};
  });
}

Status Outbox::export_lines(const std::function<Status(std::string_view line)>& write) {
  CONVOY_TRY(const auto mutations, database_->impl().read(store::read_queue));
  for (const auto& mutation : mutations) CONVOY_CHECK_OK(write(to_line(mutation)));
  return ok_status();
}

}  // namespace convoy
