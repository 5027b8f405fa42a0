// Each line that ends with the mark must not compile, and every other one must. Never part of a
// build, hence not a .cc; does_not_compile.py has it compiled.
#include <chrono>
#include <optional>
#include <string>

#include "typed/everything.h"

using namespace convoy;
using everything::Milestone;
using everything::NewActivityFeed;
using everything::NewMilestone;
using everything::Task;
using everything::TaskPatch;
namespace milestones = everything::milestones;
namespace tasks = everything::tasks;

namespace {

const auto now = std::chrono::system_clock::now();

// --- Comparisons

[[maybe_unused]] const auto number_1 = tasks::rank.eq(1);
[[maybe_unused]] const auto number_2 = tasks::rank.eq("1");            // error
[[maybe_unused]] const auto number_3 = tasks::rank.eq(true);           // error
[[maybe_unused]] const auto number_4 = tasks::rank.eq(now);            // error
[[maybe_unused]] const auto number_5 = tasks::rank.one_of({1, "2"});   // error
[[maybe_unused]] const auto number_6 = tasks::rank.between(1, "2");    // error
[[maybe_unused]] const auto number_7 = tasks::rank.like("1%");         // error
[[maybe_unused]] const auto number_8 = tasks::rank.gt(tasks::status);  // error
[[maybe_unused]] const auto number_9 = tasks::rank.gt(tasks::estimate);

[[maybe_unused]] const auto text_1 = tasks::status.eq("DONE");
[[maybe_unused]] const auto text_2 = tasks::status.eq(1);        // error
[[maybe_unused]] const auto text_3 = tasks::status.eq(nullptr);  // error
[[maybe_unused]] const auto text_4 = tasks::status.one_of({1});  // error
[[maybe_unused]] const auto text_5 = tasks::status.eq('D');      // error

[[maybe_unused]] const auto boolean_1 = tasks::is_done.eq(true);
[[maybe_unused]] const auto boolean_2 = tasks::is_done.eq("yes");  // error
[[maybe_unused]] const auto boolean_3 = tasks::is_done.eq(1);      // error
[[maybe_unused]] const auto boolean_4 = tasks::is_done.gt(false);  // error

[[maybe_unused]] const auto time_1 = tasks::starts_at.lt(now);
[[maybe_unused]] const auto time_2 = tasks::starts_at.lt(0);             // error
[[maybe_unused]] const auto time_3 = tasks::starts_at.lt("2026-11-22");  // error
[[maybe_unused]] const auto time_4 = tasks::starts_at.lt(tasks::rank);   // error
[[maybe_unused]] const auto time_5 = tasks::starts_at.lt(tasks::created_at);

[[maybe_unused]] const auto bigint_1 = tasks::size.eq(7);
[[maybe_unused]] const auto bigint_2 = tasks::size.eq("7");    // error
[[maybe_unused]] const auto bigint_3 = tasks::size.eq(7.5);    // error
[[maybe_unused]] const auto bigint_4 = tasks::size.gt(7);      // error
[[maybe_unused]] const auto bigint_5 = tasks::size.asc();      // error
[[maybe_unused]] const auto decimal_1 = tasks::price.eq("7");
[[maybe_unused]] const auto decimal_2 = tasks::price.lt("7");  // error
[[maybe_unused]] const auto decimal_3 = tasks::price.desc();   // error

[[maybe_unused]] const auto json_1 = tasks::labels.includes("\"a\"");
[[maybe_unused]] const auto json_2 = tasks::labels.eq("[]");  // error
[[maybe_unused]] const auto json_3 = tasks::labels.asc();     // error

[[maybe_unused]] const auto id_1 = tasks::milestone_id.eq("a");
[[maybe_unused]] const auto id_2 = tasks::milestone_id.like("a%");  // error
[[maybe_unused]] const auto id_3 = tasks::id.includes("a");         // error

[[maybe_unused]] const auto null_1 = tasks::due_at.is_null();
[[maybe_unused]] const auto null_2 = tasks::starts_at.is_null();               // error
[[maybe_unused]] const auto null_3 = tasks::title.is_not_null();               // error
[[maybe_unused]] const auto null_4 = tasks::title.eq(std::nullopt);            // error
[[maybe_unused]] const auto null_5 = tasks::description.eq(std::nullopt);
[[maybe_unused]] const auto null_6 = tasks::title.eq(Task{}.description);      // error
[[maybe_unused]] const auto null_7 = tasks::description.gt(std::nullopt);      // error

// --- Queries

[[maybe_unused]] const auto query_1 = tasks::where(tasks::rank.gt(1));
[[maybe_unused]] const auto query_2 = tasks::where(milestones::name.eq("a"));             // error
[[maybe_unused]] const auto query_3 = tasks::all().where(milestones::name.eq("a"));       // error
[[maybe_unused]] const auto query_4 = tasks::all().order_by(milestones::name.asc());      // error
[[maybe_unused]] const auto query_5 = any_of(tasks::rank.gt(1), milestones::name.eq(""));  // error
[[maybe_unused]] const auto query_6 = tasks::where(tasks::rank.gt(tasks::rank));
[[maybe_unused]] const auto query_7 = tasks::title.gt(milestones::name);                  // error
[[maybe_unused]] const auto query_8 = tasks::where(has_parent(tasks::milestone_id));
[[maybe_unused]] const auto query_9 = milestones::where(has_parent(tasks::milestone_id));  // error
[[maybe_unused]] const auto query_10 = has_parent(tasks::milestone_id, tasks::rank.gt(1));  // error
[[maybe_unused]] const auto query_11 = has_child(tasks::milestone_id, milestones::name.eq(""));  // error
[[maybe_unused]] const auto query_12 = has_parent(tasks::owner);                          // error

// --- Records

[[maybe_unused]] const NewActivityFeed new_1{.task_id = "a", .text = "b"};
[[maybe_unused]] const NewActivityFeed new_2{.text = "b"};                  // error
[[maybe_unused]] const NewActivityFeed new_3{.task_id = "a", .text = 1};    // error
[[maybe_unused]] const NewMilestone new_4{.name = "a", .target_date = std::nullopt};
[[maybe_unused]] const NewMilestone new_5{.name = std::nullopt};            // error
[[maybe_unused]] const NewMilestone new_6{.name = "a", .created_at = 7};    // error

[[maybe_unused]] const TaskPatch patch_1{.description = std::nullopt, .rank = 1};
[[maybe_unused]] const TaskPatch patch_2{.title = std::nullopt};  // error
[[maybe_unused]] const TaskPatch patch_3{.rank = "1"};            // error
[[maybe_unused]] const TaskPatch patch_4{.is_done = "yes"};       // error
[[maybe_unused]] const TaskPatch patch_5{.is_urgent = "yes"};     // error
[[maybe_unused]] const TaskPatch patch_6{.estimate = true};       // error
[[maybe_unused]] const TaskPatch patch_7{.quota = 1.5};           // error
[[maybe_unused]] const TaskPatch patch_8{.due_at = 5};            // error
[[maybe_unused]] const TaskPatch patch_9{.due_at = now, .quota = 1};

[[maybe_unused]] void work(Database& db, Writer& writer, const std::vector<Task>& all,
                           const std::vector<Milestone>& few) {
  (void)fetch(db, tasks::all());
  (void)fetch(writer, tasks::all());
  (void)fetch<Milestone>(db, tasks::all());                     // error
  (void)fetch(all, tasks::all());                               // error
  (void)update(writer, "a", TaskPatch{.rank = 1});
  (void)update(db, "a", TaskPatch{.rank = 1});                  // error
  (void)update(writer, "a", NewMilestone{.name = "a"});         // error
  (void)create(writer, NewMilestone{.name = "a"});
  (void)create(writer, TaskPatch{});                            // error
  (void)create(writer, Task{});                                 // error
  (void)parents(db, all, tasks::milestone_id);
  (void)parents(db, few, tasks::milestone_id);                  // error
  (void)parents(db, all, tasks::owner);                         // error
  (void)children(db, few, tasks::milestone_id);
  (void)children(db, all, tasks::milestone_id);                 // error
  (void)find<TaskPatch>(db, "a");                               // error
}

}  // namespace
