// The rules for names and schemas.
#include <gtest/gtest.h>

#include "convoy/schema.h"
#include "schema/suggest.h"

namespace convoy {
namespace {

Schema one_column(Column column) {
  Schema schema;
  schema.tables.push_back({.name = "tasks", .columns = {std::move(column)}});
  return schema;
}

ErrorCode code_of(const Status& status) { return status.ok() ? ErrorCode{} : status.error().code; }

TEST(SchemaNames, FollowWatermelon) {
  for (const char* good : {"a", "_a", "Name", "a1_B", "id", "_status", "order"}) {
    EXPECT_TRUE(check_name(good).ok()) << good;
  }
  for (const char* bad : {"",
                          "1a",
                          "a-b",
                          "a b",
                          "a\n",
                          "a\"",
                          "é",
                          "__proto__",
                          "constructor",
                          "prototype",
                          "hasOwnProperty",
                          "isPrototypeOf",
                          "toString",
                          "toLocaleString",
                          "valueOf",
                          "$loki",
                          "$LOKI",
                          "rowid",
                          "OID",
                          "_rowid_",
                          "sqlite_master",
                          "SQLite_Stat1",
                          "__x"}) {
    EXPECT_EQ(code_of(check_name(bad)), ErrorCode::InvalidSchema) << bad;
  }
}

TEST(SchemaValidation, RefusesReservedNames) {
  for (const char* bad : {"id", "_Changed", "_STATUS", "local_storage", "Local_Storage"}) {
    EXPECT_EQ(code_of(validate(one_column({.name = bad}))), ErrorCode::InvalidSchema) << bad;
    Schema schema;
    schema.tables.push_back({.name = bad});
    EXPECT_EQ(code_of(validate(schema)), ErrorCode::InvalidSchema) << bad;
  }
  for (const char* bad : {"convoy_meta", "sqlite_x"}) {
    Schema schema;
    schema.tables.push_back({.name = bad});
    EXPECT_EQ(code_of(validate(schema)), ErrorCode::InvalidSchema) << bad;
  }
}

TEST(SchemaValidation, RefusesTwins) {
  Schema schema = one_column({.name = "a"});
  schema.tables.front().columns.push_back({.name = "A"});
  EXPECT_EQ(code_of(validate(schema)), ErrorCode::InvalidSchema);
  schema = one_column({.name = "a"});
  schema.tables.push_back({.name = "Tasks"});
  EXPECT_EQ(code_of(validate(schema)), ErrorCode::InvalidSchema);
}

TEST(SchemaValidation, ConstrainsTimestamps) {
  const auto number = ColumnType::Number;
  EXPECT_TRUE(validate(one_column({.name = "created_at", .type = number})).ok());
  EXPECT_FALSE(validate(one_column({.name = "created_at"})).ok());
  EXPECT_FALSE(
      validate(one_column({.name = "updated_at", .type = number, .is_optional = true})).ok());
  EXPECT_TRUE(
      validate(one_column({.name = "last_modified", .type = number, .is_optional = true})).ok());
  EXPECT_FALSE(validate(one_column({.name = "last_modified"})).ok());
}

TEST(SchemaValidation, WantsPostgresTypesThatFit) {
  EXPECT_FALSE(validate(one_column({.name = "a", .pg_type = PgType::Timestamptz})).ok());
  for (const auto type : {PgType::Date, PgType::Uuid, PgType::Jsonb, PgType::Array, PgType::Bigint,
                          PgType::Numeric}) {
    EXPECT_TRUE(validate(one_column({.name = "a", .pg_type = type})).ok());
    EXPECT_FALSE(
        validate(one_column({.name = "a", .type = ColumnType::Number, .pg_type = type})).ok());
  }
}

TEST(SchemaValidation, WantsReferencesThatLeadSomewhere) {
  Column column{.name = "parent", .is_optional = true};
  column.references = Reference{.table = "tasks", .on_delete = OnDelete::SetNull};
  EXPECT_TRUE(validate(one_column(column)).ok());
  column.is_optional = false;
  EXPECT_FALSE(validate(one_column(column)).ok());
  column.references = Reference{.table = "nobody"};
  EXPECT_FALSE(validate(one_column(column)).ok());
}

TEST(SchemaValidation, SearchesOnlyText) {
  EXPECT_TRUE(validate(one_column({.name = "a", .is_searchable = true})).ok());
  EXPECT_FALSE(
      validate(one_column({.name = "a", .type = ColumnType::Number, .is_searchable = true})).ok());
}

TEST(SchemaValidation, KeepsNamesOfTheIndexOfWords) {
  for (const char* name : {"rank", "Rank", "convoy_fts_tasks"}) {
    EXPECT_TRUE(validate(one_column({.name = name})).ok()) << name;
    EXPECT_FALSE(validate(one_column({.name = name, .is_searchable = true})).ok()) << name;
  }
}

TEST(SchemaValidation, SendsNoReferenceToWhatIsNotSent) {
  Schema schema = one_column({.name = "draft_id"});
  schema.tables[0].columns[0].references = Reference{.table = "drafts"};
  schema.tables.push_back({.name = "drafts", .is_local_only = true});
  const auto status = validate(schema);
  EXPECT_EQ(code_of(status), ErrorCode::InvalidSchema);
  EXPECT_NE(status.error().message.find("tasks.draft_id"), std::string::npos);
  schema.tables[0].is_local_only = true;
  EXPECT_TRUE(validate(schema).ok());
  schema.tables[1].is_local_only = false;
  EXPECT_TRUE(validate(schema).ok());
}

TEST(SchemaValidation, RefusesATableWithAnIndexsName) {
  Schema schema = one_column({.name = "title", .is_indexed = true});
  EXPECT_TRUE(validate(schema).ok());
  for (const char* bad :
       {"tasks_title", "Tasks_Title", "tasks__status", "local_storage_key_index"}) {
    auto with = schema;
    with.tables.push_back({.name = bad});
    EXPECT_EQ(code_of(validate(with)), ErrorCode::InvalidSchema) << bad;
  }
  schema.tables[0].columns[0].is_indexed = false;
  schema.tables.push_back({.name = "tasks_title"});
  EXPECT_TRUE(validate(schema).ok());
}

TEST(SchemaValidation, NamesTableAndColumn) {
  const auto status = validate(one_column({.name = "a b"}));
  EXPECT_NE(status.error().message.find("tasks"), std::string::npos);
  EXPECT_NE(status.error().message.find("a b"), std::string::npos);
}

TEST(SchemaValidation, WantsAVersion) {
  Schema schema;
  schema.version = 0;
  EXPECT_FALSE(validate(schema).ok());
}

TEST(Suggestions, NameTheNearest) {
  const auto schema = one_column({.name = "title"});
  EXPECT_NE(schema::unknown_column(schema.tables[0], "titel").hint.find("\"title\""),
            std::string::npos);
  EXPECT_NE(schema::unknown_table(schema, "task").hint.find("\"tasks\""), std::string::npos);
  EXPECT_EQ(schema::unknown_table(schema, "zebra").hint, "");
}

}  // namespace
}  // namespace convoy
