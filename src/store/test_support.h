// test_support.h: a small schema, a clock that stands still and files that go away, for the tests.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/environment.h"
#include "convoy/database.h"
#include "store/replica.h"

namespace convoy::store::testing {

class FakeClock final : public base::Clock {
 public:
  std::int64_t now_ms() override { return now; }

  std::int64_t now = 1'790'000'000'000;
};

// Repeatable: a linear congruential generator.
class FakeRandom final : public base::Random {
 public:
  explicit FakeRandom(std::uint64_t seed = 1) : state_(seed) {}

  void fill(std::span<std::uint8_t> bytes) override {
    for (auto& byte : bytes) {
      state_ = state_ * 6364136223846793005U + 1442695040888963407U;
      byte = static_cast<std::uint8_t>(state_ >> 56U);
    }
  }

 private:
  std::uint64_t state_;
};

// A folder of its own that goes with the object.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = std::filesystem::temp_directory_path() / "convoy-store-XXXXXX";
    path_ = ::mkdtemp(name.data());
  }

  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] std::string file(const std::string& name = "test.db") const {
    return path_ + "/" + name;
  }

 private:
  std::string path_;
};

// Projects have tasks, which go with them, and tasks may have a parent task, without which they
// stay.
inline Schema task_schema() {
  Column project{.name = "project_id"};
  project.references = Reference{.table = "projects", .on_delete = OnDelete::Cascade};
  project.is_indexed = true;
  Column parent{.name = "parent_id", .is_optional = true};
  parent.references = Reference{.table = "tasks", .on_delete = OnDelete::SetNull};
  Schema schema;
  schema.tables.push_back(
      {.name = "projects", .columns = {{.name = "name"}}, .ids = IdKind::Watermelon});
  schema.tables.push_back(
      {.name = "tasks",
       .columns = {project,
                   parent,
                   {.name = "title"},
                   {.name = "rank", .type = ColumnType::Number, .is_optional = true},
                   {.name = "done", .type = ColumnType::Boolean},
                   {.name = "details", .is_optional = true, .pg_type = PgType::Jsonb},
                   {.name = "updated_at",
                    .type = ColumnType::Number,
                    .pg_type = PgType::Timestamptz}},
       .ids = IdKind::Watermelon});
  return schema;
}

struct Fixture {
  FakeClock clock;
  FakeRandom random;

  DatabaseOptions options(const std::string& path = ":memory:", Schema schema = task_schema()) {
    return {.path = path,
            .schema = std::move(schema),
            .project = "",
            .user = "",
            .clock = &clock,
            .random = &random};
  }

  Database open(const std::string& path = ":memory:", Schema schema = task_schema()) {
    auto database = Database::open(options(path, std::move(schema)));
    if (!database.ok()) {
      ADD_FAILURE() << database.error().message;
      std::abort();
    }
    return *std::move(database);
  }
};

inline std::string message_of(const Status& status) {
  return status.ok() ? "" : status.error().message;
}

template <class T>
ErrorCode code_of(const Result<T>& result) {
  return result.ok() ? ErrorCode{} : result.error().code;
}

#define CONVOY_ASSERT_OK(expression)                                    \
  do {                                                                  \
    const auto convoy_outcome = (expression);                           \
    ASSERT_TRUE(convoy_outcome.ok()) << convoy_outcome.error().message; \
  } while (false)

#define CONVOY_EXPECT_OK(expression)                                    \
  do {                                                                  \
    const auto convoy_outcome = (expression);                           \
    EXPECT_TRUE(convoy_outcome.ok()) << convoy_outcome.error().message; \
  } while (false)

// The bodies in the outbox, oldest first.
inline std::vector<std::string> bodies(Database& database) {
  std::vector<std::string> result;
  const auto queue = Replica(database).queue();
  for (const auto& mutation : *queue) result.push_back(mutation.body);
  return result;
}

// One scope, with the rows of one table put into it.
inline schema::PageCommit page_of(const std::string& scope, std::int64_t generation,
                                  const std::string& table, std::vector<std::string> columns,
                                  std::vector<std::string> ids,
                                  std::vector<base::Json::Array> rows) {
  schema::PageCommit page;
  page.scopes_saved.push_back({.id = scope,
                               .visibility = "v",
                               .base = "1:1:",
                               .backfill_after = std::nullopt,
                               .generation = generation});
  page.changes.push_back({.table = table,
                          .scope = scope,
                          .columns = std::move(columns),
                          .ids = std::move(ids),
                          .rows = std::move(rows),
                          .gone = {}});
  return page;
}

}  // namespace convoy::store::testing
