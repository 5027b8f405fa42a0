// Opening, closing, and whatever may be wrong with a file, a schema or options.
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "fixture.h"

static convoy_status open_with(const char* schema, const char* options, convoy_error** error) {
  convoy_database* database = NULL;
  const convoy_status status = convoy_database_open(Z(schema), Z(options), NULL, &database, error);
  CHECK((database == NULL) == (status != CONVOY_OK));
  convoy_database_close(database);
  return status;
}

static void refuses_options_it_does_not_know(void) {
  convoy_error* error = NULL;
  FAILS(CONVOY_E_INVALID_ARGUMENT, "path", open_with(task_schema, "{}", &error));
  FAILS(CONVOY_E_INVALID_ARGUMENT, "path", open_with(task_schema, "{\"path\": 5}", &error));
  FAILS(CONVOY_E_INVALID_ARGUMENT, "pth",
        open_with(task_schema, "{\"pth\": \":memory:\"}", &error));
  FAILS(CONVOY_E_INVALID_ARGUMENT, "object", open_with(task_schema, "[]", &error));
  FAILS(CONVOY_E_INVALID_ARGUMENT, "JSON", open_with(task_schema, "{\"path\"", &error));
  FAILS(CONVOY_E_INVALID_ARGUMENT, "path",
        open_with(task_schema, "{\"path\": \"a\\u0000b\"}", &error));
}

static void refuses_a_schema_that_breaks_the_rules(void) {
  convoy_error* error = NULL;
  const char* options = "{\"path\": \":memory:\"}";
  FAILS(CONVOY_E_INVALID_SCHEMA, "JSON", open_with("", options, &error));
  FAILS(CONVOY_E_INVALID_SCHEMA, "version", open_with("{\"tables\": []}", options, &error));
  FAILS(CONVOY_E_INVALID_SCHEMA, "tables[0]",
        open_with("{\"version\": 1, \"tables\": [{}]}", options, &error));
}

static void leaves_files_alone_that_are_not_its_own(void) {
  convoy_error* error = NULL;
  new_folder();
  char options[256];
  FILE* file = fopen(path_in_folder("note.txt"), "w");
  CHECK(file != NULL);
  fputs(
      "this is a text, and longer than the header of a database, which has 100 bytes; it has "
      "to be as long as that, or it would be taken for one that was cut off",
      file);
  fclose(file);
  snprintf(options, sizeof options, "{\"path\": \"%s\"}", path_in_folder("note.txt"));
  FAILS(CONVOY_E_NOT_A_DATABASE, "note.txt", open_with(task_schema, options, &error));
  snprintf(options, sizeof options, "{\"path\": \"%s\"}", path_in_folder("none/tasks.db"));
  FAILS(CONVOY_E_IO, "none/tasks.db", open_with(task_schema, options, &error));
  remove_folder();
}

static void compares_project_and_user(void) {
  convoy_error* error = NULL;
  new_folder();
  char options[256];
  const char* path = path_in_folder("tasks.db");
  snprintf(options, sizeof options, "{\"path\": \"%s\", \"project\": \"p\", \"user\": \"u\"}",
           path);
  OK(open_with(task_schema, options, &error));
  OK(open_with(task_schema, options, &error));
  snprintf(options, sizeof options, "{\"path\": \"%s\", \"project\": \"p\", \"user\": \"v\"}",
           path);
  FAILS(CONVOY_E_WRONG_DATABASE, "tasks.db", open_with(task_schema, options, &error));
  snprintf(options, sizeof options, "{\"path\": \"%s\"}", path);
  OK(open_with(task_schema, options, &error));
  remove_folder();
}

static void finds_again_what_it_wrote(void) {
  new_folder();
  convoy_database* database = open_file(path_in_folder("tasks.db"));
  write_all(database, "[{\"create\": \"projects\", \"id\": \"p\"}]");
  convoy_database_close(database);
  database = open_file(path_in_folder("tasks.db"));
  CHECK(count_of(convoy_database_reader(database), "projects") == 1);
  convoy_database_close(database);
  remove_folder();
}

static void makes_ids(void) {
  convoy_error* error = NULL;
  convoy_database* database = open_in_memory(NULL);
  convoy_text* one = NULL;
  convoy_text* other = NULL;
  OK(convoy_new_id(database, Z("tasks"), &one, &error));
  OK(convoy_new_id(database, Z("tasks"), &other, &error));
  CHECK(convoy_text_size(one) == 16);
  CHECK(strcmp(convoy_text_data(one), convoy_text_data(other)) != 0);
  convoy_text_free(one);
  FAILS(CONVOY_E_UNKNOWN_TABLE, "\"tasks\"", convoy_new_id(database, Z("task"), &one, &error));
  CHECK(one == NULL);
  convoy_text_free(other);
  convoy_database_close(database);
}

void test_opening(void) {
  refuses_options_it_does_not_know();
  refuses_a_schema_that_breaks_the_rules();
  leaves_files_alone_that_are_not_its_own();
  compares_project_and_user();
  finds_again_what_it_wrote();
  makes_ids();
}
