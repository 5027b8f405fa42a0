// From convoy_schema's reply to a local schema.
#include "codegen/server_schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codegen/test_server.h"
#include "schema/server_type.h"

namespace convoy::codegen {
namespace {

using test::column;
using test::key;
using test::local_of;
using test::nullable;
using test::server;
using test::table;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// The notes, each as "table.column: text".
std::vector<std::string> notes_of(const ServerSchema& made) {
  std::vector<std::string> lines;
  for (const auto& note : made.notes) {
    lines.push_back(note.table + (note.column.empty() ? "" : "." + note.column) + ": " + note.text);
  }
  return lines;
}

// The one column of a table with this server column; fails if there are notes.
Column made_of(const ServerColumn& described) {
  const auto made = local_of(server({table("t", {described})}));
  EXPECT_THAT(notes_of(made), IsEmpty()) << described.type;
  if (made.schema.tables.size() != 1 || made.schema.tables[0].columns.size() != 1) {
    ADD_FAILURE() << described.name << " " << described.type;
    return {};
  }
  return made.schema.tables[0].columns[0];
}

TEST(ServerSchema, HasALocalFormForEveryType) {
  struct Case {
    const char* type;
    ColumnType local;
    PgType pg_type;
  };

  using enum ColumnType;
  constexpr Case kCases[] = {
      {"text", String, PgType::Native},
      {"character varying(20)", String, PgType::Native},
      {"character(3)", String, PgType::Native},
      {"citext", String, PgType::Native},
      {"bytea", String, PgType::Native},
      {"time without time zone", String, PgType::Native},
      {"time(3) with time zone", String, PgType::Native},
      {"interval", String, PgType::Native},
      {"inet", String, PgType::Native},
      {"tstzrange", String, PgType::Native},
      {"smallint", Number, PgType::Native},
      {"integer", Number, PgType::Native},
      {"real", Number, PgType::Native},
      {"double precision", Number, PgType::Native},
      {"boolean", Boolean, PgType::Native},
      {"timestamp with time zone", Number, PgType::Timestamptz},
      {"timestamp(3) with time zone", Number, PgType::Timestamptz},
      {"timestamp without time zone", Number, PgType::Timestamptz},
      {"date", String, PgType::Date},
      {"uuid", String, PgType::Uuid},
      {"jsonb", String, PgType::Jsonb},
      {"json", String, PgType::Jsonb},
      {"bigint", String, PgType::Bigint},
      {"numeric", String, PgType::Numeric},
      {"numeric(10,2)", String, PgType::Numeric},
      {"text[]", String, PgType::Array},
      {"numeric(10,2)[]", String, PgType::Array},
      {"timestamp(3) with time zone[]", String, PgType::Array},
  };
  for (const auto& one : kCases) {
    const auto made = made_of(column("c", one.type));
    EXPECT_EQ(made.type, one.local) << one.type;
    EXPECT_EQ(made.pg_type, one.pg_type) << one.type;
    EXPECT_FALSE(made.is_optional);
    EXPECT_TRUE(made_of(nullable(column("c", one.type))).is_optional) << one.type;
    // What is made must be what a sync accepts.
    EXPECT_TRUE(schema::holds_type(made, one.type)) << one.type;
  }
}

TEST(ServerSchema, TakesWhatItDoesNotKnowForText) {
  const auto made = local_of(server({table("t", {column("mood", "mood"), column("n", "hstore")})}));
  EXPECT_EQ(made.schema.tables[0].columns[0].type, ColumnType::String);
  EXPECT_THAT(notes_of(made), ElementsAre(HasSubstr("t.mood: the type mood is taken for text"),
                                          HasSubstr("t.n: the type hstore is taken for text")));
}

TEST(ServerSchema, FollowsForeignKeysAndIndexesThem) {
  auto books = table("books", {key("author_id", "authors"),
                               nullable(key("reader_id", "authors", OnDelete::SetNull)),
                               key("editor_id", "authors", OnDelete::Nothing),
                               key("part_of", "books"), key("old_id", "authors", std::nullopt)});
  const auto made = local_of(server({books, table("authors", {})}));
  EXPECT_THAT(notes_of(made), IsEmpty());
  const auto& columns = made.schema.tables[0].columns;
  EXPECT_EQ(columns[0].references, (Reference{"authors", OnDelete::Cascade}));
  EXPECT_EQ(columns[1].references, (Reference{"authors", OnDelete::SetNull}));
  EXPECT_EQ(columns[2].references, (Reference{"authors", OnDelete::Nothing}));
  EXPECT_EQ(columns[3].references, (Reference{"books", OnDelete::Cascade}));
  EXPECT_EQ(columns[4].references, (Reference{"authors", OnDelete::Nothing}));
  for (const auto& one : columns) EXPECT_TRUE(one.is_indexed) << one.name;
}

TEST(ServerSchema, SaysWhichForeignKeysItDoesNotFollow) {
  auto by_name = key("name", "authors");
  by_name.references->column = "name";
  auto by_number = key("shelf", "shelves");
  by_number.type = "integer";
  auto shelves = table("shelves", {});
  shelves.id_type = "integer";
  const auto made = local_of(server({table("books", {key("a", "elsewhere"), by_name, by_number,
                                                     key("b", "authors", OnDelete::SetNull)}),
                                     table("authors", {column("name", "uuid")}), shelves}));
  EXPECT_THAT(
      notes_of(made),
      ElementsAre(
          HasSubstr("shelves: its key is of type integer, which devices can't make"),
          HasSubstr("books.a: its foreign key to elsewhere is not followed here: that table"),
          HasSubstr("books.name: its foreign key to authors is not followed here: it leads"),
          HasSubstr("books.shelf: its foreign key to shelves is not followed here: a number"),
          HasSubstr("books.b: becomes null when its record of authors is deleted")));
  const auto& columns = made.schema.tables[0].columns;
  for (int i : {0, 1, 2}) EXPECT_FALSE(columns[i].references.has_value()) << i;
  EXPECT_EQ(columns[3].references, (Reference{"authors", OnDelete::Nothing}));
}

TEST(ServerSchema, KeepsIndicesThatFindSomething) {
  const auto made =
      local_of(server({table("t", {test::indexed(column("a")), test::indexed(column("b", "jsonb")),
                                   test::indexed(column("c", "text[]"))}),
                       table("u", {test::indexed(column("v"))}), table("U_v", {column("x")})}));
  const auto& columns = made.schema.tables[0].columns;
  EXPECT_TRUE(columns[0].is_indexed);
  EXPECT_FALSE(columns[1].is_indexed);
  EXPECT_FALSE(columns[2].is_indexed);
  EXPECT_FALSE(made.schema.find_table("u")->columns[0].is_indexed);
  EXPECT_THAT(notes_of(made), ElementsAre(HasSubstr("u.v: has no index here: a table has its")));
}

TEST(ServerSchema, LeavesOutWhatNoDeviceCanHold) {
  auto tasks = table("tasks", {column("_status"), nullable(column("rowid")),
                               column("created_at", "text"), column("Title"), column("title"),
                               nullable(column("updated_at", "timestamp with time zone")),
                               test::with_default(column("last_modified", "date"))});
  const auto made = local_of(server({tasks, table("other.tasks", {}), table("TASKS", {}),
                                     table("sqlite_x", {}), table("convoy_x", {})}));
  ASSERT_EQ(made.schema.tables.size(), 1U);
  const auto& columns = made.schema.tables[0].columns;
  ASSERT_EQ(columns.size(), 2U);
  EXPECT_EQ(columns[0].name, "Title");
  EXPECT_EQ(columns[1].name, "updated_at");
  EXPECT_FALSE(columns[1].is_optional);
  EXPECT_THAT(
      notes_of(made),
      ElementsAre(
          testing::AllOf(HasSubstr("tasks._status: left out: "), HasSubstr("refuses new records")),
          testing::AllOf(HasSubstr("tasks.rowid: left out: "),
                         testing::Not(HasSubstr("refuses new records"))),
          HasSubstr("tasks.created_at: left out: "),
          HasSubstr("tasks.title: left out: another column differs"),
          HasSubstr("alter table tasks alter column updated_at set not null"),
          testing::AllOf(HasSubstr("tasks.last_modified: left out: "),
                         testing::Not(HasSubstr("refuses new records"))),
          HasSubstr("other.tasks: left out: "), HasSubstr("TASKS: left out: another table"),
          HasSubstr("sqlite_x: left out: "), HasSubstr("convoy_x: left out: ")));
}

TEST(ServerSchema, KnowsWhoMakesIdsAndWhoWrites) {
  auto texts = table("texts", {column("a"), test::read_only(column("b"))});
  texts.id_type = "character varying(30)";
  auto facts = table("facts", {test::read_only(column("a"))});
  facts.conflict = "read_only";
  const auto made = local_of(server({table("t", {column("a")}), texts, facts}));
  EXPECT_EQ(made.schema.tables[0].ids, IdKind::Uuid);
  EXPECT_EQ(made.schema.tables[1].ids, IdKind::Watermelon);
  EXPECT_THAT(notes_of(made), ElementsAre("texts.b: the server alone writes it",
                                          "facts: read only: what a device writes is refused"));
}

// --- The reply

constexpr std::string_view kReply =
    R"({"status": "ok", "protocol": 1, "fingerprint": "f", "more": 1,
  "tables": [{"name": "tasks", "id": "id", "id_type": "uuid", "conflict": "merge",
    "on_delete": "delete_wins", "scope": {"column": null, "via": "milestone_id", "parent": "milestones"},
    "columns": [{"name": "milestone_id", "type": "uuid", "nullable": false, "default": true,
      "write": true, "rule": "server_wins",
      "references": {"table": "milestones", "column": "id", "on_delete": "ACTION"}, "indexed": true},
     {"name": "n", "type": "integer", "nullable": true, "default": false, "write": false,
      "rule": "counter", "references": null, "indexed": false}]}]})";

