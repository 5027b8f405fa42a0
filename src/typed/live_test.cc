// Live queries that deliver generated types.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "convoy/typed_live.h"
#include "typed/test_fixture.h"

namespace convoy::typed {
namespace {

using everything::Milestone;
using everything::Task;
using everything::TaskPatch;
using live::testing::Watcher;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::must;
using testing::Typed;
namespace tasks = everything::tasks;

std::vector<std::string> titles(const LiveRecords<Task>& records) {
  std::vector<std::string> result;
  for (const auto& row : records.rows) result.push_back(row->title);
  return result;
}

class TypedLive : public Typed {
 protected:
  TypedLive() : Typed(true) {}

  // As another program would, from outside.
  void execute(const std::string& sql) {
    const auto file = must(sql::Connection::open(folder.file(), sql::Access::Write));
    CONVOY_EXPECT_OK(file->execute(sql));
    CONVOY_EXPECT_OK(look_for_commits(db));
    background.run();
  }

  Subscription watch(Watcher<LiveRecords<Task>>& watcher) {
    auto subscription =
        must(observe(db, tasks::all().order_by(tasks::title.asc()), watcher.callback()));
    background.run();
    return subscription;
  }
};

TEST_F(TypedLive, DeliversRecordsAndDifferences) {
  const auto oil = created(new_task("Oil"));
  Watcher<LiveRecords<Task>> watcher;
  const auto subscription = watch(watcher);
  const auto before = watcher.only();
  EXPECT_TRUE(before.is_first);
  EXPECT_THAT(titles(before), ElementsAre("Oil"));
  EXPECT_EQ(*before.rows[0], oil);

  created(new_task("Paint"));
  background.run();
  const auto now = watcher.only();
  EXPECT_FALSE(now.is_first);
  EXPECT_THAT(titles(now), ElementsAre("Oil", "Paint"));
  EXPECT_THAT(now.differences,
              ElementsAre(Difference{.kind = DifferenceKind::Inserted, .from = 0, .to = 1}));
  EXPECT_EQ(now.rows[0], before.rows[0]);  // The same object.

  CONVOY_EXPECT_OK(updated(oil.id, TaskPatch{.rank = 7}));
  background.run();
  const auto later = watcher.only();
  EXPECT_EQ(later.rows[0]->rank, 7);
  EXPECT_EQ(before.rows[0]->rank, 1);
  EXPECT_EQ(later.rows[1], now.rows[1]);
}

TEST_F(TypedLive, AfterARecordThatCantBeReadTheNextDeliveryStandsAlone) {
  const auto oil = created(new_task("Oil"));
  Watcher<LiveRecords<Task>> watcher;
  const auto subscription = watch(watcher);
  watcher.take();
  execute("update tasks set size = 'many' where id = '" + oil.id + "'");
  const auto failed = watcher.take();
  ASSERT_EQ(failed.size(), 1U);
  ASSERT_FALSE(failed[0].ok());
  EXPECT_EQ(failed[0].error().code, ErrorCode::Corrupt);
  EXPECT_THAT(failed[0].error().message, ::testing::HasSubstr("tasks.size of the record"));
  execute("update tasks set size = '7' where id = '" + oil.id + "'");
  const auto now = watcher.only();
  EXPECT_TRUE(now.is_first);
  EXPECT_THAT(now.differences, IsEmpty());
  ASSERT_EQ(now.rows.size(), 1U);
  EXPECT_EQ(now.rows[0]->size, 7);
}

TEST_F(TypedLive, WatchesOneRecord) {
  const auto oil = created(new_task("Oil"));
  Watcher<std::shared_ptr<const Task>> watcher;
  const auto subscription = must(observe_record<Task>(db, oil.id, watcher.callback()));
  background.run();
  EXPECT_EQ(*watcher.only(), oil);
  execute("update tasks set size = 'many' where id = '" + oil.id + "'");
  EXPECT_FALSE(watcher.take().at(0).ok());
  CONVOY_EXPECT_OK(db.write([&](Writer& writer) -> Status {
    CONVOY_CHECK_OK(mark_deleted<Task>(writer, oil.id));
    return ok_status();
  }));
  background.run();
  EXPECT_EQ(watcher.only(), nullptr);
}

TEST_F(TypedLive, WatchesAParent) {
  const auto oil = created(new_task("Oil"));
  Watcher<std::shared_ptr<const Milestone>> milestones;
  const auto first = must(observe_parent(db, oil.id, tasks::milestone_id, milestones.callback()));
  Watcher<std::shared_ptr<const Task>> parents_of_it;
  const auto second =
      must(observe_parent(db, oil.id, tasks::parent_task_id, parents_of_it.callback()));
  background.run();
  EXPECT_EQ(*milestones.only(), milestone);
  EXPECT_EQ(parents_of_it.only(), nullptr);
  const auto other = created(new_task("Other"));
  CONVOY_EXPECT_OK(updated(oil.id, TaskPatch{.parent_task_id = other.id}));
  background.run();
  EXPECT_EQ(*parents_of_it.only(), other);
}

TEST_F(TypedLive, CountsByTypedQueries) {
  Watcher<std::int64_t> watcher;
  const auto subscription =
      must(observe_count(db, tasks::where(tasks::rank.gt(0)), watcher.callback()));
  background.run();
  EXPECT_EQ(watcher.only(), 0);
  created(new_task("Oil"));
  background.run();
  EXPECT_EQ(watcher.only(), 1);
}

}  // namespace
}  // namespace convoy::typed
