// Names and kinds, the same for every language.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codegen/english.h"
#include "codegen/model.h"
#include "codegen/record_name.h"

namespace convoy::codegen {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(English, KnowsOneOfMany) {
  const std::vector<std::pair<const char*, const char*>> words{{"tasks", "task"},
                                                               {"milestones", "milestone"},
                                                               {"categories", "category"},
                                                               {"activities", "activity"},
                                                               {"statuses", "status"},
                                                               {"status", "status"},
                                                               {"addresses", "address"},
                                                               {"address", "address"},
                                                               {"boxes", "box"},
                                                               {"batches", "batch"},
                                                               {"caches", "cache"},
                                                               {"wishes", "wish"},
                                                               {"heroes", "hero"},
                                                               {"shoes", "shoe"},
                                                               {"buses", "bus"},
                                                               {"houses", "house"},
                                                               {"causes", "cause"},
                                                               {"courses", "course"},
                                                               {"expenses", "expense"},
                                                               {"databases", "database"},
                                                               {"exercises", "exercise"},
                                                               {"aliases", "alias"},
                                                               {"canvas", "canvas"},
                                                               {"analyses", "analysis"},
                                                               {"analysis", "analysis"},
                                                               {"axes", "axis"},
                                                               {"apis", "api"},
                                                               {"taxis", "taxi"},
                                                               {"keys", "key"},
                                                               {"movies", "movie"},
                                                               {"ties", "tie"},
                                                               {"quizzes", "quiz"},
                                                               {"buzzes", "buzz"},
                                                               {"people", "person"},
                                                               {"salespeople", "salesperson"},
                                                               {"children", "child"},
                                                               {"grandchildren", "grandchild"},
                                                               {"women", "woman"},
                                                               {"men", "man"},
                                                               {"specimen", "specimen"},
                                                               {"salesmen", "salesman"},
                                                               {"indices", "index"},
                                                               {"indexes", "index"},
                                                               {"matrices", "matrix"},
                                                               {"criteria", "criterion"},
                                                               {"data", "data"},
                                                               {"metadata", "metadata"},
                                                               {"media", "media"},
                                                               {"news", "news"},
                                                               {"series", "series"},
                                                               {"analytics", "analytics"},
                                                               {"metrics", "metric"},
                                                               {"schemas", "schema"},
                                                               {"photos", "photo"},
                                                               {"archives", "archive"},
                                                               {"shelves", "shelf"},
                                                               {"knives", "knife"},
                                                               {"menus", "menu"},
                                                               {"skus", "sku"},
                                                               {"bonuses", "bonus"},
                                                               {"uses", "use"},
                                                               {"excuses", "excuse"},
                                                               {"feed", "feed"},
                                                               {"sms", "sms"},
                                                               {"us", "us"},
                                                               {"s", "s"},
                                                               {"", ""},
                                                               {"lenses", "lens"},
                                                               {"releases", "release"},
                                                               {"sizes", "size"},
                                                               {"taxes", "tax"},
                                                               {"classes", "class"}};
  for (const auto& [plural, one] : words) EXPECT_EQ(singular(plural), one);
}

TEST(English, KeepsCapitals) {
  EXPECT_EQ(singular("Categories"), "Category");
  EXPECT_EQ(singular("People"), "Person");
  EXPECT_EQ(singular("URLs"), "URL");
}

TEST(RecordNames, SplitNamesIntoWords) {
  EXPECT_THAT(words_of("task_dependencies"), ElementsAre("task", "dependencies"));
  EXPECT_THAT(words_of("__task__x_"), ElementsAre("task", "x"));
  EXPECT_THAT(words_of("userProfiles"), ElementsAre("user", "Profiles"));
  EXPECT_THAT(words_of("HTTPLogs"), ElementsAre("HTTP", "Logs"));
  EXPECT_THAT(words_of("URLs"), ElementsAre("URLs"));
  EXPECT_THAT(words_of("oauth2Tokens"), ElementsAre("oauth2", "Tokens"));
  EXPECT_THAT(words_of("ORDER_ITEMS"), ElementsAre("order", "items"));
  EXPECT_THAT(words_of("_"), ElementsAre());
}

TEST(RecordNames, NameOneRecord) {
  const std::vector<std::pair<const char*, const char*>> names{
      {"tasks", "Task"},
      {"task_dependencies", "TaskDependency"},
      {"activity_feed", "ActivityFeed"},
      {"best_practices", "BestPractice"},
      {"workspace_members", "WorkspaceMember"},
      {"statuses", "Status"},
      {"people", "Person"},
      {"UserProfile", "UserProfile"},
      {"orderItems", "OrderItem"},
      {"ORDERS", "Order"},
      {"HTTPLogs", "HTTPLog"},
      {"oauth2_tokens", "Oauth2Token"},
      {"_private", "Private"},
      {"s", "S"},
      {"_", ""}};
  for (const auto& [table, name] : names) EXPECT_EQ(record_name(table), name);
  EXPECT_EQ(snake_case("UserProfile"), "user_profile");
  EXPECT_EQ(snake_case("HTTPLogs"), "http_logs");
}

schema::SchemaDocument document_of(std::vector<Table> tables) {
  schema::SchemaDocument document;
  document.schema.tables = std::move(tables);
  return document;
}

TEST(Models, GiveEachColumnItsKind) {
  Column reference{.name = "task_id"};
  reference.references = Reference{.table = "tasks"};
  const auto column = [](const char* name, ColumnType type, PgType pg = PgType::Native) {
    return Column{.name = name, .type = type, .pg_type = pg};
  };
  const auto document = document_of(
      {{.name = "notes",
        .columns = {column("a", ColumnType::String), column("b", ColumnType::String, PgType::Date),
                    column("c", ColumnType::String, PgType::Jsonb),
                    column("d", ColumnType::String, PgType::Array),
                    column("e", ColumnType::String, PgType::Uuid), reference,
                    column("g", ColumnType::String, PgType::Numeric),
                    column("h", ColumnType::String, PgType::Bigint),
                    column("i", ColumnType::Number), column("j", ColumnType::Boolean),
                    column("k", ColumnType::Number, PgType::Timestamptz),
                    column("created_at", ColumnType::Number),
                    column("updated_at", ColumnType::Number, PgType::Timestamptz),
                    column("last_modified", ColumnType::Number)}},
       {.name = "tasks", .columns = {}}});
  const auto model = make_model(document, {});
  ASSERT_TRUE(model.ok()) << model.error().message;
  std::vector<Kind> kinds;
  for (const auto& entry : model->tables[0].columns) kinds.push_back(entry.kind);
  EXPECT_THAT(kinds, ElementsAre(Kind::Text, Kind::Date, Kind::Json, Kind::Array, Kind::Id,
                                 Kind::Reference, Kind::Decimal, Kind::Bigint, Kind::Number,
                                 Kind::Boolean, Kind::Time, Kind::Time, Kind::Time, Kind::Number));
  EXPECT_EQ(model->tables[0].columns[5].target, 1U);
  EXPECT_FALSE(model->tables[0].columns[10].is_automatic);
  EXPECT_TRUE(model->tables[0].columns[11].is_automatic);
  EXPECT_TRUE(model->tables[0].columns[12].is_automatic);
}

Error failure(const schema::SchemaDocument& document, const RecordNames& given) {
  const auto model = make_model(document, given);
  EXPECT_FALSE(model.ok());
  return model.ok() ? Error{} : model.error();
}

TEST(Models, RefuseTwoRecordsOfOneName) {
  const auto document = document_of({{.name = "categories"}, {.name = "category"}});
  const auto error = failure(document, {});
  EXPECT_EQ(error.code, ErrorCode::InvalidSchema);
  EXPECT_THAT(error.message, HasSubstr("records of categories and of category would both"));
  EXPECT_THAT(error.hint, HasSubstr("--record category=Name"));
  const auto named = make_model(document, {{"category", "Kind"}});
  ASSERT_TRUE(named.ok());
  EXPECT_EQ(named->tables[1].record, "Kind");
}

TEST(Models, RefuseTablesThatGiveNoName) {
  EXPECT_THAT(failure(document_of({{.name = "_"}}), {}).message, HasSubstr("the table _ gives no"));
  EXPECT_THAT(failure(document_of({{.name = "_2fa"}}), {}).message, HasSubstr("\"2fa\" is none"));
}

TEST(Models, RefuseNamesThatAreNone) {
  const auto document = document_of({{.name = "tasks"}});
  const auto unknown = failure(document, {{"task", "Task"}});
  EXPECT_EQ(unknown.code, ErrorCode::UnknownTable);
  EXPECT_THAT(unknown.hint, HasSubstr("tasks"));
  for (const char* name : {"", "2b", "A-b", "_A", "Ä"}) {
    EXPECT_EQ(failure(document, {{"tasks", name}}).code, ErrorCode::InvalidArgument) << name;
  }
}

}  // namespace
}  // namespace convoy::codegen
