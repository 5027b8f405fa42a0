// convoy_file: Convoy's side of the tests against the real WatermelonDB. Reads a request from
// standard input and writes the reply to standard output, both JSON (test/compat/convoy_file.mjs).
//
//   convoy_file open       {"schema": …, "file": …}                  what the file holds
//   convoy_file write      {"schema": …, "file": …, "script": […]}   after it has been written to
//   convoy_file layout     {"schema": …}                             the SQL that makes its tables
//   convoy_file sanitise   {"schema": …, "values": […]}              each, for each column
#include <cmath>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "file_report.h"
#include "file_script.h"
#include "platform/posix/posix_clock.h"
#include "platform/posix/posix_random.h"
#include "request.h"
#include "schema/sanitise.h"
#include "store/layout.h"
#include "store/record_json.h"

namespace convoy::compat {
namespace {

using base::Json;

Result<Database> open(const Json& request) {
  static platform::PosixClock clock;
  static platform::PosixRandom random;
  CONVOY_TRY(auto document, schema_of(request));
  CONVOY_TRY(auto path, text_of(request, "file"));
  return Database::open({.path = std::move(path),
                         .schema = std::move(document.schema),
                         .project = {},
                         .user = {},
                         .clock = &clock,
                         .random = &random});
}

Result<Json> write(const Json& request) {
  CONVOY_TRY(auto database, open(request));
  CONVOY_TRY(const auto* script, array_of(request, "script"));
  CONVOY_CHECK_OK(run_script(database, *script));
  return report(database);
}

// JSON has no words for these numbers, and JavaScript has.
Result<Value> any_value_of(const Json& json) {
  if (const auto* object = json.object(); object != nullptr && object->size() == 1) {
    const auto* word = object->front().second.string();
    if (object->front().first == "number" && word != nullptr) {
      if (*word == "NaN") return Value(std::nan(""));
      const double infinity = std::numeric_limits<double>::infinity();
      return Value(*word == "-Infinity" ? -infinity : infinity);
    }
  }
  return store::value_from_json(json);
}

Result<Json> sanitise(const Json& request) {
  CONVOY_TRY(const auto document, schema_of(request));
  CONVOY_TRY(const auto* values, array_of(request, "values"));
  Json::Array results;
  for (const auto& json : *values) {
    CONVOY_TRY(const auto value, any_value_of(json));
    Json::Array result;
    for (const auto& column : document.schema.tables.at(0).columns) {
      const auto sanitised = store::to_json(schema::sanitise(column, value));
      CONVOY_TRY(auto plain, base::parse_json(sanitised));
      result.push_back(std::move(plain));
    }
    results.emplace_back(std::move(result));
  }
  return Json(std::move(results));
}

Result<Json> answer(std::string_view command, const Json& request) {
  if (command == "layout") {
    CONVOY_TRY(const auto document, schema_of(request));
    return Json(store::user_tables_sql(document.schema));
  }
  if (command == "sanitise") return sanitise(request);
  if (command == "write") return write(request);
  CONVOY_TRY(auto database, open(request));
  return report(database);
}

int run(std::string_view command) {
  const std::string input(std::istreambuf_iterator<char>(std::cin), {});
  const auto request = base::parse_json(input);
  const auto reply = request.ok() ? answer(command, *request) : Result<Json>(request.error());
  if (reply.ok()) {
    std::cout << reply->dump() << '\n';
    return 0;
  }
  const auto& error = reply.error();
  const Json failure(Json::Object{{"error", std::string(to_string(error.code))},
                                  {"message", error.message},
                                  {"hint", error.hint}});
  std::cout << failure.dump() << '\n';
  return 1;
}

}  // namespace
}  // namespace convoy::compat

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("usage: convoy_file open|write|layout|sanitise < request.json\n", stderr);
    return 2;
  }
  return convoy::compat::run(arguments[1]);
}
