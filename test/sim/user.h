// user.h: the person at a device: transactions on whatever the device shows.
#pragma once

#include <string>

#include "sim/device.h"
#include "sim/random.h"

namespace convoy::sim {

// One local transaction of one to four changes, some of which the server will refuse. What it did
// is appended to `what`.
Status act(Device& device, Random& random, std::string& what);

}  // namespace convoy::sim
