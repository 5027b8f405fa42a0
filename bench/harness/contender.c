#include "harness/contender.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// The number after `name` and a blank on one of the file's lines; 0 if there is none.
static uint64_t proc_number(const char* path, const char* name) {
  FILE* file = fopen(path, "re");
  if (file == NULL) return 0;
  char line[128];
  uint64_t number = 0;
  const size_t length = strlen(name);
  while (fgets(line, sizeof line, file) != NULL) {
    if (strncmp(line, name, length) == 0) number = strtoull(line + length, NULL, 10);
  }
  fclose(file);
  return number;
}

static struct Usage usage_now(void) {
  static const char* const path = "/proc/self/io";
  return (struct Usage){.reads = proc_number(path, "syscr:"),
                        .read_bytes = proc_number(path, "rchar:"),
                        .writes = proc_number(path, "syscw:"),
                        .write_bytes = proc_number(path, "wchar:")};
}

static double seconds_between(struct timespec from, struct timespec to) {
  return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) * 1e-9;
}

void run_go(struct Run* run) {
  // Asking disturbs the caches, so it is not done where time counts.
  if (run->answer != NULL) run->used_before = usage_now();
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &run->cpu_went_at);
  clock_gettime(CLOCK_MONOTONIC, &run->went_at);
}

void run_stop(struct Run* run) {
  struct timespec now;
  struct timespec cpu_now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu_now);
  run->seconds += seconds_between(run->went_at, now);
  run->cpu_seconds += seconds_between(run->cpu_went_at, cpu_now);
  if (run->answer == NULL) return;
  const struct Usage used = usage_now();
  run->used.reads += used.reads - run->used_before.reads;
  run->used.read_bytes += used.read_bytes - run->used_before.read_bytes;
  run->used.writes += used.writes - run->used_before.writes;
  run->used.write_bytes += used.write_bytes - run->used_before.write_bytes;
}

struct Arguments parse_arguments(int count, char** values) {
  struct Arguments arguments = {.folder = NULL, .divisor = 0};
  if (count == 3) {
    arguments.folder = values[1];
    arguments.divisor = (uint32_t)strtoul(values[2], NULL, 10);
  }
  if (arguments.divisor == 0) {
    fprintf(stderr, "usage: %s FOLDER DIVISOR    (requests on standard input)\n", values[0]);
    exit(2);
  }
  return arguments;
}

void remove_database(const char* path) {
  static const char* const ends[] = {"", "-wal", "-shm", "-journal"};
  for (size_t i = 0; i < sizeof ends / sizeof *ends; ++i) {
    char name[4096];
    snprintf(name, sizeof name, "%s%s", path, ends[i]);
    if (unlink(name) != 0 && errno != ENOENT) {
      perror(name);
      exit(1);
    }
  }
}

static void print_result(const struct Run* total) {
  printf("{\"seconds\":%.9f,\"cpu\":%.9f,\"rows\":%llu,\"bytes\":%llu", total->seconds,
         total->cpu_seconds, (unsigned long long)total->rows, (unsigned long long)total->bytes);
  if (total->answer != NULL) {
    printf(",\"reads\":%llu,\"readBytes\":%llu,\"writes\":%llu,\"writeBytes\":%llu,\"answer\":",
           (unsigned long long)total->used.reads, (unsigned long long)total->used.read_bytes,
           (unsigned long long)total->used.writes, (unsigned long long)total->used.write_bytes);
    answer_print(total->answer, stdout);
  }
  puts("}");
}

static void perform(const struct Contender* contender, const struct Operation* operation,
                    struct Run run, uint32_t count) {
  for (uint32_t i = 0; i < count && run.failure[0] == '\0'; ++i, ++run.number) {
    operation->run(contender->self, &run);
  }
  if (run.failure[0] == '\0') {
    print_result(&run);
  } else {
    printf("{\"failure\":");
    answer_print_text(run.failure, stdout);
    puts("}");
  }
}

static const struct Operation* find(const struct Contender* contender, const char* name) {
  for (size_t i = 0; i < contender->count; ++i) {
    if (strcmp(contender->operations[i].name, name) == 0) return &contender->operations[i];
  }
  return NULL;
}

static void perform_named(const struct Contender* contender, const char* name, struct Run run,
                          uint32_t count) {
  const struct Operation* operation = find(contender, name);
  if (operation == NULL) {
    puts("{\"missing\":true}");
  } else {
    perform(contender, operation, run, count);
  }
}

static int answer_request(const struct Contender* contender, char* line) {
  static struct Answer answer;
  char* rest = NULL;
  const char* verb = strtok_r(line, " \n", &rest);
  const char* name = strtok_r(NULL, " \n", &rest);
  const char* first = strtok_r(NULL, " \n", &rest);
  const char* count = strtok_r(NULL, " \n", &rest);
  struct Run run = {.number = first == NULL ? 0 : (uint32_t)strtoul(first, NULL, 10)};
  const uint32_t runs = count == NULL ? 0 : (uint32_t)strtoul(count, NULL, 10);
  if (verb == NULL) {
    return 0;
  } else if (runs > 0 && strcmp(verb, "prove") == 0) {
    answer_start(&answer);
    run.answer = &answer;
    perform_named(contender, name, run, runs);
  } else if (runs > 0 && strcmp(verb, "time") == 0) {
    perform_named(contender, name, run, runs);
  } else if (strcmp(verb, "keep") == 0) {
    workload_keep_rows(contender->workload);
    puts("{}");
  } else if (strcmp(verb, "memory") == 0) {
    // Not getrusage(): its peak begins with that of the process that started this one.
    printf("{\"peakKib\":%llu}\n", (unsigned long long)proc_number("/proc/self/status", "VmHWM:"));
  } else {
    fprintf(stderr, "unknown request: %s\n", verb);
    return 2;
  }
  fflush(stdout);
  return 0;
}

int serve(const struct Contender* contender) {
  char line[128];
  while (fgets(line, sizeof line, stdin) != NULL) {
    const int status = answer_request(contender, line);
    if (status != 0) return status;
  }
  return 0;
}
