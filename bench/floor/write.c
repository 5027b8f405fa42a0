#include "floor/floor.h"

struct Changes {
  uint32_t count;
  struct WorkloadChange list[WorkloadChangesMax];
};

static const struct Changes* make_changes(const struct Workload* workload, enum WorkloadPart part,
                                          uint32_t number) {
  static struct Changes changes;
  changes.count = workload_changes(workload);
  for (uint32_t i = 0; i < changes.count; ++i) {
    changes.list[i] = workload_change(workload, part, number, i);
  }
  return &changes;
}

void floor_rename(const struct FloorContender* floor, const struct WorkloadChange* change) {
  sqlite3_stmt* rename = floor->statements.rename;
  int code = sqlite3_bind_text(rename, 1, change->title, -1, SQLITE_STATIC);
  if (code == SQLITE_OK) code = sqlite3_bind_double(rename, 2, change->now);
  if (code == SQLITE_OK) {
    code = sqlite3_bind_text(rename, 3, change->id, WorkloadIdBytes - 1, SQLITE_STATIC);
  }
  floor_check(floor->db, code, SQLITE_OK);
  floor_check(floor->db, sqlite3_step(rename), SQLITE_DONE);
  sqlite3_reset(rename);
}

void floor_change_together(void* self, struct Run* run) {
  const struct FloorContender* floor = self;
  const struct Changes* changes = make_changes(floor->workload, ChangedTogether, run->number);
  run_go(run);
  floor_execute(floor->db, "begin immediate");
  for (uint32_t i = 0; i < changes->count; ++i) floor_rename(floor, &changes->list[i]);
  floor_execute(floor->db, "commit");
  run_stop(run);
  run->rows += changes->count;
}

void floor_change_alone(void* self, struct Run* run) {
  const struct FloorContender* floor = self;
  const struct Changes* changes = make_changes(floor->workload, ChangedAlone, run->number);
  run_go(run);
  // Each is a transaction of its own.
  for (uint32_t i = 0; i < changes->count; ++i) floor_rename(floor, &changes->list[i]);
  run_stop(run);
  run->rows += changes->count;
}
