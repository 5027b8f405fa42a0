// Transactions: what is written, what is seen, and what remains when they end otherwise.
#include <string.h>

#include "check.h"
#include "fixture.h"

static convoy_status write_everything(convoy_writer* writer, void* user) {
  convoy_error* error = NULL;
  convoy_text* record = NULL;
  int64_t count = 0;
  (void)user;
  OK(convoy_create(writer, Z("projects"), Z("p"), Z("{\"name\": \"One\"}"), &record, &error));
  TEXT_IS(record, "{\"id\":\"p\",\"_status\":\"created\",\"_changed\":\"\",\"name\":\"One\"}");
  OK(convoy_create(writer, Z("tasks"), Z("t"),
                   Z("{\"project_id\": \"p\", \"details\": {\"a\": [1]}, \"amount\": 12.50}"),
                   &record, &error));
  TEXT_HAS(record, "\"details\":\"{\\\"a\\\":[1]}\",\"amount\":\"12.50\"");
  OK(convoy_create(writer, Z("tasks"), NONE, NONE, &record, &error));
  TEXT_HAS(record, "\"project_id\":\"\"");
  OK(convoy_update(writer, Z("tasks"), Z("t"), Z("{\"rank\": 3, \"details\": null}"), &record,
                   &error));
  TEXT_HAS(record, "\"rank\":3,\"done\":false,\"details\":null");
  OK(convoy_update(writer, Z("tasks"), Z("t"), Z("{\"title\": \"new\"}"), NULL, &error));
  CHECK(count_of(convoy_writer_reader(writer), "tasks") == 2);
  OK(convoy_mark_deleted(writer, Z("projects"), Z("p"), &count, &error));
  CHECK(count == 2);
  CHECK(count_of(convoy_writer_reader(writer), "tasks") == 1);
  return CONVOY_OK;
}

static void sees_and_keeps_what_it_writes(void) {
  convoy_error* error = NULL;
  convoy_database* database = open_in_memory(NULL);
  OK(convoy_write(database, write_everything, NULL, &error));
  CHECK(count_of(convoy_database_reader(database), "tasks") == 1);
  CHECK(count_of(convoy_database_reader(database), "projects") == 0);
  convoy_database_close(database);
}

static convoy_status refuse_bad_values(convoy_writer* writer, void* user) {
  convoy_error* error = NULL;
  convoy_text* record = NULL;
  (void)user;
  FAILS(CONVOY_E_INVALID_ARGUMENT, "tasks.rank",
        convoy_create(writer, Z("tasks"), NONE, Z("{\"rank\": \"high\"}"), &record, &error));
  CHECK(record == NULL);
  FAILS(CONVOY_E_INVALID_ARGUMENT, "tasks.title",
        convoy_create(writer, Z("tasks"), NONE, Z("{\"title\": null}"), &record, &error));
  FAILS(CONVOY_E_INVALID_ARGUMENT, "tasks.title",
        convoy_create(writer, Z("tasks"), NONE, Z("{\"title\": {}}"), &record, &error));
  FAILS(CONVOY_E_INVALID_TEXT, "tasks.title",
        convoy_create(writer, Z("tasks"), NONE, Z("{\"title\": \"\\u0000\"}"), &record, &error));
  FAILS(CONVOY_E_UNKNOWN_COLUMN, "\"title\"",
        convoy_create(writer, Z("tasks"), NONE, Z("{\"titel\": \"x\"}"), &record, &error));
  FAILS(CONVOY_E_INVALID_ARGUMENT, "fields",
        convoy_create(writer, Z("tasks"), NONE, Z("{\"title\""), &record, &error));
  FAILS(CONVOY_E_INVALID_ARGUMENT, "object",
        convoy_create(writer, Z("tasks"), NONE, Z("[]"), &record, &error));
  FAILS(CONVOY_E_UNKNOWN_TABLE, "tsks",
        convoy_create(writer, Z("tsks"), NONE, NONE, &record, &error));
  FAILS(CONVOY_E_ALREADY_EXISTS, "p1",
        convoy_create(writer, Z("projects"), Z("p1"), NONE, &record, &error));
  FAILS(CONVOY_E_NOT_FOUND, "none",
        convoy_update(writer, Z("tasks"), Z("none"), NONE, &record, &error));
  FAILS(CONVOY_E_NOT_FOUND, "none",
        convoy_mark_deleted(writer, Z("tasks"), Z("none"), NULL, &error));
  FAILS(CONVOY_E_UNSENT_WRITES, "a", convoy_erase(writer, Z("tasks"), Z("a"), NULL, &error));
  return CONVOY_OK;
}

