// handles.h: what stands behind the opaque types of convoy.h.
#pragma once

#include <convoy.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "bindings/c/database_reader.h"
#include "convoy/database.h"
#include "convoy/executor.h"
#include "convoy/result.h"

struct convoy_error {
  convoy::Error error;
};

struct convoy_text {
  std::string bytes;
};

// Thread-safety: thread-safe, as the function it calls.
struct convoy_executor final : convoy::Executor {
  convoy_executor(convoy_post function, void* user) : post_(function), user_(user) {}

  void post(std::function<void()> work) override;

 private:
  convoy_post post_;
  void* user_;
};

struct convoy_reader {
  convoy::Reader* reader = nullptr;
  const convoy::Schema* schema = nullptr;
  // Of a database's own reader, to make several reads see one state; else null.
  convoy::Database* database = nullptr;
  // The last error within a read or write, which ends with it; else null.
  std::optional<convoy::Error>* failure = nullptr;
};

struct convoy_writer {
  convoy::Writer* writer = nullptr;
  convoy_reader reader;
};

struct convoy_database {
  explicit convoy_database(convoy::Database opened)
      : database(std::move(opened)),
        own_reader(database),
        reader{.reader = &own_reader, .schema = &database.schema(), .database = &database} {}

  convoy_database(const convoy_database&) = delete;
  convoy_database& operator=(const convoy_database&) = delete;

  convoy::Database database;
  convoy::c::DatabaseReader own_reader;
  convoy_reader reader;
};

// Names of columns are copied: rows may outlive the database's schema.
struct convoy_rows {
  std::vector<std::string> columns;
  std::variant<std::vector<convoy::Record>, std::vector<std::vector<convoy::Value>>> rows;
  std::size_t next = 0;  // One more than the row it stands on.
};

struct convoy_fields {
  convoy::Fields fields;
};
