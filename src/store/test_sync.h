// test_sync.h: a database with some confirmed projects, and the steps of a sync, for tests.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "convoy/conflicts.h"
#include "convoy/outbox.h"
#include "store/test_support.h"

namespace convoy::store::testing {

inline constexpr std::size_t kManyBytes = 1 << 20;

struct SyncTest : ::testing::Test {
  static schema::PageCommit projects(std::vector<std::string> ids, const std::string& name) {
    std::vector<base::Json::Array> rows(ids.size(), base::Json::Array{base::Json(name)});
    return page_of("s", 1, "projects", {"name"}, std::move(ids), std::move(rows));
  }

  static schema::PageCommit gone(const std::string& id) {
    auto page = projects({}, "");
    page.changes[0].gone.push_back(id);
    return page;
  }

  // What the server says of both tables.
  static schema::PageCommit rules(const std::string& conflict, const std::string& on_delete) {
    schema::PageCommit page;
    page.server_schema = schema::ServerSchema{.fingerprint = "f", .tables = {}};
    for (const char* table : {"projects", "tasks"}) {
      page.server_schema->tables.push_back(
          {.name = table, .id = "id", .conflict = conflict, .on_delete = on_delete, .columns = {}});
    }
    return page;
  }

  void write(const std::function<Status(Writer&)>& work) { CONVOY_ASSERT_OK(database.write(work)); }

  void rename(const std::string& id, const std::string& name) {
    write([&](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.update("projects", id, {{"name", name}}));
      return ok_status();
    });
  }

  void create(const std::string& id, const std::string& name) {
    write([&](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.create("projects", {{"name", name}}, id));
      return ok_status();
    });
  }

  void create_task(const std::string& id, const std::string& project) {
    write([&](Writer& writer) -> Status {
      CONVOY_CHECK_OK(writer.create("tasks", {{"project_id", project}, {"title", id}}, id));
      return ok_status();
    });
  }

  std::string name(const std::string& id) {
    const auto found = database.find("projects", id);
    return found.ok() && found->has_value() ? std::string((*found)->text("name")) : "(none)";
  }

  std::vector<schema::OutgoingMutation> prepare(std::size_t count = 50) {
    auto batch = replica.prepare_push(count, kManyBytes);
    EXPECT_TRUE(batch.ok()) << batch.error().message;
    return batch.ok() ? *std::move(batch) : std::vector<schema::OutgoingMutation>();
  }

  void answer(std::vector<schema::Outcome> outcomes) {
    CONVOY_ASSERT_OK(replica.apply_outcomes(outcomes));
  }

  static schema::Outcome refusal(std::int64_t mid, const std::string& code = "23514") {
    return {.mid = mid,
            .kind = schema::Outcome::Kind::Rejected,
            .conflicts = {},
            .code = code,
            .message = "no",
            .table = "projects",
            .id = "p"};
  }

  // A conflict of p's name.
  static schema::Conflict conflict(const std::string& client, const std::string& server,
                                   const std::string& rule, const std::string& kept = "server") {
    return {.table = "projects",
            .id = "p",
            .column = "name",
            .base = "Work",
            .client = client,
            .server = server,
            .kept = kept,
            .value = std::nullopt,
            .rule = rule,
            .reason = ""};
  }

  void pull(const schema::PageCommit& page) { CONVOY_ASSERT_OK(replica.apply_page(page)); }

  // Numbers and states of the outbox: "1 pending, 2 parked".
  std::string queue() {
    std::string text;
    const auto entries = outbox.list();
    EXPECT_TRUE(entries.ok()) << entries.error().message;
    for (const auto& entry : *entries) {
      text += (text.empty() ? "" : ", ") + std::to_string(entry.number) + " " + entry.state;
    }
    return text;
  }

  Fixture fixture;
  Database database = fixture.open();
  Replica replica{database};
  Outbox outbox{database};
  ConflictLog log{database};
};

}  // namespace convoy::store::testing
