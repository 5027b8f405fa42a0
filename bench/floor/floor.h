// floor.h: the workload in plain C on SQLite: statements prepared once and used again, columns read
// into one block of memory for each record. Whatever a library adds, it adds to this.
//
// Errors end the program with SQLite's message.
#ifndef CONVOY_BENCH_FLOOR_H
#define CONVOY_BENCH_FLOOR_H

#include <stddef.h>

#include <sqlite3.h>

#include "harness/contender.h"
#include "workload/workload.h"

// A task with its texts behind it in the same block: free() it.
struct FloorText {
  const char* text;  // Null: no value.
  size_t length;
};

struct FloorTask {
  struct FloorText id;
  struct FloorText status_of_row;
  struct FloorText changed;
  struct FloorText milestone_id;
  struct FloorText parent_task_id;
  struct FloorText title;
  struct FloorText description;
  struct FloorText current_stage;
  struct FloorText status;
  double created_at;
  double updated_at;
  double completion_date;
  int has_completion_date;
};

struct FloorStatements {
  sqlite3_stmt* find;
  sqlite3_stmt* board;
  sqlite3_stmt* search;
  sqlite3_stmt* count;
  sqlite3_stmt* rename;
};

struct FloorContender {
  struct Workload* workload;
  char path[1024];
  char load_path[1024];
  sqlite3* db;  // The full file, once it is filled.
  struct FloorStatements statements;
};

// connection.c
void floor_check(sqlite3* db, int code, int expected);
void floor_execute(sqlite3* db, const char* sql);
sqlite3_stmt* floor_prepare(sqlite3* db, const char* sql);
// With the settings of src/sql/connection.cc.
sqlite3* floor_connect(const char* path);
void floor_close(sqlite3* db);
void floor_open_full(struct FloorContender* floor);
void floor_close_full(struct FloorContender* floor);
// The settings, and the layout of the file.
void floor_note_settings(sqlite3* db, struct Answer* answer);

// layout.c
extern const char* const floor_layout_sql;

// load.c
// Makes the full file and opens it.
void floor_fill(void* self, struct Run* run);
// Opens a full file that was made before.
void floor_open(void* self, struct Run* run);
// Fills another file, and removes it.
void floor_load(void* self, struct Run* run);
// All rows of all tables, by id.
void floor_state(void* self, struct Run* run);

enum { FloorRowsMax = 50 };

// read.c
// Binds a board's arguments, and reads its rows; how many there are.
void floor_bind_board(const struct FloorContender* floor, const struct WorkloadBoard* board);
size_t floor_fetch(const struct FloorContender* floor, sqlite3_stmt* query,
                   struct FloorTask* tasks[FloorRowsMax]);
void floor_find(void* self, struct Run* run);
void floor_board(void* self, struct Run* run);
void floor_search(void* self, struct Run* run);
void floor_count(void* self, struct Run* run);
void floor_reopen(void* self, struct Run* run);

// write.c
void floor_rename(const struct FloorContender* floor, const struct WorkloadChange* change);
void floor_change_together(void* self, struct Run* run);
void floor_change_alone(void* self, struct Run* run);

// watch.c
void floor_watch(void* self, struct Run* run);

// task.c
#define CONVOY_FLOOR_TASK_COLUMNS                                                        \
  "\"id\", \"_status\", \"_changed\", \"milestone_id\", \"parent_task_id\", \"title\", " \
  "\"description\", \"current_stage\", \"status\", \"created_at\", \"updated_at\", "     \
  "\"completion_date\""
// Of a statement that selects those columns and stands on a row.
struct FloorTask* floor_task_read(sqlite3_stmt* statement);
void floor_task_answer(const struct FloorTask* task, struct Answer* answer);

#endif
