// One test by its name.
#include <stdio.h>
#include <string.h>

#include "fixture.h"

static const struct {
  const char* name;
  void (*run)(void);
} tests[] = {
    {"basics", test_basics},      {"opening", test_opening}, {"reading", test_reading},
    {"rows", test_rows},          {"writing", test_writing}, {"batches", test_batches},
    {"local", test_local_values}, {"threads", test_threads}, {"misuse", test_misuse},
    {"live", test_live_queries},  {"outbox", test_outbox},   {"cpp", test_cpp},
};

int main(int argc, char** argv) {
  for (size_t i = 0; argc == 2 && i < sizeof tests / sizeof *tests; ++i) {
    if (strcmp(argv[1], tests[i].name) != 0) continue;
    tests[i].run();
    return 0;
  }
  fputs("usage: convoy_c_test TEST\n", stderr);
  return 2;
}
