// A board with cards that works offline: a schema, a write, a query, a sync. README.md shows the
// middle of it.
//
// Usage: board HOME      where HOME was set up with `convoy init` and `convoy login`.
#include <cstdio>

#include "convoy/client.h"

namespace {

using namespace convoy;

Schema board_schema() {
  const Column updated_at{
      .name = "updated_at", .type = ColumnType::Number, .pg_type = PgType::Timestamptz};
  return {
      .version = 1,
      .tables = {
          {.name = "boards", .columns = {{.name = "name"}, updated_at}},
          {.name = "cards",
           .columns = {{.name = "board_id",
                        .is_indexed = true,
                        .pg_type = PgType::Uuid,
                        .references = Reference{.table = "boards", .on_delete = OnDelete::Cascade}},
                       {.name = "title"},
                       updated_at}},
      }};
}

Result<SyncReport> work(const std::string& home) {
  // clang-format off
  // [readme]
  CONVOY_TRY(auto client, Client::open({.home = home, .schema = board_schema()}));
  CONVOY_TRY(Database* db, client.database());

  const Status written = db->write([](Writer& writer) -> Status {
    CONVOY_TRY(auto board, writer.create("boards", {{"name", "Signals"}}));
    CONVOY_CHECK_OK(writer.create("cards", {{"board_id", board.id}, {"title", "Repaint mast 7"}}));
    return ok_status();
  });
  CONVOY_CHECK_OK(written);  // On disk, and in the outbox.

  CONVOY_TRY(auto cards, db->fetch(from("cards").where("title", like("%mast%")).order_by(desc("updated_at"))));
  for (const auto& card : cards) std::puts(std::string(card.text("title")).c_str());

  CONVOY_TRY(auto report, client.sync());
  // [end]
  // clang-format on
  return report;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: board HOME\n", stderr);
    return 2;
  }
  const auto report = work(argv[1]);
  if (!report.ok()) {
    std::fprintf(stderr, "%s\n%s\n", report.error().message.c_str(), report.error().hint.c_str());
    return 1;
  }
  std::printf("%lld mutations sent\n", static_cast<long long>(report->mutations_sent));
  return 0;
}
