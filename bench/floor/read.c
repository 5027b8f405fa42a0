#include <stdlib.h>

#include "floor/floor.h"

static void bind_text(sqlite3* db, sqlite3_stmt* statement, int index, const char* text) {
  floor_check(db, sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC), SQLITE_OK);
}

static struct FloorTask* find_task(const struct FloorContender* floor, const char* id) {
  sqlite3_stmt* find = floor->statements.find;
  floor_check(floor->db, sqlite3_bind_text(find, 1, id, WorkloadIdBytes - 1, SQLITE_STATIC),
              SQLITE_OK);
  floor_check(floor->db, sqlite3_step(find), SQLITE_ROW);
  struct FloorTask* task = floor_task_read(find);
  sqlite3_reset(find);
  return task;
}

void floor_find(void* self, struct Run* run) {
  const struct FloorContender* floor = self;
  static char ids[WorkloadLookUpsMax][WorkloadIdBytes];
  const uint32_t count = workload_look_ups(floor->workload);
  for (uint32_t i = 0; i < count; ++i) {
    workload_random_task(floor->workload, run->number, i, ids[i]);
  }
  run_go(run);
  for (uint32_t i = 0; i < count; ++i) {
    struct FloorTask* task = find_task(floor, ids[i]);
    ++run->rows;
    run->bytes += task->title.length;
    if (run->answer != NULL) floor_task_answer(task, run->answer);
    free(task);
  }
  run_stop(run);
}

size_t floor_fetch(const struct FloorContender* floor, sqlite3_stmt* query,
                   struct FloorTask* tasks[FloorRowsMax]) {
  size_t count = 0;
  int code = sqlite3_step(query);
  for (; code == SQLITE_ROW && count < FloorRowsMax; code = sqlite3_step(query)) {
    tasks[count++] = floor_task_read(query);
  }
  floor_check(floor->db, code, SQLITE_DONE);
  sqlite3_reset(query);
  return count;
}

// Runs a query whose arguments are bound, and gives up what it found.
static void fetch(const struct FloorContender* floor, sqlite3_stmt* query, struct Run* run) {
  struct FloorTask* tasks[FloorRowsMax];
  run_go(run);
  const size_t count = floor_fetch(floor, query, tasks);
  run_stop(run);
  run->rows += count;
  for (size_t i = 0; i < count; ++i) {
    run->bytes += tasks[i]->title.length;
    if (run->answer != NULL) floor_task_answer(tasks[i], run->answer);
  }
  run_go(run);
  for (size_t i = 0; i < count; ++i) free(tasks[i]);
  run_stop(run);
}

void floor_bind_board(const struct FloorContender* floor, const struct WorkloadBoard* board) {
  sqlite3_stmt* query = floor->statements.board;
  bind_text(floor->db, query, 1, board->status);
  for (int i = 0; i < WorkloadListMax; ++i) {
    bind_text(floor->db, query, i + 2, board->milestone_ids[i]);
  }
}

void floor_board(void* self, struct Run* run) {
  const struct FloorContender* floor = self;
  const struct WorkloadBoard board = workload_board(floor->workload, run->number);
  floor_bind_board(floor, &board);
  fetch(floor, floor->statements.board, run);
}

void floor_search(void* self, struct Run* run) {
  const struct FloorContender* floor = self;
  bind_text(floor->db, floor->statements.search, 1, workload_search_word(run->number));
  fetch(floor, floor->statements.search, run);
}

void floor_count(void* self, struct Run* run) {
  const struct FloorContender* floor = self;
  const struct WorkloadRecent recent = workload_recent(floor->workload, run->number);
  sqlite3_stmt* count = floor->statements.count;
  run_go(run);
  bind_text(floor->db, count, 1, recent.status);
  floor_check(floor->db, sqlite3_bind_double(count, 2, recent.updated_from), SQLITE_OK);
  floor_check(floor->db, sqlite3_step(count), SQLITE_ROW);
  const sqlite3_int64 found = sqlite3_column_int64(count, 0);
  sqlite3_reset(count);
  run_stop(run);
  run->rows += (uint64_t)found;
  if (run->answer != NULL) answer_number(run->answer, (double)found);
}

void floor_reopen(void* self, struct Run* run) {
  struct FloorContender* floor = self;
  char id[WorkloadIdBytes];
  workload_random_task(floor->workload, run->number, 0, id);
  floor_close_full(floor);
  run_go(run);
  sqlite3* db = floor_connect(floor->path);
  floor->db = db;
  floor->statements.find =
      floor_prepare(db, "select " CONVOY_FLOOR_TASK_COLUMNS
                        " from tasks where \"id\" = ? and \"_status\" is not 'deleted'");
  struct FloorTask* task = find_task(floor, id);
  run_stop(run);
  ++run->rows;
  run->bytes += task->title.length;
  if (run->answer != NULL) floor_task_answer(task, run->answer);
  free(task);
  sqlite3_finalize(floor->statements.find);
  floor_close(db);
  floor_open_full(floor);
}
