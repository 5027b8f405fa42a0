// workload.h: the data and the questions of the benchmark, the same on every machine and in every
// language: whatever they hold follows from a table and a number.
//
// peer/workload.mjs says the same in JavaScript; the run compares hashes of both.
// Thread-safety: thread-compatible.
#ifndef CONVOY_BENCH_WORKLOAD_H
#define CONVOY_BENCH_WORKLOAD_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum WorkloadTable {
  Workspaces,
  Projects,
  Milestones,
  Tasks,
  Activities,
};

enum {
  WorkloadTables = Activities + 1,
  WorkloadColumnsMax = 9,
  WorkloadIdBytes = 37,
  WorkloadListMax = 5,
  WorkloadLookUpsMax = 10000,
  WorkloadChangesMax = 1000,
};

enum WorkloadKind { KindNull, KindNumber, KindText };

struct WorkloadValue {
  enum WorkloadKind kind;
  double number;
  const char* text;  // Ends with a NUL that `length` does not count.
  size_t length;
};

// A record with the columns of the memory bank's schema, in its order.
struct WorkloadRow {
  char id[WorkloadIdBytes];
  size_t columns;
  struct WorkloadValue values[WorkloadColumnsMax];
};

// What a table is called, and its columns.
struct WorkloadShape {
  const char* name;
  size_t columns;
  const char* column_names[WorkloadColumnsMax];
};

struct Workload;

// The full size, or that divided by `divisor` for a trial. Ends the program if memory is short.
struct Workload* workload_new(uint32_t divisor);
void workload_free(struct Workload* workload);

const struct WorkloadShape* workload_shape(enum WorkloadTable table);
uint32_t workload_count(const struct Workload* workload, enum WorkloadTable table);

// Makes all rows now, so that making them is no part of what is timed. Without it each is made when
// it is asked for, and nothing is kept.
void workload_keep_rows(struct Workload* workload);
// Row number 0 ... count - 1. The row lives until the next call, or as long as the workload if rows
// are kept.
const struct WorkloadRow* workload_row(struct Workload* workload, enum WorkloadTable table,
                                       uint32_t number);
void workload_id(enum WorkloadTable table, uint32_t number, char id[WorkloadIdBytes]);

// Tasks of one status in some milestones: what a board shows.
struct WorkloadBoard {
  const char* status;
  char milestone_ids[WorkloadListMax][WorkloadIdBytes];
};

struct WorkloadBoard workload_board(const struct Workload* workload, uint32_t number);

// A word that few descriptions hold.
const char* workload_search_word(uint32_t number);

// Tasks of one status, changed at a time or later.
struct WorkloadRecent {
  const char* status;
  double updated_from;
};

struct WorkloadRecent workload_recent(const struct Workload* workload, uint32_t number);

// The task of a look-up: number `step` of the workload_look_ups() of `number`.
uint32_t workload_look_ups(const struct Workload* workload);
void workload_random_task(const struct Workload* workload, uint32_t number, uint32_t step,
                          char id[WorkloadIdBytes]);

enum { WorkloadTitleBytes = 80 };

// One change of a title: number `step` of the workload_changes() of `number`. No two of the first
// 33 numbers of a part concern the same task.
uint32_t workload_changes(const struct Workload* workload);

struct WorkloadChange {
  char id[WorkloadIdBytes];
  char title[WorkloadTitleBytes];
  double now;  // The time of the change, in milliseconds since 1970.
};

// In one transaction, or each in its own.
enum WorkloadPart { ChangedTogether, ChangedAlone };

struct WorkloadChange workload_change(const struct Workload* workload, enum WorkloadPart part,
                                      uint32_t number, uint32_t step);

// The board that is watched, and which of its `rows` tasks is changed in run `number`; later than
// all other changes, so that it comes first then. The change's id is empty: the row at that place
// has it.
struct WorkloadBoard workload_watched_board(const struct Workload* workload);
size_t workload_watched_place(uint32_t number, size_t rows);
struct WorkloadChange workload_watched_change(uint32_t number);

#ifdef __cplusplus
}
#endif

#endif
