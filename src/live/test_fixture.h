// test_fixture.h: a database whose live queries are worked out when the test says so.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "convoy/live.h"
#include "live/test_support.h"
#include "store/test_support.h"

namespace convoy::live::testing {

struct LiveTest : ::testing::Test {
  std::unique_ptr<Database> open(const std::string& path = ":memory:") {
    auto options = fixture.options(path);
    options.background = &background;
    return std::make_unique<Database>(*Database::open(std::move(options)));
  }

  void write(const std::function<Status(Writer&)>& work) {
    CONVOY_EXPECT_OK(database->write(work));
  }

  void create(const std::string& id, Fields fields = {}) {
    write([&](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.create("tasks", fields, id));
      return ok_status();
    });
  }

  void update(const std::string& id, const Fields& fields, const std::string& table = "tasks") {
    write([&](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.update(table, id, fields));
      return ok_status();
    });
  }

  void remove(const std::string& id, const std::string& table = "tasks") {
    write([&](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.mark_deleted(table, id));
      return ok_status();
    });
  }

  // Has the first result delivered.
  Subscription started(Result<Subscription> subscription) {
    if (!subscription.ok()) {
      ADD_FAILURE() << subscription.error().message;
      return {};
    }
    background.run();
    return *std::move(subscription);
  }

  Subscription watch(const Query& query, Watcher<LiveRows>& watcher, LiveOptions options = {}) {
    return started(observe(*database, query, watcher.callback(), options));
  }

  Subscription watch_count(const Query& query, Watcher<std::int64_t>& watcher) {
    return started(observe_count(*database, query, watcher.callback()));
  }

  store::testing::Fixture fixture;
  ManualExecutor background;
  store::testing::TemporaryFolder folder;
  std::unique_ptr<Database> database = open();
};

}  // namespace convoy::live::testing
