// user.h: the person at a device: transactions on whatever the device shows.
#pragma once

#include <string>

#include "sim/device.h"
#include "sim/random.h"

namespace convoy::sim {

struct Deed {
  std::string what;
  // It ended with a write that the device has been told to refuse.
  bool is_forbidden = false;
};

// One local transaction of one to four changes, some of which the server will refuse.
Status act(Device& device, Random& random, Deed& deed);

}  // namespace convoy::sim
