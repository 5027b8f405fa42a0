// violation.h: an invariant that does not hold.
#pragma once

#include <optional>
#include <string>
#include <utility>

namespace convoy::sim {

struct Violation {
  std::string invariant;  // "I1" … of docs/design/simulator.md.
  std::string what;
};

// Keeps the first, which is what went wrong; what follows is confusion.
class Verdict {
 public:
  void fail(std::string invariant, std::string what) {
    if (!violation_) violation_ = Violation{std::move(invariant), std::move(what)};
  }

  [[nodiscard]] bool failed() const { return violation_.has_value(); }

  [[nodiscard]] const std::optional<Violation>& violation() const { return violation_; }

 private:
  std::optional<Violation> violation_;
};

}  // namespace convoy::sim
