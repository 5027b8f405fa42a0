// faults.h: how bad the world is, chosen for each seed.
#pragma once

#include "sim/random.h"

namespace convoy::sim {

// In thousandths of the occasions.
struct Faults {
  // Of requests.
  int drop_request = 0;
  int drop_reply = 0;  // After the server has done what it asks.
  int duplicate = 0;   // The server gets it twice at once …
  int late = 0;        // … or again much later.
  int truncate = 0;
  int garbage = 0;
  int web_page = 0;  // A captive portal.
  int bad_status = 0;
  int slow_pull = 0;  // Too slow for the device; everything else is not.
  int expired_token = 0;
  int transient_error = 0;
  // Of steps of a device.
  int power_cut = 0;
  int kill = 0;
  int disk_failure = 0;
  int disk_full = 0;
  int clock_jump = 0;

  // Half the seeds have few, the others storms of those that the seed picks.
  static Faults of_seed(Random& random) {
    Faults faults;
    const bool is_storm = random.one_in(2);
    const auto rate = [&](int few, int storm) {
      if (!is_storm) return random.one_in(3) ? few : 0;
      return random.one_in(3) ? storm : few;
    };
    faults.drop_request = rate(20, 200);
    faults.drop_reply = rate(20, 250);
    faults.duplicate = rate(20, 150);
    faults.late = rate(20, 150);
    faults.truncate = rate(10, 80);
    faults.garbage = rate(10, 80);
    faults.web_page = rate(10, 80);
    faults.bad_status = rate(20, 150);
    faults.slow_pull = rate(20, 400);
    faults.expired_token = rate(20, 100);
    faults.transient_error = rate(20, 200);
    faults.power_cut = rate(10, 60);
    faults.kill = rate(10, 40);
    faults.disk_failure = rate(5, 40);
    faults.disk_full = rate(5, 30);
    faults.clock_jump = rate(20, 60);
    return faults;
  }
};

}  // namespace convoy::sim
