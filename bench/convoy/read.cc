#include <array>
#include <string>
#include <variant>
#include <vector>

#include "convoy/contender.h"

namespace convoy::bench {
namespace {

constexpr std::size_t kTitle = 2;  // Where it stands among the columns of a task.

std::size_t title_bytes(const Record& task) {
  const auto* title = std::get_if<std::string>(&task.values[kTitle]);
  return title == nullptr ? 0 : title->size();
}

std::string random_task(const ConvoyContender& contender, std::uint32_t number,
                        std::uint32_t step) {
  char id[WorkloadIdBytes];
  workload_random_task(contender.data, number, step, id);
  return id;
}

// Runs a query and gives up what it found. Making the query is the program's own work: a program
// that asks the same again keeps it.
void fetch(ConvoyContender& contender, const Query& query, Run& run) {
  run_go(&run);
  auto tasks = require(contender.full().fetch(query));
  run_stop(&run);
  for (const auto& task : tasks) take(task, run);
  run_go(&run);
  tasks = {};
  run_stop(&run);
}

}  // namespace

void take(const Record& task, Run& run) {
  ++run.rows;
  run.bytes += title_bytes(task);
  if (run.answer != nullptr) add_to_answer(task, *run.answer);
}

void find(ConvoyContender& contender, Run& run) {
  std::vector<std::string> ids;
  ids.reserve(workload_look_ups(contender.data));
  for (std::uint32_t i = 0; i < workload_look_ups(contender.data); ++i) {
    ids.push_back(random_task(contender, run.number, i));
  }
  run_go(&run);
  for (const auto& id : ids) {
    const auto task = require(contender.full().find("tasks", id));
    if (task) take(*task, run);
  }
  run_stop(&run);
}

Query board_query(const WorkloadBoard& board) {
  std::vector<Value> milestones;
  for (const auto& id : board.milestone_ids) milestones.emplace_back(std::string(id));
  return from("tasks")
      .where("status", eq(board.status))
      .where("milestone_id", one_of(std::move(milestones)))
      .order_by(desc("updated_at"))
      .take(50);
}

void board(ConvoyContender& contender, Run& run) {
  fetch(contender, board_query(workload_board(contender.data, run.number)), run);
}

void search(ConvoyContender& contender, Run& run) {
  fetch(contender,
        from("tasks")
            .where("description", includes(workload_search_word(run.number)))
            .order_by(desc("updated_at"))
            .take(50),
        run);
}

void count(ConvoyContender& contender, Run& run) {
  const auto recent = workload_recent(contender.data, run.number);
  const auto query = from("tasks")
                         .where("status", eq(recent.status))
                         .where("updated_at", gte(recent.updated_from));
  run_go(&run);
  const auto found = require(contender.full().count(query));
  run_stop(&run);
  run.rows += static_cast<std::uint64_t>(found);
  if (run.answer != nullptr) answer_number(run.answer, static_cast<double>(found));
}

void reopen(ConvoyContender& contender, Run& run) {
  const auto id = random_task(contender, run.number, 0);
  auto options = contender.options(contender.path);
  contender.close();
  run_go(&run);
  contender.database = require(Database::open(std::move(options)));
  const auto task = require(contender.full().find("tasks", id));
  run_stop(&run);
  if (task) take(*task, run);
}

}  // namespace convoy::bench
