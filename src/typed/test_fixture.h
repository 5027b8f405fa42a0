// test_fixture.h: a database with the schema of test/typed, for the tests.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "convoy/typed.h"
#include "live/test_support.h"
#include "sql/connection.h"
#include "store/test_support.h"
#include "typed/everything.h"

namespace convoy::typed::testing {

constexpr Time kNoon{std::chrono::microseconds{1'790'000'000'123'457}};

template <class T>
T must(Result<T> result) {
  if (result.ok()) return *std::move(result);
  ADD_FAILURE() << result.error().message;
  std::abort();
}

class Typed : public ::testing::Test {
 protected:
  explicit Typed(bool is_in_file = false) : db(open(is_in_file ? folder.file() : ":memory:")) {}

  // What a task needs, and a title.
  everything::NewTask new_task(const std::string& title) const {
    return {.milestone_id = milestone.id,
            .title = title,
            .status = "TODO",
            .rank = 1,
            .is_done = false,
            .starts_at = kNoon,
            .labels = "[]",
            .size = 0};
  }

  template <class N>
  typename N::Record created(const N& creation) {
    std::optional<typename N::Record> record;
    CONVOY_EXPECT_OK(db.write([&](Writer& writer) -> Status {
      CONVOY_TRY(record, create(writer, creation));
      return ok_status();
    }));
    return record.value();
  }

  template <class P>
  Result<typename P::Record> updated(const std::string& id, const P& patch) {
    std::optional<typename P::Record> record;
    const Status written = db.write([&](Writer& writer) -> Status {
      CONVOY_TRY(record, update(writer, id, patch));
      return ok_status();
    });
    CONVOY_CHECK_OK(written);
    return *record;
  }

  everything::Task again(const everything::Task& task) {
    return must(find<everything::Task>(db, task.id)).value();
  }

  Database open(const std::string& path) {
    auto options = fixture.options(path, everything::schema());
    options.background = &background;
    return must(Database::open(std::move(options)));
  }

  store::testing::Fixture fixture;
  live::testing::ManualExecutor background;
  store::testing::TemporaryFolder folder;
  Database db;
  everything::Milestone milestone = created(everything::NewMilestone{.name = "Beta"});
};

}  // namespace convoy::typed::testing
