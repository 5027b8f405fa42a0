// random.h: numbers that only look like chance, in 32 bits, so that JavaScript has the same.
#ifndef CONVOY_BENCH_RANDOM_H
#define CONVOY_BENCH_RANDOM_H

#include <stdint.h>

struct Random {
  uint32_t state;
};

// One-to-one.
static inline uint32_t random_mix(uint32_t value) {
  value ^= value >> 16;
  value *= 0x21f0aaadU;
  value ^= value >> 15;
  value *= 0x735a2d97U;
  return value ^ (value >> 15);
}

// Streams of different kinds and numbers below 2^24 begin differently.
static inline struct Random random_stream(uint32_t kind, uint32_t number) {
  return (struct Random){.state = random_mix((kind << 24) ^ number ^ 0x436f6e76U)};
}

static inline uint32_t random_next(struct Random* random) {
  random->state += 0x9e3779b9U;
  return random_mix(random->state);
}

static inline uint32_t random_below(struct Random* random, uint32_t bound) {
  return random_next(random) % bound;
}

#endif