std::string reply_with(std::string_view from, std::string_view to) {
  std::string text(kReply);
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(ServerDescription, IsReadFromTheReply) {
  for (const auto& [word, meaning] : {std::pair{"cascade", OnDelete::Cascade},
                                      {"set_null", OnDelete::SetNull},
                                      {"set_default", OnDelete::Nothing},
                                      {"restrict", OnDelete::Nothing},
                                      {"nothing", OnDelete::Nothing}}) {
    const auto read = parse_description(reply_with("ACTION", word));
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(read->tables[0].columns[0].references->on_delete, meaning) << word;
  }
  const auto read = parse_description(reply_with(R"(, "on_delete": "ACTION")", ""));
  ASSERT_TRUE(read.ok()) << read.error().message;
  const auto& tasks = *read->find_table("tasks");
  const auto& first = *tasks.find_column("milestone_id");
  EXPECT_EQ(read->fingerprint, "f");
  EXPECT_EQ(tasks.id_type, "uuid");
  EXPECT_EQ(tasks.conflict, "merge");
  EXPECT_FALSE(first.references->on_delete.has_value());
  EXPECT_TRUE(first.has_default && first.is_writable && first.is_indexed && !first.is_nullable);
  const auto& second = *tasks.find_column("n");
  EXPECT_TRUE(!second.has_default && !second.is_writable && !second.is_indexed);
  EXPECT_TRUE(second.is_nullable && !second.references);
}

TEST(ServerDescription, SaysWhereAReplyMakesNoSense) {
  const auto message_of = [](const std::string& text) {
    const auto read = parse_description(text);
    EXPECT_FALSE(read.ok());
    if (!read.ok()) {
      EXPECT_EQ(read.error().code, ErrorCode::BadReply);
    }
    return read.ok() ? "" : read.error().message;
  };
  EXPECT_THAT(message_of("nonsense"), HasSubstr("it is no JSON"));
  EXPECT_THAT(message_of("[]"), HasSubstr("fingerprint must be a text"));
  EXPECT_THAT(message_of(R"({"fingerprint": "f"})"), HasSubstr("tables must be an array"));
  EXPECT_THAT(message_of(reply_with(R"("name": "tasks")", R"("name": 7)")),
              HasSubstr("tables[0].name must be a text"));
  EXPECT_THAT(message_of(reply_with(R"("nullable": true)", R"("nullable": "yes")")),
              HasSubstr("tables[0].columns[1].nullable must be true or false"));
  EXPECT_THAT(message_of(reply_with(R"("column": "id")", R"("column": null)")),
              HasSubstr("tables[0].columns[0].references.column must be a text"));
}

}  // namespace
}  // namespace convoy::codegen
