#include "workload/workload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "workload/random.h"
#include "workload/text.h"
#include "workload/workload_impl.h"

static const uint32_t full_counts[WorkloadTables] = {
    [Workspaces] = 5, [Projects] = 50, [Milestones] = 500, [Tasks] = 100000, [Activities] = 200000,
};

const char* const workload_states[WorkloadStates] = {"TODO", "IN_PROGRESS", "BLOCKED", "DONE"};

// Streams of chance beside those of the tables.
enum { LookUps = WorkloadTables };

static void* require(void* memory) {
  if (memory != NULL) return memory;
  fputs("not enough memory for the workload\n", stderr);
  exit(1);
}

struct Workload* workload_new(uint32_t divisor) {
  struct Workload* workload = require(calloc(1, sizeof *workload));
  workload->divisor = divisor;
  for (int table = 0; table < WorkloadTables; ++table) {
    const uint32_t count = full_counts[table] / divisor;
    workload->counts[table] = count < WorkloadListMax ? WorkloadListMax : count;
  }
  return workload;
}

void workload_free(struct Workload* workload) {
  for (int table = 0; table < WorkloadTables; ++table) {
    free(workload->rows[table]);
    free(workload->texts[table]);
  }
  free(workload);
}

uint32_t workload_count(const struct Workload* workload, enum WorkloadTable table) {
  return workload->counts[table];
}

static void keep_table(struct Workload* workload, enum WorkloadTable table) {
  const uint32_t count = workload->counts[table];
  size_t needed = 1;
  for (uint32_t i = 0; i < count; ++i) {
    needed += make_row(workload, table, i, &workload->scratch, workload->scratch_texts);
  }
  struct WorkloadRow* rows = require(calloc(count + 1, sizeof *rows));
  char* texts = require(malloc(needed));
  size_t used = 0;
  for (uint32_t i = 0; i < count; ++i) used += make_row(workload, table, i, &rows[i], texts + used);
  workload->rows[table] = rows;
  workload->texts[table] = texts;
}

void workload_keep_rows(struct Workload* workload) {
  for (int table = 0; table < WorkloadTables; ++table) {
    if (workload->rows[table] == NULL) keep_table(workload, (enum WorkloadTable)table);
  }
}

const struct WorkloadRow* workload_row(struct Workload* workload, enum WorkloadTable table,
                                       uint32_t number) {
  if (workload->rows[table] != NULL) return &workload->rows[table][number];
  make_row(workload, table, number, &workload->scratch, workload->scratch_texts);
  return &workload->scratch;
}

// As a server makes them: version 4, in no order.
void workload_id(enum WorkloadTable table, uint32_t number, char id[WorkloadIdBytes]) {
  struct Random random = random_stream(table, number);
  const uint32_t a = random_next(&random);
  const uint32_t b = random_next(&random);
  const uint32_t c = random_next(&random);
  const uint32_t d = random_next(&random);
  snprintf(id, WorkloadIdBytes, "%08x-%04x-4%03x-%04x-%04x%08x", a, b >> 16, b & 0xfffU,
           (c >> 16 & 0x3fffU) | 0x8000U, c & 0xffffU, d);
}

double workload_updated_at(const struct Workload* workload, uint32_t number) {
  const uint32_t count = workload->counts[Tasks];
  // 7919 is prime and no divisor of any count here: each place is taken once.
  const uint32_t place = (uint32_t)(((uint64_t)number * 7919U + 17U) % count);
  return WorkloadEpoch + 7776000000.0 + place * 77777.0;
}

struct WorkloadBoard workload_board(const struct Workload* workload, uint32_t number) {
  struct WorkloadBoard board = {.status = workload_states[number % WorkloadStates]};
  for (uint32_t i = 0; i < WorkloadListMax; ++i) {
    workload_id(Milestones, (number * 37U + i) % workload->counts[Milestones],
                board.milestone_ids[i]);
  }
  return board;
}

const char* workload_search_word(uint32_t number) { return text_rare_word(number); }

struct WorkloadRecent workload_recent(const struct Workload* workload, uint32_t number) {
  // The newer half, a little more or less.
  const uint32_t place = workload->counts[Tasks] / 2 + number % 64;
  return (struct WorkloadRecent){
      .status = workload_states[number % WorkloadStates],
      .updated_from = WorkloadEpoch + 7776000000.0 + place * 77777.0,
  };
}

struct WorkloadBoard workload_watched_board(const struct Workload* workload) {
  return workload_board(workload, 1);
}

size_t workload_watched_place(uint32_t number, size_t rows) { return (size_t)number * 7 % rows; }

struct WorkloadChange workload_watched_change(uint32_t number) {
  struct WorkloadChange change = {.now = WorkloadEpoch + 34560000000.0 + number * 1000.0};
  snprintf(change.title, sizeof change.title, "Renamed %u: a task that is looked at", number);
  return change;
}

uint32_t workload_look_ups(const struct Workload* workload) {
  return WorkloadLookUpsMax / workload->divisor;
}

uint32_t workload_changes(const struct Workload* workload) {
  return WorkloadChangesMax / workload->divisor;
}

void workload_random_task(const struct Workload* workload, uint32_t number, uint32_t step,
                          char id[WorkloadIdBytes]) {
  struct Random random = random_stream(LookUps, number * 16384U + step);
  workload_id(Tasks, random_below(&random, workload->counts[Tasks]), id);
}

struct WorkloadChange workload_change(const struct Workload* workload, enum WorkloadPart part,
                                      uint32_t number, uint32_t step) {
  const uint32_t count = workload->counts[Tasks];
  const uint32_t first = count / 3 * (uint32_t)part;
  const uint32_t place = first + (number * workload_changes(workload) + step) % (count / 3);
  struct WorkloadChange change = {.now = WorkloadEpoch + 31536000000.0 + number * 1000.0 + step};
  workload_id(Tasks, (uint32_t)(((uint64_t)place * 7919U + 17U) % count), change.id);
  snprintf(change.title, sizeof change.title, "Renamed %u.%u: a task with a new title", number,
           step);
  return change;
}
