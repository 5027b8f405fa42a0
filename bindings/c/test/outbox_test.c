// What waits to be sent, and how records stand. (Refusals and conflicts take a server: what they
// leave is tested in C++, and here only that this door leads there.)
#include "check.h"
#include "fixture.h"

void test_outbox(void) {
  convoy_error* error = NULL;
  convoy_text* text = NULL;
  convoy_database* database = open_in_memory(NULL);
  OK(convoy_outbox_list(database, &text, &error));
  TEXT_IS(text, "[]");
  FAILS(CONVOY_E_NOT_FOUND, "nothing to undo", convoy_outbox_undo(database, 0, &text, &error));
  CHECK(text == NULL);
  write_all(database, "[{\"create\": \"projects\", \"id\": \"p\"}]");
  write_all(database,
            "[{\"create\": \"tasks\", \"id\": \"t\", \"fields\": {\"project_id\": \"p\"}}]");
  write_all(database, "[{\"create\": \"projects\", \"id\": \"q\"}]");

  OK(convoy_outbox_list(database, &text, &error));
  TEXT_HAS(text, "[{\"number\":1,\"state\":\"pending\",");
  OK(convoy_outbox_find(database, 1, &text, &error));
  TEXT_HAS(text, "\"dependents\":[2]");
  OK(convoy_outbox_story(database, 2, &text, &error));
  TEXT_HAS(text, "{\"number\":2,\"state\":\"pending\",\"mid\":null,");
  OK(convoy_record_state(database, Z("tasks"), Z("t"), &text, &error));
  TEXT_IS(text, "pending");
  FAILS(CONVOY_E_UNKNOWN_TABLE, "tasks",
        convoy_record_state(database, Z("task"), Z("t"), &text, &error));

  FAILS(CONVOY_E_INVALID_STATE, "pending, not parked",
        convoy_outbox_retry(database, 1, &text, &error));
  FAILS(CONVOY_E_INVALID_STATE, "pending, not parked",
        convoy_outbox_edit(database, 1, Z("projects"), Z("p"), Z("{\"name\": \"New\"}"), &text,
                           &error));
  FAILS(CONVOY_E_INVALID_ARGUMENT, "fields",
        convoy_outbox_edit(database, 1, Z("projects"), Z("p"), Z("[]"), &text, &error));
  FAILS(CONVOY_E_NOT_FOUND, "9", convoy_outbox_discard(database, 9, NULL, &error));

  OK(convoy_outbox_undo(database, 0, &text, &error));
  TEXT_IS(text, "[3]");
  OK(convoy_outbox_discard(database, 1, &text, &error));
  TEXT_IS(text, "[1,2]");
  OK(convoy_outbox_story(database, 1, &text, &error));
  TEXT_HAS(text, "\"state\":\"discarded\"");
  CHECK(count_of(convoy_database_reader(database), "projects") == 0);

  OK(convoy_conflicts_list(database, NONE, &text, &error));
  TEXT_IS(text, "[]");
  OK(convoy_conflicts_list(database, Z("{\"state\": \"open\", \"table\": \"tasks\"}"), &text,
                           &error));
  TEXT_IS(text, "[]");
  FAILS(CONVOY_E_INVALID_ARGUMENT, "state",
        convoy_conflicts_list(database, Z("{\"state\": \"odd\"}"), &text, &error));
  FAILS(CONVOY_E_INVALID_ARGUMENT, "\"tabel\"",
        convoy_conflicts_list(database, Z("{\"tabel\": \"tasks\"}"), &text, &error));
  FAILS(CONVOY_E_NOT_FOUND, "1", convoy_conflicts_find(database, 1, &text, &error));
  FAILS(CONVOY_E_NOT_FOUND, "1",
        convoy_conflicts_resolve(database, 1, Z("{\"take\": \"mine\"}"), &error));
  FAILS(CONVOY_E_INVALID_ARGUMENT, "choice",
        convoy_conflicts_resolve(database, 1, Z("{\"take\": \"both\"}"), &error));
  convoy_database_close(database);
}
