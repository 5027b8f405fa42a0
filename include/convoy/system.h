// system.h: the clock and the source of chance of this machine, for programs that open a Database
// by itself. Owned by the layer `platform`.
//
// Both live as long as the program. Thread-safety: thread-safe.
#pragma once

namespace convoy {

namespace base {
class Clock;
class Random;
}  // namespace base

base::Clock& system_clock();

// The kernel's. Ends the program if it has no random numbers: nothing unique can be made then.
base::Random& system_random();

}  // namespace convoy
