// Nulls, sizes that can't be, text that is none: errors, and every place for a result written.
#include <stdint.h>
#include <string.h>

#include "check.h"
#include "fixture.h"

// Something that is no result, to see that it is overwritten.
static char rubbish;

#define REFUSES(what, call) FAILS(CONVOY_E_INVALID_ARGUMENT, what, call)

static void refuses_null_handles(void) {
  convoy_error* error = NULL;
  convoy_text* text = (convoy_text*)&rubbish;
  convoy_rows* rows = (convoy_rows*)&rubbish;
  convoy_database* database = (convoy_database*)&rubbish;
  int64_t count = 7;
  CHECK(convoy_database_reader(NULL) == NULL && convoy_writer_reader(NULL) == NULL);
  REFUSES("reader", convoy_find(NULL, Z("tasks"), Z("a"), &text, &error));
  CHECK(text == NULL);
  REFUSES("reader", convoy_fetch(NULL, Z("{}"), &text, &error));
  REFUSES("reader", convoy_fetch_ids(NULL, Z("{}"), &text, &error));
  REFUSES("reader", convoy_count(NULL, Z("{}"), &count, &error));
  CHECK(count == 0);
  REFUSES("reader", convoy_select(NULL, Z("select 1"), NONE, &text, &error));
  REFUSES("reader", convoy_explain(NULL, Z("{}"), &text, &error));
  REFUSES("reader", convoy_parents(NULL, Z("tasks"), Z("[]"), Z("c"), &text, &error));
  REFUSES("reader", convoy_children(NULL, Z("tasks"), Z("[]"), Z("tasks"), NONE, &text, &error));
  REFUSES("reader", convoy_find_row(NULL, Z("tasks"), Z("a"), &rows, &error));
  CHECK(rows == NULL);
  REFUSES("reader", convoy_fetch_rows(NULL, Z("{}"), &rows, &error));
  REFUSES("reader", convoy_select_rows(NULL, Z("select 1"), NONE, &rows, &error));
  REFUSES("writer", convoy_create(NULL, Z("tasks"), NONE, NONE, &text, &error));
  REFUSES("writer", convoy_update(NULL, Z("tasks"), Z("a"), NONE, &text, &error));
  REFUSES("writer", convoy_mark_deleted(NULL, Z("tasks"), Z("a"), &count, &error));
  REFUSES("writer", convoy_erase(NULL, Z("tasks"), Z("a"), &count, &error));
  REFUSES("writer", convoy_load(NULL, Z("tasks"), Z("{}"), &count, &error));
  REFUSES("writer", convoy_create_row(NULL, Z("tasks"), NONE, NULL, &rows, &error));
  REFUSES("writer", convoy_update_row(NULL, Z("tasks"), Z("a"), NULL, &rows, &error));
  REFUSES("database", convoy_write_batch(NULL, Z("[]"), &text, &error));
  REFUSES("database", convoy_local_get(NULL, Z("k"), &text, &error));
  REFUSES("database", convoy_local_set(NULL, Z("k"), Z("v"), &error));
  REFUSES("database", convoy_local_remove(NULL, Z("k"), &error));
  REFUSES("database", convoy_new_id(NULL, Z("tasks"), &text, &error));
  REFUSES("fields", convoy_fields_set_null(NULL, Z("c"), &error));
  REFUSES("fields", convoy_fields_set_boolean(NULL, Z("c"), 1, &error));
  REFUSES("fields", convoy_fields_set_number(NULL, Z("c"), 1, &error));
  REFUSES("fields", convoy_fields_set_text(NULL, Z("c"), Z("x"), &error));
  REFUSES("schema", convoy_database_open(NULL, 4, Z("{}"), NULL, &database, &error));
  CHECK(database == NULL);
  convoy_database_close(NULL);
  convoy_fields_free(NULL);
  convoy_executor_free(NULL);
}

static convoy_status succeed_reading(convoy_reader* reader, void* user) {
  (void)reader;
  (void)user;
  return CONVOY_OK;
}

static convoy_status succeed_writing(convoy_writer* writer, void* user) {
  (void)writer;
  (void)user;
  return CONVOY_OK;
}

static convoy_status refuse_null_fields(convoy_writer* writer, void* user) {
  convoy_error* error = NULL;
  (void)user;
  REFUSES("fields", convoy_update_row(writer, Z("tasks"), Z("a"), NULL, NULL, &error));
  return CONVOY_OK;
}

