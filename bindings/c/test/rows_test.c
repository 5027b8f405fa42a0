// Results without JSON.
#include <string.h>

#include "check.h"
#include "fixture.h"

static int is_text(const convoy_rows* rows, size_t column, const char* expected) {
  size_t size = 999;
  const char* text = convoy_rows_text(rows, column, &size);
  return convoy_rows_type(rows, column) == CONVOY_TEXT && text != NULL &&
         strcmp(text, expected) == 0 && size == strlen(expected);
}

static int is_nothing(const convoy_rows* rows, size_t column) {
  size_t size = 999;
  return convoy_rows_type(rows, column) == CONVOY_NULL &&
         convoy_rows_text(rows, column, &size) == NULL && size == 0 &&
         convoy_rows_text(rows, column, NULL) == NULL && convoy_rows_number(rows, column) == 0 &&
         convoy_rows_boolean(rows, column) == 0;
}

static void steps_through_records(convoy_reader* reader) {
  convoy_error* error = NULL;
  convoy_rows* rows = NULL;
  const char* query = "{\"from\": \"tasks\", \"order\": [[\"id\", \"asc\"]]}";
  OK(convoy_fetch_rows(reader, Z(query), &rows, &error));
  CHECK(convoy_rows_count(rows) == 3);
  CHECK(convoy_rows_column_count(rows) == 10);
  size_t size = 0;
  CHECK(strcmp(convoy_rows_column_name(rows, 0, NULL), "id") == 0);
  CHECK(strcmp(convoy_rows_column_name(rows, 5, &size), "title") == 0 && size == 5);
  CHECK(convoy_rows_column_name(rows, 10, &size) == NULL && size == 0);
  const size_t title = (size_t)convoy_rows_column(rows, Z("title"));
  const size_t rank = (size_t)convoy_rows_column(rows, "rank!", 4);
  const size_t done = (size_t)convoy_rows_column(rows, Z("done"));
  CHECK(title == 5 && rank == 6 && done == 7);
  CHECK(convoy_rows_column(rows, Z("Title")) == -1);

  CHECK(is_nothing(rows, title));
  CHECK(convoy_rows_step(rows) == 1);
  CHECK(is_text(rows, 0, "a") && is_text(rows, 1, "created") && is_text(rows, 2, ""));
  CHECK(is_text(rows, title, "a"));
  CHECK(convoy_rows_type(rows, rank) == CONVOY_NUMBER && convoy_rows_number(rows, rank) == 1);
  CHECK(convoy_rows_boolean(rows, rank) == 0 && convoy_rows_text(rows, rank, NULL) == NULL);
  CHECK(convoy_rows_type(rows, done) == CONVOY_BOOLEAN && convoy_rows_boolean(rows, done) == 0);
  CHECK(convoy_rows_number(rows, title) == 0);
  CHECK(is_nothing(rows, 4));
  CHECK(is_nothing(rows, 10));
  CHECK(convoy_rows_step(rows) == 1);
  CHECK(is_text(rows, 0, "b") && convoy_rows_boolean(rows, done) == 1);
  CHECK(convoy_rows_step(rows) == 1);
  CHECK(is_text(rows, 0, "c") && is_nothing(rows, rank));
  CHECK(convoy_rows_step(rows) == 0);
  CHECK(convoy_rows_step(rows) == 0);
  CHECK(is_nothing(rows, 0));
  convoy_rows_rewind(rows);
  CHECK(is_nothing(rows, 0));
  CHECK(convoy_rows_step(rows) == 1 && is_text(rows, 0, "a"));
  convoy_rows_free(rows);
}

static void finds_one_row(convoy_reader* reader) {
  convoy_error* error = NULL;
  convoy_rows* row = NULL;
  OK(convoy_find_row(reader, Z("projects"), Z("p1"), &row, &error));
  CHECK(convoy_rows_count(row) == 1 && convoy_rows_step(row) == 1 && is_text(row, 3, "One"));
  convoy_rows_free(row);
  OK(convoy_find_row(reader, Z("projects"), Z("none"), &row, &error));
  CHECK(convoy_rows_count(row) == 0 && convoy_rows_step(row) == 0);
  CHECK(convoy_rows_column(row, Z("name")) == 3);
  convoy_rows_free(row);
}

static void selects_rows(convoy_reader* reader) {
  convoy_error* error = NULL;
  convoy_rows* rows = NULL;
  OK(convoy_select_rows(reader, Z("select ? as a, 2 as b, null as c, x'00' as d, ? as e"),
                        Z("[\"text\", true]"), &rows, &error));
  CHECK(convoy_rows_column_count(rows) == 5 && convoy_rows_column(rows, Z("d")) == 3);
  CHECK(convoy_rows_step(rows) == 1);
  CHECK(is_text(rows, 0, "text") && convoy_rows_number(rows, 1) == 2);
  CHECK(is_nothing(rows, 2) && is_nothing(rows, 3));
  CHECK(convoy_rows_type(rows, 4) == CONVOY_NUMBER && convoy_rows_number(rows, 4) == 1);
  CHECK(convoy_rows_step(rows) == 0);
  convoy_rows_free(rows);
}

static void outlives_the_database(void) {
  convoy_error* error = NULL;
  convoy_rows* rows = NULL;
  convoy_database* database = open_with_tasks();
  OK(convoy_fetch_rows(convoy_database_reader(database), Z("{\"from\": \"projects\"}"), &rows,
                       &error));
  convoy_database_close(database);
  CHECK(convoy_rows_step(rows) == 1 && is_text(rows, 3, "One"));
  CHECK(strcmp(convoy_rows_column_name(rows, 3, NULL), "name") == 0);
  convoy_rows_free(rows);
}

static void takes_null_for_no_rows(void) {
  CHECK(convoy_rows_count(NULL) == 0 && convoy_rows_column_count(NULL) == 0);
  CHECK(convoy_rows_step(NULL) == 0 && convoy_rows_column(NULL, Z("id")) == -1);
  CHECK(convoy_rows_column_name(NULL, 0, NULL) == NULL && is_nothing(NULL, 0));
  convoy_rows_rewind(NULL);
  convoy_rows_free(NULL);
}

void test_rows(void) {
  convoy_database* database = open_with_tasks();
  convoy_reader* reader = convoy_database_reader(database);
  steps_through_records(reader);
  finds_one_row(reader);
  selects_rows(reader);
  convoy_database_close(database);
  outlives_the_database();
  takes_null_for_no_rows();
}
