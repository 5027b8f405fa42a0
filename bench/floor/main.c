// The floor: see floor.h. Requests are those of harness/contender.h.
#include <stdio.h>

#include "floor/floor.h"

int main(int count, char** values) {
  static const struct Operation operations[] = {
      {"fill", floor_fill},
      {"open", floor_open},
      {"load", floor_load},
      {"find", floor_find},
      {"board", floor_board},
      {"search", floor_search},
      {"count", floor_count},
      {"reopen", floor_reopen},
      {"change-together", floor_change_together},
      {"change-alone", floor_change_alone},
      {"live", floor_watch},
      {"state", floor_state},
  };
  const struct Arguments arguments = parse_arguments(count, values);
  static struct FloorContender floor;
  floor.workload = workload_new(arguments.divisor);
  snprintf(floor.path, sizeof floor.path, "%s/floor.db", arguments.folder);
  snprintf(floor.load_path, sizeof floor.load_path, "%s/floor-load.db", arguments.folder);
  const struct Contender contender = {.self = &floor,
                                      .workload = floor.workload,
                                      .operations = operations,
                                      .count = sizeof operations / sizeof *operations};
  const int status = serve(&contender);
  floor_close_full(&floor);
  workload_free(floor.workload);
  return status;
}
