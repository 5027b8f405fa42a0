#include <string>
#include <vector>

#include "convoy/contender.h"
#include "convoy/watch.h"

namespace convoy::bench {
namespace {

struct Change {
  std::string id;
  std::string title;
  double now = 0;
};

std::vector<Change> make_changes(const ConvoyContender& contender, WorkloadPart part,
                                 std::uint32_t number) {
  std::vector<Change> changes;
  for (std::uint32_t i = 0; i < workload_changes(contender.data); ++i) {
    const auto change = workload_change(contender.data, part, number, i);
    changes.push_back({.id = change.id, .title = change.title, .now = change.now});
  }
  return changes;
}

Status rename(ConvoyContender& contender, Writer& writer, const Change& change) {
  contender.clock.set(change.now);
  CONVOY_TRY(const auto task, writer.update("tasks", change.id, {{"title", change.title}}));
  static_cast<void>(task);
  return ok_status();
}

}  // namespace

void change_together(ConvoyContender& contender, Run& run) {
  contender.watch.reset();
  const auto changes = make_changes(contender, ChangedTogether, run.number);
  run_go(&run);
  const auto status = contender.full().write([&](Writer& writer) -> Status {
    for (const auto& change : changes) CONVOY_CHECK_OK(rename(contender, writer, change));
    return ok_status();
  });
  run_stop(&run);
  if (!status.ok()) {
    std::snprintf(run.failure, sizeof run.failure, "%s", status.error().message.c_str());
    return;
  }
  run.rows += changes.size();
}

void change_alone(ConvoyContender& contender, Run& run) {
  contender.watch.reset();
  const auto changes = make_changes(contender, ChangedAlone, run.number);
  run_go(&run);
  for (const auto& change : changes) {
    require(
        contender.full().write([&](Writer& writer) { return rename(contender, writer, change); }));
  }
  run_stop(&run);
  run.rows += changes.size();
}

}  // namespace convoy::bench
