// Generated types, on a real database.
#include <chrono>
#include <fstream>
#include <limits>
#include <span>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "convoy/typed.h"
#include "memory/schema.h"
#include "schema/schema_json.h"
#include "typed/everything.h"
#include "typed/memory_bank.h"
#include "typed/test_fixture.h"

namespace convoy::typed {
namespace {

using everything::ActivityFeed;
using everything::Milestone;
using everything::NewActivityFeed;
using everything::NewCategory;
using everything::NewMilestone;
using everything::NewStatus;
using everything::NewTask;
using everything::StatusPatch;
using everything::Task;
using everything::TaskPatch;
using std::chrono::microseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kNoon;
using testing::must;
using testing::Typed;
namespace activity_feed = everything::activity_feed;
namespace milestones = everything::milestones;
namespace statuses = everything::statuses;
namespace tasks = everything::tasks;

std::vector<std::string> titles(const std::vector<Task>& all) {
  std::vector<std::string> result;
  for (const auto& task : all) result.push_back(task.title);
  return result;
}

TEST_F(Typed, SchemaAndMigrationsAreThoseOfTheDocument) {
  std::ifstream file(CONVOY_GOLDEN_FOLDER "/everything.json");
  std::ostringstream text;
  text << file.rdbuf();
  const auto document = must(schema::parse_schema(text.str()));
  EXPECT_TRUE(everything::schema() == document.schema);
  EXPECT_TRUE(everything::migrations() == document.migrations);
}

TEST_F(Typed, CreatesAndFinds) {
  const auto task = created(NewTask{.milestone_id = milestone.id,
                                    .title = "Paint",
                                    .description = "Twice",
                                    .status = "TODO",
                                    .rank = 1.5,
                                    .estimate = 3,
                                    .is_done = true,
                                    .is_urgent = false,
                                    .starts_at = kNoon,
                                    .due_at = kNoon + std::chrono::hours(1),
                                    .details = R"({"colour": "red"})",
                                    .labels = R"(["a", "b"])",
                                    .size = std::numeric_limits<std::int64_t>::max(),
                                    .quota = -7,
                                    .price = "0012.50",
                                    .owner = "0198C0DE-0000-7000-8000-00000000000A"});
  EXPECT_EQ(task.id.size(), 36U);
  EXPECT_EQ(task.milestone_id, milestone.id);
  EXPECT_EQ(task.parent_task_id, std::nullopt);
  EXPECT_EQ(task.title, "Paint");
  EXPECT_EQ(task.description, "Twice");
  EXPECT_EQ(task.rank, 1.5);
  EXPECT_EQ(task.estimate, 3);
  EXPECT_TRUE(task.is_done);
  EXPECT_EQ(task.is_urgent, false);
  EXPECT_EQ(task.starts_at, kNoon);
  EXPECT_EQ(task.due_at, kNoon + std::chrono::hours(1));
  EXPECT_EQ(task.details, R"({"colour":"red"})");
  EXPECT_EQ(task.labels, R"(["a","b"])");
  EXPECT_EQ(task.size, std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(task.quota, -7);
  EXPECT_EQ(task.price, "12.50");
  EXPECT_EQ(task.owner, "0198c0de-0000-7000-8000-00000000000a");
  EXPECT_EQ(task.created_at, Time(std::chrono::milliseconds(fixture.clock.now)));
  EXPECT_EQ(task.updated_at, task.created_at);
  EXPECT_EQ(again(task), task);
}

TEST_F(Typed, ATableWithoutColumnsWorks) {
  const auto category = created(NewCategory{.id = "0198c0de-0000-7000-8000-00000000000a"});
  EXPECT_EQ(category.id, "0198c0de-0000-7000-8000-00000000000a");
  EXPECT_EQ(must(fetch(db, everything::categories::all())), std::vector{category});
}

TEST_F(Typed, ColumnsThatAreKeywordsKeepTheirNamesInTheFile) {
  const auto status = created(NewStatus{.class_2 = "keyword",
                                        .class_ = "with underscore",
                                        .all_ = 1,
                                        .std_ = "s",
                                        .convoy_ = "c",
                                        .Record_ = "r",
                                        .errno_ = 2,
                                        .Total_ = 3,
                                        .co_await_ = true});
  const auto record = must(db.find("statuses", status.id)).value();
  EXPECT_EQ(record.text("class"), "keyword");
  EXPECT_EQ(record.text("class_"), "with underscore");
  EXPECT_EQ(record.number("_Total"), 3);
  CONVOY_EXPECT_OK(updated(status.id, StatusPatch{.class_2 = "new"}));
  EXPECT_EQ(must(count(db, statuses::where(statuses::class_2.eq("new")))), 1);
}

TEST_F(Typed, NothingIsFoundWhereNothingIs) {
  EXPECT_EQ(must(find<Task>(db, "none")), std::nullopt);
  EXPECT_THAT(must(fetch(db, tasks::all())), IsEmpty());
  EXPECT_THAT(must(parents(db, std::vector<Task>{}, tasks::milestone_id)), IsEmpty());
}

TEST_F(Typed, AnUpdateChangesWhatIsSetAndNothingElse) {
  auto creation = new_task("Paint");
  creation.description = "Twice";
  creation.estimate = 3;
  const auto task = created(creation);
  fixture.clock.now += 1000;
  const auto done = must(updated(task.id, TaskPatch{.status = "DONE"}));
  auto expected = task;
  expected.status = "DONE";
  expected.updated_at += std::chrono::seconds(1);
  EXPECT_EQ(done, expected);
  EXPECT_EQ(again(task), expected);
}

TEST_F(Typed, AnUpdateCanSetNullAndLeaveOut) {
  auto creation = new_task("Paint");
  creation.description = "Twice";
  creation.estimate = 3;
  creation.due_at = kNoon;
  const auto task = created(creation);
  const std::optional<double> nothing;
  const auto changed = must(updated(
      task.id, TaskPatch{.description = std::nullopt, .estimate = nothing, .is_urgent = true}));
  EXPECT_EQ(changed.description, std::nullopt);
  EXPECT_EQ(changed.estimate, std::nullopt);
  EXPECT_EQ(changed.is_urgent, true);
  EXPECT_EQ(changed.due_at, kNoon);
}

TEST_F(Typed, AnEmptyPatchChangesNothing) {
  const auto task = created(new_task("Paint"));
  fixture.clock.now += 1000;
  EXPECT_EQ(must(updated(task.id, TaskPatch{})), task);
}

TEST_F(Typed, ErrorsOfWritesAreTheWritersOwn) {
  const auto task = created(new_task("Paint"));
  const auto bad = updated(task.id, TaskPatch{.price = "cheap"});
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().code, ErrorCode::InvalidArgument);
  EXPECT_THAT(bad.error().message, HasSubstr("tasks.price"));
  EXPECT_EQ(store::testing::code_of(updated("none", TaskPatch{.rank = 2})), ErrorCode::NotFound);
}

TEST_F(Typed, DeletesAndErases) {
  const auto task = created(new_task("Paint"));
  CONVOY_EXPECT_OK(db.write([&](Writer& writer) -> Status {
    CONVOY_TRY(const auto deleted, mark_deleted<Milestone>(writer, milestone.id));
    EXPECT_EQ(deleted, 2);  // The task goes with it.
    return ok_status();
  }));
  EXPECT_EQ(must(find<Task>(db, task.id)), std::nullopt);
  CONVOY_EXPECT_OK(db.write([](Writer& writer) -> Status {
    CONVOY_TRY(const auto category, create(writer, NewCategory{}));
    CONVOY_TRY(const auto erased, mark_deleted<everything::Category>(writer, category.id));
    EXPECT_EQ(erased, 1);
    EXPECT_EQ(store::testing::code_of(erase<everything::Category>(writer, category.id)),
              ErrorCode::NotFound);
    return ok_status();
  }));
}

TEST_F(Typed, AWriterReadsWhatItWrote) {
  CONVOY_EXPECT_OK(db.write([&](Writer& writer) -> Status {
    CONVOY_TRY(const auto task, create(writer, new_task("Paint")));
    CONVOY_TRY(const auto found, find<Task>(writer, task.id));
    EXPECT_EQ(found, task);
    CONVOY_TRY(const auto all, count(writer, tasks::all()));
    EXPECT_EQ(all, 1);
    return ok_status();
  }));
  CONVOY_EXPECT_OK(db.read([](Reader& reader) -> Status {
    CONVOY_TRY(const auto ids, fetch_ids(reader, tasks::all()));
    EXPECT_EQ(ids.size(), 1U);
    return ok_status();
  }));
}

// --- Queries

class TypedQueries : public Typed {
 protected:
  void SetUp() override {
    auto first = new_task("Paint the mast");
    first.rank = 3;
    first.estimate = 5;
    first.due_at = kNoon + std::chrono::hours(2);
    first.size = 9;
    first.price = "1.10";
    first.labels = R"(["urgent","red"])";
    auto second = new_task("Oil the gears");
    second.status = "DONE";
    second.is_done = true;
    second.is_urgent = true;
    second.starts_at = kNoon + microseconds(1);
    second.size = 10;
    auto third = new_task("paint the hull");
    third.rank = 2;
    third.description = "Blue";
    third.size = 10;
    paint = created(first);
    oil = created(second);
    hull = created(third);
  }

