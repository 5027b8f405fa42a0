// mkdtemp() is not of C's own.
#define _POSIX_C_SOURCE 200809L

#include "fixture.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

const char* const task_schema =
    "{\"version\": 1, \"tables\": ["
    " {\"name\": \"projects\", \"ids\": \"watermelon\", \"columns\": ["
    "   {\"name\": \"name\", \"type\": \"string\"}]},"
    " {\"name\": \"tasks\", \"ids\": \"watermelon\", \"columns\": ["
    "   {\"name\": \"project_id\", \"type\": \"string\", \"indexed\": true,"
    "    \"references\": {\"table\": \"projects\", \"on_delete\": \"cascade\"}},"
    "   {\"name\": \"parent_id\", \"type\": \"string\", \"optional\": true,"
    "    \"references\": {\"table\": \"tasks\", \"on_delete\": \"set_null\"}},"
    "   {\"name\": \"title\", \"type\": \"string\"},"
    "   {\"name\": \"rank\", \"type\": \"number\", \"optional\": true},"
    "   {\"name\": \"done\", \"type\": \"boolean\"},"
    "   {\"name\": \"details\", \"type\": \"string\", \"optional\": true, \"pg\": \"jsonb\"},"
    "   {\"name\": \"amount\", \"type\": \"string\", \"optional\": true, \"pg\": \"numeric\"}]}]}";

static char folder[64];
static char path[128];

convoy_database* open_in_memory(convoy_executor* background) {
  convoy_error* error = NULL;
  convoy_database* database = NULL;
  OK(convoy_database_open(Z(task_schema), Z("{\"path\": \":memory:\"}"), background, &database,
                          &error));
  return database;
}

convoy_database* open_file(const char* name) {
  convoy_error* error = NULL;
  convoy_database* database = NULL;
  char options[256];
  snprintf(options, sizeof options, "{\"path\": \"%s\"}", name);
  OK(convoy_database_open(Z(task_schema), Z(options), NULL, &database, &error));
  return database;
}

convoy_database* open_with_tasks(void) {
  convoy_database* database = open_in_memory(NULL);
  write_all(database,
            "[{\"create\": \"projects\", \"id\": \"p1\", \"fields\": {\"name\": \"One\"}},"
            " {\"create\": \"projects\", \"id\": \"p2\", \"fields\": {\"name\": \"Two\"}},"
            " {\"create\": \"tasks\", \"id\": \"a\", \"fields\": {\"title\": \"a\","
            "  \"project_id\": \"p1\", \"rank\": 1}},"
            " {\"create\": \"tasks\", \"id\": \"b\", \"fields\": {\"title\": \"b\","
            "  \"project_id\": \"p1\", \"rank\": 2.5, \"parent_id\": \"a\", \"done\": true}},"
            " {\"create\": \"tasks\", \"id\": \"c\", \"fields\": {\"project_id\": \"nowhere\"}},"
            " {\"create\": \"tasks\", \"id\": \"x\", \"fields\": {\"project_id\": \"p1\"}}]");
  write_all(database, "[{\"delete\": \"tasks\", \"id\": \"x\"}]");
  return database;
}

const char* new_folder(void) {
  snprintf(folder, sizeof folder, "/tmp/convoy-c-XXXXXX");
  CHECK(mkdtemp(folder) != NULL);
  return folder;
}

const char* path_in_folder(const char* name) {
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

void remove_folder(void) {
  DIR* directory = opendir(folder);
  CHECK(directory != NULL);
  for (struct dirent* entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
    if (entry->d_name[0] == '.') continue;
    CHECK(unlinkat(dirfd(directory), entry->d_name, 0) == 0);
  }
  closedir(directory);
  CHECK(rmdir(folder) == 0);
}

void write_all(convoy_database* database, const char* operations) {
  convoy_error* error = NULL;
  OK(convoy_write_batch(database, Z(operations), NULL, &error));
}

int64_t count_of(convoy_reader* reader, const char* table) {
  convoy_error* error = NULL;
  int64_t count = -1;
  char query[64];
  snprintf(query, sizeof query, "{\"from\": \"%s\"}", table);
  OK(convoy_count(reader, Z(query), &count, &error));
  return count;
}
