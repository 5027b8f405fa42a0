#include "sim/trace.h"

#include <cstdio>

namespace convoy::sim {

std::uint64_t hash_of(std::string_view text, std::uint64_t hash) {
  for (const char c : text) {
    hash ^= static_cast<std::uint8_t>(c);
    hash *= 0x100000001B3U;
  }
  return hash;
}

void Trace::add(std::string line) {
  line.insert(0, std::to_string(step_) + "  ");
  hash_ = hash_of("\n", hash_of(line, hash_));
  if (echo_) std::printf("%s\n", line.c_str());
  last_.push_back(std::move(line));
  if (last_.size() > keep_) last_.pop_front();
}

}  // namespace convoy::sim
