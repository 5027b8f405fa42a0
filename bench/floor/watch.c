#include <stdlib.h>
#include <string.h>

#include "floor/floor.h"

struct Rows {
  size_t count;
  struct FloorTask* tasks[FloorRowsMax];
};

static void release(struct Rows* rows) {
  for (size_t i = 0; i < rows->count; ++i) free(rows->tasks[i]);
  rows->count = 0;
}

// Without live queries, a program asks again for all it shows.
void floor_watch(void* self, struct Run* run) {
  const struct FloorContender* floor = self;
  const struct WorkloadBoard board = workload_watched_board(floor->workload);
  floor_bind_board(floor, &board);
  struct Rows shown;
  shown.count = floor_fetch(floor, floor->statements.board, shown.tasks);
  struct WorkloadChange change = workload_watched_change(run->number);
  const size_t place = workload_watched_place(run->number, shown.count);
  memcpy(change.id, shown.tasks[place]->id.text, WorkloadIdBytes);
  floor_rename(floor, &change);
  struct Rows now;
  run_go(run);
  now.count = floor_fetch(floor, floor->statements.board, now.tasks);
  release(&shown);
  run_stop(run);
  run->rows += now.count;
  for (size_t i = 0; i < now.count; ++i) {
    run->bytes += now.tasks[i]->title.length;
    if (run->answer != NULL) floor_task_answer(now.tasks[i], run->answer);
  }
  release(&now);
}