static void says_what_does_not_fit(void) {
  convoy_error* error = NULL;
  convoy_database* database = open_with_tasks();
  OK(convoy_write(database, refuse_bad_values, NULL, &error));
  CHECK(count_of(convoy_database_reader(database), "tasks") == 3);
  convoy_database_close(database);
}

static convoy_status create_then_return(convoy_writer* writer, void* user) {
  convoy_error* error = NULL;
  OK(convoy_create(writer, Z("projects"), Z("lost"), NONE, NULL, &error));
  return *(convoy_status*)user;
}

static convoy_status create_then_fail(convoy_writer* writer, void* user) {
  convoy_error* error = NULL;
  (void)user;
  OK(convoy_create(writer, Z("projects"), Z("lost"), NONE, NULL, &error));
  return convoy_update(writer, Z("tasks"), Z("none"), Z("{}"), NULL, NULL);
}

static convoy_status read_then_fail(convoy_writer* writer, void* user) {
  convoy_text* record = NULL;
  (void)user;
  return convoy_find(convoy_writer_reader(writer), Z("tsks"), Z("a"), &record, NULL);
}

static void leaves_nothing_behind_when_it_is_rolled_back(void) {
  convoy_error* error = NULL;
  convoy_database* database = open_in_memory(NULL);
  convoy_status status = -1;
  FAILS(-1, "-1", convoy_write(database, create_then_return, &status, &error));
  CHECK(convoy_write(database, create_then_return, &status, NULL) == -1);
  status = CONVOY_E_CANCELLED;
  FAILS(CONVOY_E_CANCELLED, "own function",
        convoy_write(database, create_then_return, &status, &error));
  FAILS(CONVOY_E_NOT_FOUND, "\"none\"", convoy_write(database, create_then_fail, NULL, &error));
  FAILS(CONVOY_E_UNKNOWN_TABLE, "tsks", convoy_write(database, read_then_fail, NULL, &error));
  CHECK(count_of(convoy_database_reader(database), "projects") == 0);
  status = CONVOY_OK;
  OK(convoy_write(database, create_then_return, &status, &error));
  CHECK(count_of(convoy_database_reader(database), "projects") == 1);
  convoy_database_close(database);
}

static convoy_status use_the_database(convoy_writer* writer, void* user) {
  convoy_error* error = NULL;
  convoy_database* database = user;
  convoy_status status = CONVOY_OK;
  int64_t count = 0;
  (void)writer;
  FAILS(CONVOY_E_INVALID_STATE, "inside",
        convoy_write(database, create_then_return, &status, &error));
  FAILS(CONVOY_E_INVALID_STATE, "inside",
        convoy_count(convoy_database_reader(database), Z("{\"from\": \"tasks\"}"), &count, &error));
  FAILS(CONVOY_E_INVALID_STATE, "inside", convoy_local_set(database, Z("k"), Z("v"), &error));
  return CONVOY_OK;
}

static void refuses_the_database_inside_of_a_write(void) {
  convoy_error* error = NULL;
  convoy_database* database = open_in_memory(NULL);
  OK(convoy_write(database, use_the_database, database, &error));
  convoy_database_close(database);
}

static convoy_status load_records(convoy_writer* writer, void* user) {
  convoy_error* error = NULL;
  int64_t count = 0;
  (void)user;
  OK(convoy_load(
      writer, Z("tasks"),
      Z("{\"columns\": [\"id\", \"title\", \"details\"], \"rows\": [[\"l1\", \"one\", {\"a\": 1}],"
        " [\"l2\", \"two\", null]]}"),
      &count, &error));
  CHECK(count == 2);
  return CONVOY_OK;
}

static convoy_status load_badly(convoy_writer* writer, void* user) {
  return convoy_load(writer, Z("tasks"), Z((const char*)user), NULL, NULL);
}

