// A local schema as SQL. That Postgres takes it, and that it comes back as it was, is tested in
// test/server/schema.test.mjs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codegen/postgres_emitter.h"

namespace convoy::codegen {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string sql_of(std::vector<Table> tables) {
  const schema::SchemaDocument document{.schema = {.version = 1, .tables = std::move(tables)},
                                        .migrations = {}};
  EXPECT_TRUE(validate(document.schema).ok());
  return emit_postgres(document);
}

Column key(const char* name, const char* table, OnDelete on_delete = OnDelete::Cascade) {
  return {.name = name,
          .is_optional = on_delete == OnDelete::SetNull,
          .pg_type = PgType::Uuid,
          .references = Reference{.table = table, .on_delete = on_delete}};
}

TEST(Postgres, HasATypeForEveryColumn) {
  const auto sql = sql_of(
      {{.name = "things",
        .columns = {
            {.name = "t"},
            {.name = "n", .type = ColumnType::Number},
            {.name = "b", .type = ColumnType::Boolean},
            {.name = "at", .type = ColumnType::Number, .pg_type = PgType::Timestamptz},
            {.name = "day", .is_optional = true, .pg_type = PgType::Date},
            {.name = "u", .pg_type = PgType::Uuid},
            {.name = "doc", .pg_type = PgType::Jsonb},
            {.name = "tags", .pg_type = PgType::Array},
            {.name = "big", .pg_type = PgType::Bigint},
            {.name = "price", .is_optional = true, .pg_type = PgType::Numeric},
            {.name = "created_at", .type = ColumnType::Number, .pg_type = PgType::Timestamptz}}}});
  EXPECT_THAT(sql, HasSubstr(R"(create table if not exists public.things (
  id uuid primary key default gen_random_uuid(),
  t text not null default '',
  n double precision not null default 0,
  b boolean not null default false,
  at timestamptz not null,
  day date,
  u uuid not null,
  doc jsonb not null,
  tags text[] not null,  -- or an array of another type
  big bigint not null default 0,
  price numeric,
  created_at timestamptz not null default now()
);
)"));
}

TEST(Postgres, MakesParentsFirst) {
  const auto sql =
      sql_of({{.name = "tasks",
               .columns = {key("list_id", "lists"), key("parent_id", "tasks", OnDelete::SetNull)}},
              {.name = "lists", .columns = {}}});
  EXPECT_LT(sql.find("exists public.lists"), sql.find("exists public.tasks"));
  EXPECT_THAT(sql,
              HasSubstr("list_id uuid not null references public.lists (id) on delete cascade"));
  EXPECT_THAT(sql, HasSubstr("parent_id uuid references public.tasks (id) on delete set null"));
  EXPECT_THAT(sql,
              HasSubstr("create index if not exists tasks_list_id on public.tasks (list_id);"));
  EXPECT_THAT(sql, HasSubstr("select convoy.enable('public.lists');\n"
                             "select convoy.enable('public.tasks', scope_via => 'list_id');\n"));
  EXPECT_THAT(sql, HasSubstr("alter table public.tasks enable row level security;\n"));
  EXPECT_THAT(sql, HasSubstr("--   using (exists (select 1 from public.lists p where p.id = "
                             "tasks.list_id))\n"));
  EXPECT_THAT(sql, HasSubstr("--   using (owner = (select auth.uid()))\n"));
}

TEST(Postgres, ACircleIsClosedAtTheEnd) {
  const auto sql = sql_of({{.name = "a", .columns = {key("b_id", "b")}},
                           {.name = "b", .columns = {key("a_id", "a", OnDelete::SetNull)}}});
  EXPECT_THAT(sql, HasSubstr("  b_id uuid not null\n"));
  EXPECT_THAT(sql, HasSubstr("a_id uuid references public.a (id) on delete set null\n"));
  EXPECT_THAT(sql, HasSubstr("alter table public.a drop constraint if exists a_b_id_fkey,\n"
                             "  add constraint a_b_id_fkey foreign key (b_id) references public.b "
                             "(id) on delete cascade;\n"));
  EXPECT_THAT(sql, Not(HasSubstr("scope_via =>")));
}

TEST(Postgres, AForeignKeyHasTheTypeOfItsTarget) {
  const auto sql = sql_of(
      {{.name = "lists", .columns = {}, .ids = IdKind::Watermelon},
       {.name = "tasks",
        .columns = {{.name = "list_id", .references = Reference{"lists"}},
                    {.name = "odd", .pg_type = PgType::Jsonb, .references = Reference{"lists"}}}}});
  EXPECT_THAT(sql, HasSubstr("public.lists (\n  id text primary key\n)"));
  EXPECT_THAT(sql, HasSubstr("list_id text not null references public.lists (id),\n"));
  EXPECT_THAT(sql, HasSubstr("odd jsonb not null\n"));
}

TEST(Postgres, QuotesNamesThatNeedIt) {
  const auto sql = sql_of({{.name = "Order", .columns = {{.name = "user", .is_indexed = true}}},
                           {.name = "items", .columns = {key("Order_id", "Order")}}});
  EXPECT_THAT(sql, HasSubstr("exists public.\"Order\" ("));
  EXPECT_THAT(sql, HasSubstr("  \"user\" text not null"));
  EXPECT_THAT(sql, HasSubstr("references public.\"Order\" (id)"));
  EXPECT_THAT(sql, HasSubstr("on public.\"Order\" (\"user\");"));
  EXPECT_THAT(sql, HasSubstr("select convoy.enable('public.\"Order\"');"));
  EXPECT_THAT(sql, HasSubstr("scope_via => 'Order_id'"));
}

TEST(Postgres, LeavesOutWhatStaysOnTheDevice) {
  const auto sql = sql_of(
      {{.name = "drafts", .columns = {}, .is_local_only = true}, {.name = "tasks", .columns = {}}});
  EXPECT_THAT(sql, HasSubstr("because they live on devices alone: drafts.\n"));
  EXPECT_THAT(sql, Not(HasSubstr("public.drafts")));
}

}  // namespace
}  // namespace convoy::codegen
