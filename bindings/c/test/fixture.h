// fixture.h: a schema with a project, its tasks and their subtasks, and databases of it.
#ifndef CONVOY_TEST_FIXTURE_H
#define CONVOY_TEST_FIXTURE_H

#include <convoy.h>
#include <stddef.h>

// Version 1.
extern const char* const task_schema;

// A private database, with live queries worked out on `background`.
convoy_database* open_in_memory(convoy_executor* background);

// A database in a file.
convoy_database* open_file(const char* path);

// A private database with the projects p1 and p2, and the tasks a (rank 1) and b (rank 2.5, a child
// of a) of p1, c of a project that is not there, and x, deleted.
convoy_database* open_with_tasks(void);

// A new folder, and the path of a file in it; both go with remove_folder().
const char* new_folder(void);
const char* path_in_folder(const char* name);
void remove_folder(void);

// A batch of writes that must succeed.
void write_all(convoy_database* database, const char* operations);

// How many records a table has.
int64_t count_of(convoy_reader* reader, const char* table);

// The tests, each a program of its own for ctest.
void test_basics(void);
void test_opening(void);
void test_reading(void);
void test_rows(void);
void test_writing(void);
void test_batches(void);
void test_local_values(void);
void test_outbox(void);
void test_live_queries(void);
void test_threads(void);
void test_misuse(void);
// The header, seen by a C++ compiler.
void test_cpp(void);

#endif  // CONVOY_TEST_FIXTURE_H