static convoy_status erase_a_record(convoy_writer* writer, void* user) {
  (void)user;
  return convoy_erase(writer, Z("tasks"), Z("l1"), NULL, NULL);
}

static void loads_and_erases_what_the_server_has(void) {
  convoy_error* error = NULL;
  convoy_text* record = NULL;
  convoy_database* database = open_in_memory(NULL);
  convoy_reader* reader = convoy_database_reader(database);
  OK(convoy_write(database, load_records, NULL, &error));
  OK(convoy_find(reader, Z("tasks"), Z("l1"), &record, &error));
  TEXT_HAS(record, "\"_status\":\"synced\"");
  OK(convoy_write(database, erase_a_record, NULL, &error));
  CHECK(count_of(reader, "tasks") == 1);
  FAILS(CONVOY_E_UNKNOWN_COLUMN, "nope",
        convoy_write(database, load_badly, "{\"columns\": [\"id\", \"nope\"], \"rows\": []}",
                     &error));
  FAILS(CONVOY_E_INVALID_ARGUMENT, "rows[1]",
        convoy_write(database, load_badly, "{\"columns\": [\"id\"], \"rows\": [[\"l3\"], []]}",
                     &error));
  FAILS(CONVOY_E_INVALID_ARGUMENT, "id",
        convoy_write(database, load_badly, "{\"columns\": [\"title\"], \"rows\": []}", &error));
  CHECK(count_of(reader, "tasks") == 1);
  convoy_database_close(database);
}

static convoy_status write_rows(convoy_writer* writer, void* user) {
  convoy_error* error = NULL;
  convoy_fields* fields = user;
  convoy_rows* row = NULL;
  OK(convoy_create_row(writer, Z("tasks"), NONE, fields, &row, &error));
  CHECK(convoy_rows_step(row) == 1);
  const char* id = convoy_rows_text(row, 0, NULL);
  CHECK(strcmp(convoy_rows_text(row, 5, NULL), "say \"hi\"") == 0);
  CHECK(convoy_rows_number(row, 6) == 2.5 && convoy_rows_boolean(row, 7) == 1);
  convoy_fields* changes = NULL;
  convoy_rows* changed = NULL;
  OK(convoy_fields_create(&changes, &error));
  OK(convoy_fields_set_null(changes, Z("rank"), &error));
  OK(convoy_update_row(writer, Z("tasks"), Z(id), changes, &changed, &error));
  CHECK(convoy_rows_step(changed) == 1 && convoy_rows_type(changed, 6) == CONVOY_NULL);
  OK(convoy_fields_set_number(changes, Z("title"), 1, &error));
  FAILS(CONVOY_E_INVALID_ARGUMENT, "tasks.title",
        convoy_update_row(writer, Z("tasks"), Z(id), changes, NULL, &error));
  OK(convoy_create_row(writer, Z("projects"), Z("empty"), NULL, NULL, &error));
  convoy_rows_free(changed);
  convoy_rows_free(row);
  convoy_fields_free(changes);
  return CONVOY_OK;
}

static void writes_without_json(void) {
  convoy_error* error = NULL;
  convoy_fields* fields = NULL;
  convoy_database* database = open_in_memory(NULL);
  OK(convoy_fields_create(&fields, &error));
  OK(convoy_fields_set_text(fields, Z("title"), Z("first"), &error));
  OK(convoy_fields_set_text(fields, Z("title"), Z("say \"hi\""), &error));
  OK(convoy_fields_set_number(fields, Z("rank"), 2.5, &error));
  OK(convoy_fields_set_boolean(fields, Z("done"), 7, &error));
  FAILS(CONVOY_E_INVALID_TEXT, "UTF-8",
        convoy_fields_set_text(fields, Z("title"), Z("\xff"), &error));
  OK(convoy_write(database, write_rows, fields, &error));
  convoy_fields_free(fields);
  convoy_database_close(database);
}

void test_writing(void) {
  sees_and_keeps_what_it_writes();
  says_what_does_not_fit();
  leaves_nothing_behind_when_it_is_rolled_back();
  refuses_the_database_inside_of_a_write();
  loads_and_erases_what_the_server_has();
  writes_without_json();
}