  std::vector<std::string> found(const Query<Task>& query) {
    return titles(must(fetch(db, query)));
  }

  std::vector<std::string> found(Condition<Task> condition) {
    return found(tasks::where(std::move(condition)).order_by(tasks::title.asc()));
  }

  Task paint;
  Task oil;
  Task hull;
  const std::string kPaint = "Paint the mast";
  const std::string kOil = "Oil the gears";
  const std::string kHull = "paint the hull";
};

TEST_F(TypedQueries, CompareText) {
  EXPECT_THAT(found(tasks::status.eq("DONE")), ElementsAre(kOil));
  EXPECT_THAT(found(tasks::status.neq(std::string("DONE"))), ElementsAre(kPaint, kHull));
  EXPECT_THAT(found(tasks::title.gt("P")), ElementsAre(kPaint, kHull));
  EXPECT_THAT(found(tasks::title.between("A", "P")), ElementsAre(kOil));
  EXPECT_THAT(found(tasks::status.one_of({"DONE", "LATE"})), ElementsAre(kOil));
  const std::vector<std::string> words{"DONE", "TODO"};
  EXPECT_THAT(found(tasks::status.one_of(words)), ElementsAre(kOil, kPaint, kHull));
  EXPECT_THAT(found(tasks::status.not_in(words)), IsEmpty());
  EXPECT_THAT(found(tasks::status.not_in({"TODO"})), ElementsAre(kOil));
  EXPECT_THAT(found(tasks::title.like("paint%")), ElementsAre(kPaint, kHull));
  EXPECT_THAT(found(tasks::title.not_like("paint%")), ElementsAre(kOil));
  EXPECT_THAT(found(tasks::title.includes("Paint")), ElementsAre(kPaint));
  EXPECT_THAT(found(tasks::title.starts_with("Oil")), ElementsAre(kOil));
  EXPECT_THAT(found(tasks::title.like("%x%%", 'x')), IsEmpty());
}

TEST_F(TypedQueries, CompareNumbersAndBooleans) {
  EXPECT_THAT(found(tasks::rank.gte(2)), ElementsAre(kPaint, kHull));
  EXPECT_THAT(found(tasks::rank.lt(2.5F)), ElementsAre(kOil, kHull));
  EXPECT_THAT(found(tasks::rank.between(std::size_t{2}, 3L)), ElementsAre(kPaint, kHull));
  EXPECT_THAT(found(tasks::rank.one_of({1, 2.0})), ElementsAre(kOil, kHull));
  EXPECT_THAT(found(tasks::is_done.eq(true)), ElementsAre(kOil));
  EXPECT_THAT(found(tasks::is_urgent.neq(true)), ElementsAre(kPaint, kHull));
  EXPECT_THAT(found(tasks::all().order_by(tasks::is_done.desc()).take(1)), ElementsAre(kOil));
}

TEST_F(TypedQueries, CompareTimesToTheMicrosecond) {
  EXPECT_THAT(found(tasks::starts_at.gt(kNoon)), ElementsAre(kOil));
  EXPECT_THAT(found(tasks::starts_at.eq(kNoon)), ElementsAre(kPaint, kHull));
  EXPECT_THAT(found(tasks::starts_at.lte(kNoon + std::chrono::nanoseconds(1999))),
              ElementsAre(kOil, kPaint, kHull));
  EXPECT_THAT(found(tasks::starts_at.lt(std::chrono::sys_days{std::chrono::year{2020} / 1 / 1})),
              IsEmpty());
  EXPECT_THAT(found(tasks::starts_at.between(kMinusInfinity, kNoon)), ElementsAre(kPaint, kHull));
}

TEST_F(TypedQueries, KnowNull) {
  EXPECT_THAT(found(tasks::due_at.is_null()), ElementsAre(kOil, kHull));
  EXPECT_THAT(found(tasks::due_at.is_not_null()), ElementsAre(kPaint));
  EXPECT_THAT(found(tasks::description.eq(std::nullopt)), ElementsAre(kOil, kPaint));
  EXPECT_THAT(found(tasks::description.neq("Blue")), ElementsAre(kOil, kPaint));
  EXPECT_THAT(found(tasks::estimate.eq(paint.estimate)), ElementsAre(kPaint));
  EXPECT_THAT(found(tasks::estimate.eq(oil.estimate)), ElementsAre(kOil, kHull));
}

TEST_F(TypedQueries, CompareColumns) {
  EXPECT_THAT(found(tasks::due_at.gt(tasks::starts_at)), ElementsAre(kPaint));
  EXPECT_THAT(found(tasks::starts_at.weak_gt(tasks::due_at)), ElementsAre(kOil, kHull));
  EXPECT_THAT(found(tasks::starts_at.neq(tasks::due_at)), ElementsAre(kOil, kPaint, kHull));
  EXPECT_THAT(found(tasks::estimate.gte(tasks::rank)), ElementsAre(kPaint));
}

TEST_F(TypedQueries, CompareExactNumbers) {
  EXPECT_THAT(found(tasks::size.eq(10)), ElementsAre(kOil, kHull));
  EXPECT_THAT(found(tasks::size.one_of({9, 11})), ElementsAre(kPaint));
  EXPECT_THAT(found(tasks::price.eq("1.10")), ElementsAre(kPaint));
  EXPECT_THAT(found(tasks::labels.includes("\"urgent\"")), ElementsAre(kPaint));
}

TEST_F(TypedQueries, Combine) {
  EXPECT_THAT(found(any_of(tasks::status.eq("DONE"), tasks::rank.gt(2))),
              ElementsAre(kOil, kPaint));
  EXPECT_THAT(found(all_of(tasks::status.eq("TODO"), any_of(tasks::rank.gt(2)))),
              ElementsAre(kPaint));
  EXPECT_THAT(found(tasks::where(tasks::status.eq("TODO")).where(tasks::rank.lt(3))),
              ElementsAre(kHull));
  EXPECT_THAT(found(tasks::all().where(sql_expression(R"("rank" + ? > 4)", {2.0}))),
              ElementsAre(kPaint));
}

TEST_F(TypedQueries, OrderAndLimit) {
  const auto by_rank = tasks::all().order_by(tasks::rank.desc());
  EXPECT_THAT(found(by_rank), ElementsAre(kPaint, kHull, kOil));
  EXPECT_THAT(found(by_rank.take(1)), ElementsAre(kPaint));
  EXPECT_THAT(found(by_rank.take(1).skip(1)), ElementsAre(kHull));
  EXPECT_THAT(found(by_rank.where(tasks::rank.lt(3)).skip(1).take(5)), ElementsAre(kOil));
  EXPECT_THAT(found(tasks::all()
                        .order_by(tasks::size.name() == std::string("size") ? tasks::status.asc()
                                                                            : tasks::title.asc())
                        .order_by(tasks::rank.asc())),
              ElementsAre(kOil, kHull, kPaint));
  EXPECT_EQ(must(count(db, by_rank.take(2))), 2);
}

TEST_F(TypedQueries, Search) {
  EXPECT_THAT(found(tasks::all().search("paint hul")), ElementsAre(kHull));
  EXPECT_THAT(found(tasks::all().search("paint").order_by(best_first()).take(1)).size(), 1U);
}

TEST_F(TypedQueries, AreUntypedOnesAsWell) {
  const auto records = must(db.fetch(tasks::where(tasks::status.eq("DONE"))));
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records.front().status, "created");
  EXPECT_EQ(must(from_record<Task>(records.front())), oil);
  EXPECT_EQ(must(db.count(from("tasks").where(tasks::rank.eq(3)))), 1);
}

// --- Relations

TEST_F(TypedQueries, FollowRelations) {
  const auto other = created(NewMilestone{.name = "Release"});
  auto creation = new_task("Sail");
  creation.milestone_id = other.id;
  creation.parent_task_id = paint.id;
  const auto sail = created(creation);
  EXPECT_THAT(found(has_parent(tasks::milestone_id, milestones::name.eq("Release"))),
              ElementsAre("Sail"));
  EXPECT_THAT(found(has_parent(tasks::parent_task_id)), ElementsAre("Sail"));
  EXPECT_THAT(found(has_child(tasks::parent_task_id, tasks::title.eq("Sail"))),
              ElementsAre(kPaint));
  EXPECT_EQ(must(count(db, milestones::where(has_child(tasks::milestone_id, tasks::is_done.eq(true),
                                                       tasks::rank.eq(3))))),
            0);
  // Each speaks of a task of its own.
  EXPECT_EQ(
      must(count(db, milestones::where(has_child(tasks::milestone_id, tasks::is_done.eq(true)))
                         .where(has_child(tasks::milestone_id, tasks::rank.eq(3))))),
      1);
  EXPECT_THAT(found(has_parent(tasks::milestone_id,
                               has_child(tasks::milestone_id, tasks::title.eq("Sail")))),
              ElementsAre("Sail"));
}

TEST_F(TypedQueries, LoadParentsTogether) {
  const auto other = created(NewMilestone{.name = "Release"});
  auto creation = new_task("Sail");
  creation.milestone_id = other.id;
  creation.parent_task_id = paint.id;
  const auto sail = created(creation);
  const std::vector<Task> all{sail, paint, oil};
  EXPECT_THAT(must(parents(db, all, tasks::milestone_id)),
              ElementsAre(other, milestone, milestone));
  EXPECT_THAT(must(parents(db, all, tasks::parent_task_id)),
              ElementsAre(paint, std::nullopt, std::nullopt));
  CONVOY_EXPECT_OK(db.write([&](Writer& writer) -> Status {
    CONVOY_CHECK_OK(mark_deleted<Task>(writer, paint.id));
    CONVOY_TRY(const auto found, parents(writer, std::span(all).first(1), tasks::parent_task_id));
    EXPECT_THAT(found, ElementsAre(std::nullopt));
    return ok_status();
  }));
}

TEST_F(TypedQueries, LoadChildrenTogether) {
  const auto other = created(NewMilestone{.name = "Release"});
  const std::vector<Milestone> both{other, milestone, milestone};
  const auto children_of = must(children(db, both, tasks::milestone_id));
  ASSERT_EQ(children_of.size(), 3U);
  EXPECT_THAT(children_of[0], IsEmpty());
  EXPECT_EQ(children_of[1].size(), 3U);
  EXPECT_EQ(children_of[2], children_of[1]);
  EXPECT_TRUE(std::ranges::is_sorted(children_of[1], {}, &Task::id));

  const auto entry = created(NewActivityFeed{.task_id = paint.id, .text = "begun"});
  EXPECT_EQ(entry.id.size(), 16U);
  const std::vector<Task> all{paint, oil};
  const auto activities = must(children(db, all, activity_feed::task_id));
  EXPECT_THAT(activities, ElementsAre(ElementsAre(entry), IsEmpty()));
}

TEST_F(Typed, RelationsOfMoreRecordsThanFitIntoOneQuery) {
  constexpr int kParts = 3;  // More would be too much for one transaction.
  constexpr int kEach = 367;
  std::vector<Milestone> many;
  std::vector<Task> all;
  const auto fill = [&](Writer& writer) -> Status {
    for (int i = 0; i < kEach; ++i) {
      CONVOY_TRY(auto one, create(writer, NewMilestone{.name = std::to_string(i)}));
      auto creation = new_task(one.name);
      creation.milestone_id = one.id;
      CONVOY_TRY(auto task, create(writer, creation));
      many.push_back(std::move(one));
      all.push_back(std::move(task));
    }
    return ok_status();
  };
  for (int part = 0; part < kParts; ++part) CONVOY_ASSERT_OK(db.write(fill));
  const auto found = must(parents(db, all, tasks::milestone_id));
  const auto children_of = must(children(db, many, tasks::milestone_id));
  ASSERT_EQ(found.size(), all.size());
  ASSERT_EQ(children_of.size(), many.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    ASSERT_EQ(found[i], many[i]) << i;
    ASSERT_EQ(children_of[i], std::vector{all[i]}) << i;
  }
}

// --- Values

TEST_F(Typed, TimesKeepTheirMicrosecondsAndInfinity) {
  constexpr std::int64_t kFar = 8'700'000'000'000'001;  // In 2245.
  for (const std::int64_t micros : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{999},
                                    std::int64_t{1'790'000'000'000'001}, kFar, -kFar}) {
    auto creation = new_task("t");
    creation.starts_at = Time(microseconds(micros));
    const auto task = created(creation);
    EXPECT_EQ(task.starts_at.time_since_epoch().count(), micros);
    EXPECT_EQ(
        must(count(db,
                   tasks::where(tasks::id.eq(task.id)).where(tasks::starts_at.eq(task.starts_at)))),
        1);
  }
  auto creation = new_task("t");
  creation.starts_at = kInfinity;
  creation.due_at = kMinusInfinity;
  const auto task = created(creation);
  EXPECT_EQ(task.starts_at, kInfinity);
  EXPECT_EQ(task.due_at, kMinusInfinity);
  EXPECT_EQ(must(db.find("tasks", task.id))->number("starts_at"),
            std::numeric_limits<double>::infinity());
  EXPECT_EQ(must(count(db, tasks::where(tasks::starts_at.gt(Time(microseconds(kFar)))))), 1);
}

TEST_F(Typed, TimesFinerThanMicrosecondsAreCutTowardsThePast) {
  auto creation = new_task("t");
  creation.starts_at =
      std::chrono::sys_time<std::chrono::nanoseconds>(std::chrono::nanoseconds(-1));
  EXPECT_EQ(created(creation).starts_at, Time(microseconds(-1)));
}

TEST_F(Typed, BigintsKeepAllTheirDigits) {
  for (const auto number : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1},
                            std::int64_t{9'007'199'254'740'993}}) {
    auto creation = new_task("t");
    creation.size = number;
    const auto task = created(creation);
    EXPECT_EQ(task.size, number);
    EXPECT_EQ(must(count(db, tasks::where(tasks::size.eq(number)))), 1);
  }
}

// What another program may have put into a column, and what is said of it.
struct Misfit {
  const char* column;
  const char* sql;
  const char* shown;
};

class TypedMisfits : public Typed, public ::testing::WithParamInterface<Misfit> {
 protected:
  TypedMisfits() : Typed(true) {}
};

TEST_P(TypedMisfits, AreNamed) {
  const auto task = created(new_task("Paint"));
  const auto other = created(new_task("Oil"));
  {
    const auto file = must(sql::Connection::open(folder.file(), sql::Access::Write));
    CONVOY_EXPECT_OK(file->execute("update tasks set " + std::string(GetParam().column) + " = " +
                                   GetParam().sql + " where id = '" + task.id + "'"));
  }
  const auto failed = fetch(db, tasks::all());
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, ErrorCode::Corrupt);
  EXPECT_EQ(failed.error().message, "tasks." + std::string(GetParam().column) +
                                        " of the record \"" + task.id + "\" holds " +
                                        GetParam().shown + ", which its type can't");
  EXPECT_EQ(must(find<Task>(db, other.id)), other);
  CONVOY_EXPECT_OK(db.find("tasks", task.id));
}

INSTANTIATE_TEST_SUITE_P(
    All, TypedMisfits,
    ::testing::Values(Misfit{"size", "'many'", "\"many\""}, Misfit{"size", "''", "\"\""},
                      Misfit{"size", "'7.0'", "\"7.0\""},
                      Misfit{"quota", "'9223372036854775808'", "\"9223372036854775808\""},
                      Misfit{"starts_at", "1e300", "1e+300"}, Misfit{"due_at", "-1e16", "-1e+16"}));

TEST_F(Typed, TheMemoryBankHasTypes) {
  EXPECT_TRUE(bank::schema() == memory::memory_schema());
  auto store = fixture.open(":memory:", bank::schema());
  const Status written = store.write([](Writer& writer) -> Status {
    CONVOY_TRY(const auto workspace, create(writer, bank::NewWorkspace{.name = "Night train"}));
    CONVOY_TRY(const auto project, create(writer, bank::NewProject{.workspace_id = workspace.id,
                                                                   .name = "Timetable",
                                                                   .tech_stack = R"(["paper"])",
                                                                   .status = "ACTIVE"}));
    CONVOY_TRY(const auto found,
               parents(writer, std::vector{project}, bank::projects::workspace_id));
    EXPECT_THAT(found, ElementsAre(workspace));
    return ok_status();
  });
  CONVOY_EXPECT_OK(written);
  EXPECT_EQ(must(count(store, bank::projects::where(bank::projects::tech_stack.is_not_null()))), 1);
}

TEST_F(Typed, ADatabaseWithAnotherSchemaIsNamed) {
  auto schema = everything::schema();
  std::erase_if(schema.tables[0].columns, [](const auto& column) { return column.name == "name"; });
  auto other = fixture.open(folder.file("other.db"), schema);
  CONVOY_EXPECT_OK(other.write([](Writer& writer) -> Status {
    CONVOY_CHECK_OK(writer.create("milestones", {}));
    return ok_status();
  }));
  const auto missing = fetch(other, milestones::all());
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, ErrorCode::SchemaMismatch);
  EXPECT_THAT(missing.error().message, HasSubstr("milestones has no column \"name\""));
}

TEST_F(Typed, ColumnsMayComeInAnotherOrderAndThereMayBeMore) {
  auto schema = everything::schema();
  auto& columns = schema.tables[0].columns;
  std::ranges::reverse(columns);
  columns.insert(columns.begin() + 1, convoy::Column{.name = "motto"});
  auto other = fixture.open(folder.file("other.db"), schema);
  std::optional<Milestone> made;
  CONVOY_EXPECT_OK(other.write([&](Writer& writer) -> Status {
    CONVOY_TRY(made, create(writer, NewMilestone{.name = "Beta", .target_date = "2026-11-22"}));
    return ok_status();
  }));
  EXPECT_EQ(made->name, "Beta");
  EXPECT_EQ(made->target_date, "2026-11-22");
  EXPECT_EQ(must(fetch(other, milestones::all())), std::vector{*made});
}

}  // namespace
}  // namespace convoy::typed
