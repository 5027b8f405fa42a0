#include "convoy/watch.h"

#include <string>

namespace convoy::bench {

ConvoyContender::ConvoyContender() = default;
ConvoyContender::~ConvoyContender() = default;

void ConvoyContender::close() {
  watch.reset();
  database.reset();
}

void watch(ConvoyContender& contender, Run& run) {
  auto& watch = contender.watch;
  if (!watch) {
    watch = std::make_unique<Watch>(contender.full(),
                                    board_query(workload_watched_board(contender.data)));
  }
  const auto shown = watch->wait_for(1);
  const auto before = watch->deliveries();
  const auto change = workload_watched_change(run.number);
  const auto id = shown.rows[workload_watched_place(run.number, shown.rows.size())]->id;
  contender.clock.set(change.now);
  require(contender.full().write([&](Writer& writer) -> Status {
    CONVOY_TRY(const auto task, writer.update("tasks", id, {{"title", std::string(change.title)}}));
    static_cast<void>(task);
    return ok_status();
  }));
  run_go(&run);
  const auto now = watch->wait_for(before + 1);
  run_stop(&run);
  if (now.differences.empty()) fail({.message = "a difference without differences"});
  for (const auto& task : now.rows) take(*task, run);
}

}  // namespace convoy::bench
