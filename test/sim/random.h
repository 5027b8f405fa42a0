// random.h: chance, from a seed and nothing else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/environment.h"

namespace convoy::sim {

// SplitMix64: small, fast, and the same on every machine.
class Random final : public base::Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t x = state_;
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
    return x ^ (x >> 31U);
  }

  // 0 … bound - 1. REQUIRES: bound > 0.
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }

  bool one_in(std::size_t n) { return below(n) == 0; }

  // In thousandths. Without a chance nothing is drawn, so that seeds without faults stay cheap.
  bool chance(int permille) { return permille > 0 && static_cast<int>(below(1000)) < permille; }

  template <class T>
  const T& of(const std::vector<T>& choices) {
    return choices[below(choices.size())];
  }

  // A generator of its own, so that what one part draws does not shift what others draw.
  Random split() { return Random(next()); }

  void fill(std::span<std::uint8_t> bytes) override {
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(next() >> 56U);
  }

 private:
  std::uint64_t state_;
};

}  // namespace convoy::sim
