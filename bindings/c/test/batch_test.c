// Batches, and values by key.
#include <string.h>

#include "check.h"
#include "fixture.h"

void test_batches(void) {
  convoy_error* error = NULL;
  convoy_text* results = NULL;
  convoy_database* database = open_in_memory(NULL);
  convoy_reader* reader = convoy_database_reader(database);
  OK(convoy_write_batch(
      database,
      Z("[{\"create\": \"projects\", \"id\": \"p\", \"fields\": {\"name\": \"One\"}},"
        " {\"create\": \"tasks\", \"id\": \"t\", \"fields\": {\"project_id\": \"p\"}},"
        " {\"update\": \"projects\", \"id\": \"p\", \"fields\": {\"name\": \"Two\"}}]"),
      &results, &error));
  TEXT_HAS(results, "[{\"id\":\"p\",\"_status\":\"created\",\"_changed\":\"\",\"name\":\"One\"},");
  OK(convoy_write_batch(database, Z("[{\"delete\": \"projects\", \"id\": \"p\"}]"), &results,
                        &error));
  TEXT_IS(results, "[2]");
  OK(convoy_write_batch(database, Z("[]"), &results, &error));
  TEXT_IS(results, "[]");
  FAILS(CONVOY_E_NOT_FOUND, "operations[1]",
        convoy_write_batch(
            database, Z("[{\"create\": \"projects\"}, {\"delete\": \"tasks\", \"id\": \"none\"}]"),
            &results, &error));
  CHECK(results == NULL);
  FAILS(CONVOY_E_UNKNOWN_TABLE, "projects",
        convoy_write_batch(database, Z("[{\"create\": \"project\"}]"), &results, &error));
  FAILS(CONVOY_E_INVALID_ARGUMENT, "operations",
        convoy_write_batch(database, Z("[{\"create\""), &results, &error));
  CHECK(count_of(reader, "projects") == 0);
  convoy_database_close(database);
}

void test_local_values(void) {
  convoy_error* error = NULL;
  convoy_text* value = NULL;
  convoy_database* database = open_in_memory(NULL);
  OK(convoy_local_get(database, Z("theme"), &value, &error));
  CHECK(value == NULL);
  OK(convoy_local_set(database, Z("theme"), Z("\"dark\""), &error));
  OK(convoy_local_set(database, "theme!", 5, "light!", 5, &error));
  OK(convoy_local_get(database, Z("theme"), &value, &error));
  TEXT_IS(value, "light");
  OK(convoy_local_set(database, Z("empty"), NONE, &error));
  OK(convoy_local_get(database, Z("empty"), &value, &error));
  TEXT_IS(value, "");
  OK(convoy_local_remove(database, Z("theme"), &error));
  OK(convoy_local_remove(database, Z("theme"), &error));
  OK(convoy_local_get(database, Z("theme"), &value, &error));
  CHECK(value == NULL);
  FAILS(CONVOY_E_INVALID_ARGUMENT, "key", convoy_local_set(database, NONE, Z("x"), &error));
  FAILS(CONVOY_E_INVALID_ARGUMENT, "__x", convoy_local_set(database, Z("__x"), Z("x"), &error));
  FAILS(CONVOY_E_INVALID_TEXT, "UTF-8", convoy_local_set(database, Z("k"), Z("\xff"), &error));
  FAILS(CONVOY_E_INVALID_TEXT, "NUL", convoy_local_set(database, Z("k"), "a\0b", 3, &error));
  convoy_database_close(database);
}
