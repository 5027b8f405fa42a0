// Live queries.
#include "convoy/live.h"

#include "bindings/c/call.h"
#include "live/live_json.h"
#include "store/record_json.h"

using convoy::ok_status;
using convoy::Result;
using convoy::Status;
using convoy::Subscription;
using convoy::c::Call;
using convoy::c::text_argument;

struct convoy_subscription {
  Subscription subscription;
};

namespace {

// What the caller wants to be called, and with what.
struct Watcher {
  convoy_on_change on_change = nullptr;
  void* user = nullptr;

  void tell(const std::string& json) const { on_change(json.data(), json.size(), nullptr, user); }

  void tell(const convoy::Error& error) const {
    const convoy_error handle{error};
    on_change(nullptr, 0, &handle, user);
  }
};

// A function for the C++ API, which writes each result with `to_json`.
template <class T, class ToJson>
std::function<void(const Result<T>&)> callback(Watcher watcher, ToJson to_json) {
  return [watcher, to_json](const Result<T>& now) {
    if (now.ok()) {
      watcher.tell(to_json(*now));
    } else {
      watcher.tell(now.error());
    }
  };
}

template <class T>
std::function<void(const Result<T>&)> callback(Watcher watcher) {
  return callback<T>(watcher, [](const T& now) { return convoy::store::to_json(now); });
}

// What all have in common; `observe` makes the subscription.
template <class Observe>
convoy_status subscribe(convoy_database* database, const Watcher& watcher,
                        convoy_subscription** subscription, convoy_error** error,
                        const Observe& observe) {
  return Call(error)
      .result(subscription, "the place for the subscription")
      .argument(database, "the database")
      .argument(watcher.on_change, "the function to call")
      .run([&]() -> Status {
        CONVOY_TRY(auto made, observe());
        *subscription = new convoy_subscription{std::move(made)};
        return ok_status();
      });
}

Result<convoy::live::LiveRowsForm> form_argument(int32_t form) {
  if (form == CONVOY_ALL_ROWS) return convoy::live::LiveRowsForm::AllRows;
  if (form == CONVOY_DIFFERENCES) return convoy::live::LiveRowsForm::Differences;
  return convoy::Error{.code = convoy::ErrorCode::InvalidArgument,
                       .message = "the form of the rows is none that there is"};
}

}  // namespace

convoy_status convoy_observe(convoy_database* database, const char* query, size_t query_size,
                             int32_t form, convoy_executor* deliver_on, convoy_on_change on_change,
                             void* user, convoy_subscription** subscription, convoy_error** error) {
  const Watcher watcher{on_change, user};
  return subscribe(database, watcher, subscription, error, [&]() -> Result<Subscription> {
    CONVOY_TRY(auto parsed, convoy::c::query_argument(query, query_size));
    CONVOY_TRY(const auto rows_form, form_argument(form));
    const auto to_json = [rows_form](const convoy::LiveRows& now) {
      return convoy::live::to_json(now, rows_form);
    };
    return observe(database->database, std::move(parsed),
                   callback<convoy::LiveRows>(watcher, to_json), {.deliver_on = deliver_on});
  });
}

convoy_status convoy_observe_count(convoy_database* database, const char* query, size_t query_size,
                                   convoy_executor* deliver_on, convoy_on_change on_change,
                                   void* user, convoy_subscription** subscription,
                                   convoy_error** error) {
  const Watcher watcher{on_change, user};
  return subscribe(database, watcher, subscription, error, [&]() -> Result<Subscription> {
    CONVOY_TRY(auto parsed, convoy::c::query_argument(query, query_size));
    const auto to_json = [](std::int64_t now) { return std::to_string(now); };
    return observe_count(database->database, std::move(parsed),
                         callback<std::int64_t>(watcher, to_json), {.deliver_on = deliver_on});
  });
}

convoy_status convoy_observe_record(convoy_database* database, const char* table, size_t table_size,
                                    const char* id, size_t id_size, convoy_executor* deliver_on,
                                    convoy_on_change on_change, void* user,
                                    convoy_subscription** subscription, convoy_error** error) {
  const Watcher watcher{on_change, user};
  return subscribe(database, watcher, subscription, error, [&]() -> Result<Subscription> {
    CONVOY_TRY(const auto name, text_argument(table, table_size, "the table"));
    CONVOY_TRY(const auto key, text_argument(id, id_size, "the id"));
    return observe_record(database->database, std::string(name), std::string(key),
                          callback<convoy::RecordPointer>(watcher), {.deliver_on = deliver_on});
  });
}

convoy_status convoy_observe_parent(convoy_database* database, const char* table, size_t table_size,
                                    const char* id, size_t id_size, const char* column,
                                    size_t column_size, convoy_executor* deliver_on,
                                    convoy_on_change on_change, void* user,
                                    convoy_subscription** subscription, convoy_error** error) {
  const Watcher watcher{on_change, user};
  return subscribe(database, watcher, subscription, error, [&]() -> Result<Subscription> {
    CONVOY_TRY(const auto name, text_argument(table, table_size, "the table"));
    CONVOY_TRY(const auto key, text_argument(id, id_size, "the id"));
    CONVOY_TRY(const auto through, text_argument(column, column_size, "the column"));
    return observe_parent(database->database, std::string(name), std::string(key),
                          std::string(through), callback<convoy::RecordPointer>(watcher),
                          {.deliver_on = deliver_on});
  });
}

convoy_status convoy_observe_select(convoy_database* database, const char* sql, size_t sql_size,
                                    const char* args, size_t args_size, convoy_executor* deliver_on,
                                    convoy_on_change on_change, void* user,
                                    convoy_subscription** subscription, convoy_error** error) {
  const Watcher watcher{on_change, user};
  return subscribe(database, watcher, subscription, error, [&]() -> Result<Subscription> {
    CONVOY_TRY(auto select, convoy::c::select_argument(sql, sql_size, args, args_size));
    return observe_select(database->database, std::string(select.sql), std::move(select.args),
                          callback<convoy::RawRows>(watcher), {.deliver_on = deliver_on});
  });
}

void convoy_subscription_stop(convoy_subscription* subscription) { delete subscription; }

convoy_status convoy_look_for_commits(convoy_database* database, convoy_error** error) {
  return Call(error).argument(database, "the database").run([&]() -> Status {
    return look_for_commits(database->database);
  });
}
