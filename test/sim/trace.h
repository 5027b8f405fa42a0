// trace.h: what happened in a run, as lines: a hash over all of them and the text of the last.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace convoy::sim {

class Trace {
 public:
  // `keep` lines stay readable; with `echo` each is printed as it comes.
  explicit Trace(std::size_t keep = 60, bool echo = false) : keep_(keep), echo_(echo) {}

  void add(std::string line);

  // Of all lines so far. Two runs of one seed must agree.
  [[nodiscard]] std::uint64_t hash() const { return hash_; }

  [[nodiscard]] const std::deque<std::string>& last() const { return last_; }

  void set_step(std::int64_t step) { step_ = step; }

  [[nodiscard]] std::int64_t step() const { return step_; }

 private:
  std::size_t keep_;
  bool echo_;
  std::int64_t step_ = 0;
  std::uint64_t hash_ = 0xCBF29CE484222325U;  // FNV-1a.
  std::deque<std::string> last_;
};

std::uint64_t hash_of(std::string_view text, std::uint64_t hash = 0xCBF29CE484222325U);

}  // namespace convoy::sim
