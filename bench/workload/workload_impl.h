// workload_impl.h: what the files of the workload share.
#ifndef CONVOY_BENCH_WORKLOAD_IMPL_H
#define CONVOY_BENCH_WORKLOAD_IMPL_H

#include <stdbool.h>

#include "workload/workload.h"

enum {
  WorkloadStates = 4,
  WorkloadTextMax = 512,   // One text.
  WorkloadTextsMax = 2048  // All texts of a row.
};

static const double WorkloadEpoch = 1735689600000.0;  // 2025-01-01

extern const char* const workload_states[WorkloadStates];

struct Workload {
  uint32_t divisor;
  uint32_t counts[WorkloadTables];
  struct WorkloadRow scratch;
  char scratch_texts[WorkloadTextsMax];
  // Kept rows; null if they are not. Their texts lie in blocks of one table each.
  struct WorkloadRow* rows[WorkloadTables];
  char* texts[WorkloadTables];
};

// No two tasks have the same, so that an order by it is one order.
double workload_updated_at(const struct Workload* workload, uint32_t number);

// The bytes used of `texts`, which holds WorkloadTextsMax.
size_t make_row(const struct Workload* workload, enum WorkloadTable table, uint32_t number,
                struct WorkloadRow* row, char* texts);

#endif
