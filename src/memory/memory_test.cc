// The schema and the words of the memory bank.
#include <gtest/gtest.h>

#include "memory/entity.h"
#include "memory/lookup.h"
#include "memory/schema.h"

namespace convoy::memory {
namespace {

TEST(MemorySchema, IsValid) {
  const auto status = validate(memory_schema());
  EXPECT_TRUE(status.ok()) << status.error().message;
}

TEST(MemorySchema, LetsSubtasksGoAndTakesTheRestAlong) {
  const auto schema = memory_schema();
  const auto* tasks = schema.find_table("tasks");
  ASSERT_NE(tasks, nullptr);
  EXPECT_EQ(tasks->find_column("parent_task_id")->references->on_delete, OnDelete::SetNull);
  for (const auto& table : schema.tables) {
    for (const auto& column : table.columns) {
      if (!column.references) continue;
      EXPECT_TRUE(column.is_indexed) << table.name << "." << column.name;
      EXPECT_EQ(column.pg_type, PgType::Uuid);
      if (column.name == "parent_task_id") continue;
      EXPECT_EQ(column.references->on_delete, OnDelete::Cascade)
          << table.name << "." << column.name;
    }
  }
}

TEST(Entity, HasATableWithItsLabelParentAndStatus) {
  const auto schema = memory_schema();
  for (const auto entity : kEntities) {
    const auto& about = info(entity);
    const auto* table = schema.find_table(about.table);
    ASSERT_NE(table, nullptr) << about.table;
    EXPECT_NE(table->find_column(about.label), nullptr) << about.table;
    EXPECT_EQ(table->find_column("status") != nullptr, !about.statuses.empty()) << about.table;
    EXPECT_EQ(find_entity(about.table), entity);
    if (!about.parent) continue;
    ASSERT_NE(table->find_column(about.parent_column), nullptr) << about.table;
    EXPECT_EQ(table->find_column(about.parent_column)->references->table,
              info(*about.parent).table);
    EXPECT_EQ(child_of(*about.parent), entity);
  }
  EXPECT_EQ(child_of(Entity::Task), std::nullopt);
  EXPECT_EQ(find_entity("patterns"), std::nullopt);
}

TEST(Entity, UnderstandsWordsInOtherSpellings) {
  const auto known = info(Entity::Task).statuses;
  EXPECT_EQ(*choose("in-progress", known, "status"), "IN_PROGRESS");
  EXPECT_EQ(*choose("Done", known, "status"), "DONE");
  const auto wrong = choose("LATER", known, "task status");
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().code, ErrorCode::InvalidArgument);
  EXPECT_NE(wrong.error().hint.find("TODO, IN_PROGRESS, BLOCKED, DONE"), std::string::npos);
}

TEST(Lookup, ShowsTheEndOfAnId) {
  EXPECT_EQ(short_id("01939f3c-0f4b-7cc2-9a8e-0123456789ab"), "456789ab");
  EXPECT_EQ(short_id("abc"), "abc");
}

}  // namespace
}  // namespace convoy::memory
