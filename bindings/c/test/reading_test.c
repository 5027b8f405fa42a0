// Reading with results as JSON, and several reads of one state.
#include <string.h>

#include "check.h"
#include "fixture.h"

static void finds_a_record(convoy_reader* reader) {
  convoy_error* error = NULL;
  convoy_text* record = NULL;
  OK(convoy_find(reader, Z("tasks"), Z("b"), &record, &error));
  TEXT_IS(record,
          "{\"id\":\"b\",\"_status\":\"created\",\"_changed\":\"\",\"project_id\":\"p1\","
          "\"parent_id\":\"a\",\"title\":\"b\",\"rank\":2.5,\"done\":true,\"details\":null,"
          "\"amount\":null}");
  OK(convoy_find(reader, Z("tasks"), Z("none"), &record, &error));
  CHECK(record == NULL);
  OK(convoy_find(reader, Z("tasks"), Z("x"), &record, &error));
  CHECK(record == NULL);
  OK(convoy_find(reader, "tasks and more", 5, "around", 1, &record, &error));
  TEXT_HAS(record, "\"id\":\"a\"");
  FAILS(CONVOY_E_UNKNOWN_TABLE, "Did you mean \"tasks\"?",
        convoy_find(reader, Z("taks"), Z("a"), &record, &error));
}

static void answers_queries(convoy_reader* reader) {
  convoy_error* error = NULL;
  convoy_text* json = NULL;
  int64_t count = -1;
  const char* query =
      "{\"from\": \"tasks\", \"where\": [[\"project_id\", \"eq\", \"p1\"]],"
      " \"order\": [[\"rank\", \"desc\"]]}";
  OK(convoy_fetch_ids(reader, Z(query), &json, &error));
  TEXT_IS(json, "[\"b\",\"a\"]");
  OK(convoy_count(reader, Z(query), &count, &error));
  CHECK(count == 2);
  OK(convoy_fetch(reader, Z(query), &json, &error));
  TEXT_HAS(json, "\"rank\":2.5,\"done\":true,\"details\":null,\"amount\":null},{\"id\":\"a\"");
  OK(convoy_fetch(reader, Z("{\"from\": \"tasks\", \"take\": 0}"), &json, &error));
  TEXT_IS(json, "[]");
  OK(convoy_explain(reader, Z(query), &json, &error));
  TEXT_HAS(json, "tasks_project_id");

  FAILS(CONVOY_E_INVALID_QUERY, "JSON", convoy_fetch(reader, Z("{\"from\""), &json, &error));
  FAILS(CONVOY_E_UNKNOWN_TABLE, "tsks",
        convoy_fetch(reader, Z("{\"from\":\"tsks\"}"), &json, &error));
  FAILS(CONVOY_E_UNKNOWN_COLUMN, "\"rank\"",
        convoy_count(reader, Z("{\"from\":\"tasks\",\"where\":[[\"rnk\",\"eq\",1]]}"), &count,
                     &error));
  CHECK(count == 0);
}

static void selects_plain_values(convoy_reader* reader) {
  convoy_error* error = NULL;
  convoy_text* rows = NULL;
  OK(convoy_select(reader,
                   Z("select project_id, count(*) as n from tasks where _status is not 'deleted' "
                     "and title is not ? group by 1 order by 1"),
                   Z("[\"it's \\\"odd\\\"\"]"), &rows, &error));
  TEXT_IS(rows, "{\"columns\":[\"project_id\",\"n\"],\"rows\":[[\"nowhere\",1],[\"p1\",2]]}");
  OK(convoy_select(reader, Z("select 1 where 0"), NONE, &rows, &error));
  TEXT_IS(rows, "{\"columns\":[\"1\"],\"rows\":[]}");
  FAILS(CONVOY_E_INVALID_QUERY, "write",
        convoy_select(reader, Z("delete from tasks"), NONE, &rows, &error));
  FAILS(CONVOY_E_INVALID_QUERY, "arguments",
        convoy_select(reader, Z("select ?"), NONE, &rows, &error));
  FAILS(CONVOY_E_INVALID_ARGUMENT, "args",
        convoy_select(reader, Z("select ?"), Z("{}"), &rows, &error));
  FAILS(CONVOY_E_INVALID_ARGUMENT, "args[0]",
        convoy_select(reader, Z("select ?"), Z("[[]]"), &rows, &error));
  FAILS(CONVOY_E_INVALID_ARGUMENT, "digits",
        convoy_select(reader, Z("select ?"), Z("[9007199254740993]"), &rows, &error));
}

