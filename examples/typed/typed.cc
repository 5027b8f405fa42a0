// A board with cards, with types that are made from schema.json. docs/reference/typed-records.md
// shows its parts.
//
// Usage: typed HOME      where HOME was set up with `convoy init` and `convoy login`.
#include <chrono>
#include <cstdio>
#include <future>

// [include]
#include "app_schema.h"
// [end]
#include "convoy/client.h"
#include "convoy/typed_live.h"

namespace {

using namespace convoy;
// clang-format off
// [using]
using app::Board, app::Card, app::NewBoard, app::NewCard, app::CardPatch;
namespace boards = app::boards;
namespace cards = app::cards;
// [end]

Result<Board> fill(Database& db) {
  const auto friday = std::chrono::sys_days(std::chrono::year(2026) / 12 / 4) + std::chrono::hours(17);
  // [create]
  Board board;
  const Status written = db.write([&](Writer& writer) -> Status {
    CONVOY_TRY(board, create(writer, NewBoard{.name = "Signals"}));
    CONVOY_CHECK_OK(create(writer, NewCard{.board_id = board.id, .title = "Repaint mast 7", .status = "TODO",
                                           .points = 3, .due_at = friday}));
    CONVOY_CHECK_OK(create(writer, NewCard{.board_id = board.id, .title = "Oil the points", .status = "TODO",
                                           .labels = R"(["urgent"])"}));
    return ok_status();
  });
  // [end]
  CONVOY_CHECK_OK(written);
  return board;
}

Result<std::vector<Card>> ask(Database& db, const Board& board) {
  const auto now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 30);
  // [query]
  CONVOY_TRY(std::vector<Card> todo, fetch(db, cards::where(cards::board_id.eq(board.id))
                                                   .where(cards::status.eq("TODO"))
                                                   .where(any_of(cards::due_at.is_null(), cards::due_at.gt(now)))
                                                   .order_by(cards::updated_at.desc())
                                                   .order_by(cards::title.asc())
                                                   .take(50)));
  // [end]
  // [has_parent]
  CONVOY_TRY(const auto on_signals, count(db, cards::where(has_parent(cards::board_id, boards::name.eq("Signals")))));
  CONVOY_TRY(const auto with_work, fetch(db, boards::where(has_child(cards::board_id, cards::status.neq("DONE")))));
  // [end]
  std::printf("%lld cards, %zu boards with work\n", static_cast<long long>(on_signals), with_work.size());
  return todo;
}

Status change(Database& db, const Card& card) {
  // [update]
  const Status changed = db.write([&](Writer& writer) -> Status {
    CONVOY_TRY(const Card done, update(writer, card.id, CardPatch{.status = "DONE", .due_at = std::nullopt}));
    std::printf("%s: %s\n", done.title.c_str(), done.status.c_str());
    return ok_status();
  });
  // [end]
  return changed;
}

Status relate(Database& db, const std::vector<Card>& todo) {
  // [relations]
  CONVOY_TRY(const auto boards_of, parents(db, todo, cards::board_id));       // One board, or none, for each card.
  CONVOY_TRY(const auto all, fetch(db, boards::all()));
  CONVOY_TRY(const auto cards_of, children(db, all, cards::board_id));        // The cards of each board.
  // [end]
  for (std::size_t i = 0; i < todo.size(); ++i) {
    std::printf("%s is on %s\n", todo[i].title.c_str(), boards_of[i] ? boards_of[i]->name.c_str() : "no board");
  }
  for (std::size_t i = 0; i < all.size(); ++i) std::printf("%s: %zu cards\n", all[i].name.c_str(), cards_of[i].size());
  return ok_status();
}

Status watch(Database& db) {
  std::promise<std::size_t> seen;
  // [observe]
  CONVOY_TRY(auto subscription, observe(db, cards::where(cards::status.eq("TODO")),
                                        [&](const Result<typed::LiveRecords<Card>>& now) {
                                          if (now.ok() && now->is_first) seen.set_value(now->rows.size());
                                        }));
  // [end]
  std::printf("%zu to do\n", seen.get_future().get());
  return ok_status();
}

Result<SyncReport> work(const std::string& home) {
  // [open]
  CONVOY_TRY(auto client, Client::open({.home = home, .schema = app::schema()}));
  CONVOY_TRY(Database* db, client.database());
  // [end]
  CONVOY_TRY(const Board board, fill(*db));
  CONVOY_TRY(const auto todo, ask(*db, board));
  CONVOY_CHECK_OK(relate(*db, todo));
  CONVOY_CHECK_OK(change(*db, todo.back()));
  CONVOY_CHECK_OK(watch(*db));
  return client.sync();
}

// clang-format on

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: typed HOME\n", stderr);
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