static void refuses_null_places_and_functions(convoy_database* database) {
  convoy_error* error = NULL;
  convoy_reader* reader = convoy_database_reader(database);
  convoy_executor* executor = (convoy_executor*)&rubbish;
  REFUSES("place", convoy_find(reader, Z("tasks"), Z("a"), NULL, &error));
  REFUSES("place", convoy_fetch(reader, Z("{\"from\": \"tasks\"}"), NULL, &error));
  REFUSES("place", convoy_fetch_ids(reader, Z("{\"from\": \"tasks\"}"), NULL, &error));
  REFUSES("place", convoy_count(reader, Z("{\"from\": \"tasks\"}"), NULL, &error));
  REFUSES("place", convoy_select(reader, Z("select 1"), NONE, NULL, &error));
  REFUSES("place", convoy_explain(reader, Z("{\"from\": \"tasks\"}"), NULL, &error));
  REFUSES("place", convoy_parents(reader, Z("tasks"), Z("[]"), Z("c"), NULL, &error));
  REFUSES("place", convoy_children(reader, Z("tasks"), Z("[]"), Z("tasks"), NONE, NULL, &error));
  REFUSES("place", convoy_find_row(reader, Z("tasks"), Z("a"), NULL, &error));
  REFUSES("place", convoy_fetch_rows(reader, Z("{\"from\": \"tasks\"}"), NULL, &error));
  REFUSES("place", convoy_select_rows(reader, Z("select 1"), NONE, NULL, &error));
  REFUSES("place", convoy_local_get(database, Z("k"), NULL, &error));
  REFUSES("place", convoy_new_id(database, Z("tasks"), NULL, &error));
  REFUSES("place", convoy_json_quote(Z("x"), NULL, &error));
  REFUSES("place", convoy_fields_create(NULL, &error));
  REFUSES("place", convoy_database_open(Z(task_schema), Z("{}"), NULL, NULL, &error));
  REFUSES("place", convoy_executor_create(NULL, NULL, NULL, &error));
  REFUSES("function", convoy_executor_create(NULL, NULL, &executor, &error));
  CHECK(executor == NULL);
  REFUSES("function", convoy_read(database, NULL, NULL, &error));
  REFUSES("function", convoy_write(database, NULL, NULL, &error));
  REFUSES("database", convoy_read(NULL, succeed_reading, NULL, &error));
  REFUSES("database", convoy_write(NULL, succeed_writing, NULL, &error));
  OK(convoy_write(database, refuse_null_fields, NULL, &error));
  // The number alone is enough, where nobody wants the error.
  CHECK(convoy_read(NULL, NULL, NULL, NULL) == CONVOY_E_INVALID_ARGUMENT);
  CHECK(convoy_count(reader, NULL, 0, NULL, NULL) == CONVOY_E_INVALID_ARGUMENT);
}

static void refuses_text_that_is_none(convoy_reader* reader) {
  convoy_error* error = NULL;
  convoy_text* text = (convoy_text*)&rubbish;
  REFUSES("table", convoy_find(reader, NULL, 5, Z("a"), &text, &error));
  CHECK(text == NULL);
  REFUSES("table", convoy_find(reader, NULL, CONVOY_CSTR, Z("a"), &text, &error));
  REFUSES("id", convoy_find(reader, Z("tasks"), "a", SIZE_MAX - 1, &text, &error));
  REFUSES("id", convoy_find(reader, Z("tasks"), "a", (size_t)INT32_MAX + 1, &text, &error));
  FAILS(CONVOY_E_UNKNOWN_TABLE, "\"\"", convoy_find(reader, NONE, NONE, &text, &error));
  FAILS(CONVOY_E_INVALID_TEXT, "the table", convoy_find(reader, Z("t\xc3"), Z("a"), &text, &error));
  FAILS(CONVOY_E_INVALID_TEXT, "the id", convoy_find(reader, Z("tasks"), "a\0", 2, &text, &error));
  FAILS(CONVOY_E_INVALID_TEXT, "the query",
        convoy_fetch(reader, Z("{\"from\":\"\xff\"}"), &text, &error));
  FAILS(CONVOY_E_INVALID_TEXT, "the select",
        convoy_select(reader, "select 1\0", 9, NONE, &text, &error));
  FAILS(CONVOY_E_INVALID_QUERY, "", convoy_fetch(reader, NONE, &text, &error));
  FAILS(CONVOY_E_INVALID_QUERY, "", convoy_select(reader, NONE, NONE, &text, &error));
  REFUSES("ids", convoy_parents(reader, Z("tasks"), NONE, Z("c"), &text, &error));
}

static void refuses_json_without_an_end(convoy_reader* reader) {
  convoy_error* error = NULL;
  convoy_text* text = NULL;
  char deep[4000];
  memset(deep, '[', sizeof deep);
  FAILS(CONVOY_E_INVALID_QUERY, "", convoy_fetch(reader, deep, sizeof deep, &text, &error));
  REFUSES("args", convoy_select(reader, Z("select 1"), deep, sizeof deep, &text, &error));
}

void test_misuse(void) {
  convoy_database* database = open_with_tasks();
  convoy_reader* reader = convoy_database_reader(database);
  refuses_null_handles();
  refuses_null_places_and_functions(database);
  refuses_text_that_is_none(reader);
  refuses_json_without_an_end(reader);
  convoy_database_close(database);
}