static void follows_relations(convoy_reader* reader) {
  convoy_error* error = NULL;
  convoy_text* json = NULL;
  OK(convoy_parents(reader, Z("tasks"), Z("[\"b\", \"c\", \"none\", \"a\"]"), Z("project_id"),
                    &json, &error));
  TEXT_IS(json,
          "[{\"id\":\"p1\",\"_status\":\"created\",\"_changed\":\"\",\"name\":\"One\"},null,null,"
          "{\"id\":\"p1\",\"_status\":\"created\",\"_changed\":\"\",\"name\":\"One\"}]");
  OK(convoy_children(reader, Z("tasks"), Z("[\"b\", \"a\"]"), Z("tasks"), Z("parent_id"), &json,
                     &error));
  TEXT_HAS(json, "[[],[{\"id\":\"b\"");
  OK(convoy_children(reader, Z("projects"), Z("[\"p2\", \"p2\"]"), Z("tasks"), NONE, &json,
                     &error));
  TEXT_IS(json, "[[],[]]");
  OK(convoy_parents(reader, Z("tasks"), Z("[]"), Z("project_id"), &json, &error));
  TEXT_IS(json, "[]");
  FAILS(CONVOY_E_INVALID_QUERY, "title",
        convoy_parents(reader, Z("tasks"), Z("[\"a\"]"), Z("title"), &json, &error));
  FAILS(CONVOY_E_INVALID_ARGUMENT, "ids[0]",
        convoy_parents(reader, Z("tasks"), Z("[1]"), Z("project_id"), &json, &error));
}

static convoy_status read_everything(convoy_reader* reader, void* user) {
  convoy_error* error = NULL;
  convoy_text* json = NULL;
  finds_a_record(reader);
  follows_relations(reader);
  *(int64_t*)user = count_of(reader, "tasks");
  return convoy_find(reader, Z("tsks"), Z("a"), &json, NULL) == CONVOY_E_UNKNOWN_TABLE &&
                 error == NULL
             ? CONVOY_E_UNKNOWN_TABLE
             : CONVOY_OK;
}

static convoy_status end_with(convoy_reader* reader, void* user) {
  (void)reader;
  return *(convoy_status*)user;
}

static convoy_status use_the_database(convoy_reader* reader, void* user) {
  convoy_error* error = NULL;
  int64_t count = 0;
  (void)reader;
  FAILS(CONVOY_E_INVALID_STATE, "inside",
        convoy_count(convoy_database_reader(user), Z("{\"from\": \"tasks\"}"), &count, &error));
  return CONVOY_OK;
}

static void reads_one_state(convoy_database* database) {
  convoy_error* error = NULL;
  int64_t count = 0;
  FAILS(CONVOY_E_UNKNOWN_TABLE, "tsks", convoy_read(database, read_everything, &count, &error));
  CHECK(count == 3);
  convoy_status status = CONVOY_OK;
  OK(convoy_read(database, end_with, &status, &error));
  OK(convoy_read(database, use_the_database, database, &error));
  status = -12;
  FAILS(-12, "-12", convoy_read(database, end_with, &status, &error));
  status = CONVOY_E_NOT_FOUND;
  FAILS(CONVOY_E_NOT_FOUND, "own function", convoy_read(database, end_with, &status, &error));
}

void test_reading(void) {
  convoy_database* database = open_with_tasks();
  convoy_reader* reader = convoy_database_reader(database);
  finds_a_record(reader);
  answers_queries(reader);
  selects_plain_values(reader);
  follows_relations(reader);
  reads_one_state(database);
  convoy_database_close(database);
}
