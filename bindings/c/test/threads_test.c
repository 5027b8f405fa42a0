// Two threads that read beside one that writes.
#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "check.h"
#include "fixture.h"

enum { kWrites = 60 };

static atomic_int is_over;

// Every write adds to both tables, so whoever sees one state sees as many of one as of the other.
static convoy_status compare_tables(convoy_reader* reader, void* user) {
  const int64_t projects = count_of(reader, "projects");
  CHECK(count_of(reader, "tasks") == projects);
  *(int64_t*)user = projects;
  return CONVOY_OK;
}

static void* read_until_the_end(void* user) {
  convoy_error* error = NULL;
  int64_t before = 0;
  do {
    int64_t count = 0;
    OK(convoy_read(user, compare_tables, &count, &error));
    CHECK(count >= before);
    before = count;
  } while (!atomic_load(&is_over));
  return NULL;
}

void test_threads(void) {
  pthread_t readers[2];
  new_folder();
  convoy_database* database = open_file(path_in_folder("tasks.db"));
  for (size_t i = 0; i < 2; ++i) {
    CHECK(pthread_create(&readers[i], NULL, read_until_the_end, database) == 0);
  }
  for (int i = 0; i < kWrites; ++i) {
    write_all(database, "[{\"create\": \"projects\"}, {\"create\": \"tasks\"}]");
  }
  atomic_store(&is_over, 1);
  for (size_t i = 0; i < 2; ++i) CHECK(pthread_join(readers[i], NULL) == 0);
  CHECK(count_of(convoy_database_reader(database), "tasks") == kWrites);
  convoy_database_close(database);
  remove_folder();
}
