// contender.h: a program that takes part in the benchmark. It serves requests, a line each, and
// answers each with a line of JSON, so that contenders can take turns:
//
//   prove OPERATION FIRST COUNT   runs it, and tells the answer and what was read and written
//   time OPERATION FIRST COUNT    runs it, and tells how long it took
//   keep                          makes the workload's rows now
//   memory                        the process' peak so far
//
// An operation that a contender does not have is answered with {"missing":true}, and one that it
// could not do with {"failure":"why"}.
//
// Thread-safety: thread-compatible.
#ifndef CONVOY_BENCH_CONTENDER_H
#define CONVOY_BENCH_CONTENDER_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "harness/answer.h"
#include "workload/workload.h"

#ifdef __cplusplus
extern "C" {
#endif

// What the process asked of the file system.
struct Usage {
  uint64_t reads;
  uint64_t read_bytes;
  uint64_t writes;
  uint64_t write_bytes;
};

// One run of an operation.
struct Run {
  uint32_t number;        // Which words, ids and titles it is about.
  struct Answer* answer;  // Null: only time counts.
  // Something of each result, so that nobody can do without looking.
  uint64_t rows;
  uint64_t bytes;
  // Why it can't be done; empty if it was.
  char failure[256];
  // Added up between run_go and run_stop; what stands outside is not counted.
  double seconds;
  double cpu_seconds;
  struct Usage used;
  struct timespec went_at;
  struct timespec cpu_went_at;
  struct Usage used_before;
};

void run_go(struct Run* run);
void run_stop(struct Run* run);

struct Operation {
  const char* name;
  void (*run)(void* contender, struct Run* run);
};

struct Contender {
  void* self;
  struct Workload* workload;
  const struct Operation* operations;
  size_t count;
};

// What is on the command line: the folder for files, and by what to divide the workload.
struct Arguments {
  const char* folder;
  uint32_t divisor;
};

// Ends the program with a usage message if they are wrong.
struct Arguments parse_arguments(int count, char** values);

// Serves standard input to its end. The exit status.
int serve(const struct Contender* contender);

// Removes a database with the files beside it.
void remove_database(const char* path);

#ifdef __cplusplus
}
#endif

#endif
