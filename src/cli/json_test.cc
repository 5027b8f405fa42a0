// JSON for programs.
#include <gtest/gtest.h>

#include "cli/row_json.h"
#include "memory/schema.h"

namespace convoy::cli {
namespace {

TEST(RowJson, GivesEveryColumnInTheServersForm) {
  const auto schema = memory::memory_schema();
  const Record record{.table = schema.find_table("projects"),
                      .id = "p",
                      .status = "updated",
                      .changed = "name",
                      .values = {std::string("w"), std::string("Näme"), Null{}, std::string(""),
                                 std::string(R"({"db": ["pg"], "n": 1.10})"), std::string("ACTIVE"),
                                 1795344362952.027, 1795344362000.0}};
  EXPECT_EQ(to_json(record).dump(),
            R"({"id":"p","workspace_id":"w","name":"Näme","description":null,"overview":"",)"
            R"("tech_stack":{"db":["pg"],"n":1.10},"status":"ACTIVE",)"
            R"("created_at":"2026-11-22T10:46:02.952027+00:00",)"
            R"("updated_at":"2026-11-22T10:46:02+00:00","_status":"updated"})");
}

TEST(RowJson, KeepsEveryDigitOfLargeNumbers) {
  const Table table{.name = "t",
                    .columns = {{.name = "big", .pg_type = PgType::Bigint},
                                {.name = "exact", .pg_type = PgType::Numeric},
                                {.name = "odd", .pg_type = PgType::Numeric},
                                {.name = "list", .pg_type = PgType::Array},
                                {.name = "flag", .type = ColumnType::Boolean},
                                {.name = "half", .type = ColumnType::Number}}};
  const Record record{.table = &table,
                      .id = "1",
                      .status = "synced",
                      .values = {std::string("9223372036854775807"), std::string("1.10"),
                                 std::string("NaN"), std::string("[1,null]"), true, 0.5}};
  EXPECT_EQ(to_json(record).dump(),
            R"({"id":"1","big":9223372036854775807,"exact":1.10,"odd":"NaN","list":[1,null],)"
            R"("flag":true,"half":0.5,"_status":"synced"})");
}

TEST(RowJson, AReportHasAllItsNumbers) {
  const SyncReport report{.rows_received = 1,
                          .mutations_sent = 2,
                          .conflicts = 3,
                          .parked = 4,
                          .scopes_gained = 5,
                          .scopes_lost = 6,
                          .bytes_up = 7,
                          .bytes_down = 8,
                          .requests = 9};
  EXPECT_EQ(to_json(report).dump(),
            R"({"rows_received":1,"mutations_sent":2,"conflicts":3,"parked":4,"scopes_gained":5,)"
            R"("scopes_lost":6,"bytes_up":7,"bytes_down":8,"requests":9})");
}

TEST(RowJson, AnEntryOfTheLogSaysWhyAndHowLong) {
  const SyncLogEntry entry{.started_at_ms = 1000,
                           .finished_at_ms = 1250,
                           .cause = "doorbell",
                           .error_code = "Offline",
                           .error_message = "no route",
                           .push_ms = 1,
                           .pull_ms = 2,
                           .back_fill_ms = 3,
                           .rows_received = 4,
                           .mutations_sent = 5,
                           .bytes_up = 6,
                           .bytes_down = 7};
  EXPECT_EQ(
      to_json(entry).dump(),
      R"({"started_at":"1970-01-01T00:00:01+00:00","duration_ms":250,"cause":"doorbell",)"
      R"("phases":{"push_ms":1,"pull_ms":2,"back_fill_ms":3},"recoveries":[],"rows_received":4,)"
      R"("mutations_sent":5,"bytes_up":6,"bytes_down":7,)"
      R"("error":{"code":"Offline","message":"no route"}})");
}

TEST(RowJson, QueueAndConflictsHoldJsonNotText) {
  const QueueEntry entry{.number = 1,
                         .state = "pending",
                         .operations = R"([{"op":"delete","table":"tasks","id":"a"}])"};
  EXPECT_EQ(
      to_json(entry),
      R"({"number":1,"state":"pending","created_at":"1970-01-01T00:00:00+00:00","attempts":0,)"
      R"("operations":[{"op":"delete","table":"tasks","id":"a"}],"code":null,"message":null,)"
      R"("table":null,"id":null,"depends_on":null,"dependents":[]})");
  const ConflictInfo conflict{.number = 1,
                              .table = "tasks",
                              .id = "a",
                              .column = "title",
                              .base = R"("Old")",
                              .client = "null",
                              .server = "[1]",
                              .kept = "server",
                              .rule = "server_wins"};
  EXPECT_EQ(
      to_json(conflict),
      R"({"number":1,"at":"1970-01-01T00:00:00+00:00","table":"tasks","id":"a",)"
      R"("column":"title","base":"Old","client":null,"server":[1],"kept":"server",)"
      R"("value":null,"rule":"server_wins","reason":null,"state":"settled","resolution":null,)"
      R"("resolved_at":null})");
}

TEST(RowJson, AnErrorSaysWhatAndWhatNext) {
  EXPECT_EQ(
      to_json(Error{.code = ErrorCode::Rejected, .message = "no", .sqlstate = "23514"}).dump(),
      R"({"error":{"code":"Rejected","message":"no","hint":null,"sqlstate":"23514"}})");
}

}  // namespace
}  // namespace convoy::cli
