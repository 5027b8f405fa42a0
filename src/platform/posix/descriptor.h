// descriptor.h: an open file, closed at the end of its scope; and errors of the system in words.
#pragma once

#include <unistd.h>

#include <string>
#include <string_view>
#include <utility>

#include "convoy/result.h"

namespace convoy::platform {

// Ownership: move-only. Thread-safety: thread-compatible.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}

  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }

  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }

  [[nodiscard]] int number() const { return number_; }

  [[nodiscard]] bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

// "<path>: <doing>: <the system's words>"; Io, or DiskFull where the disk is the reason.
Error system_error(const std::string& path, std::string_view doing, int error_number);

}  // namespace convoy::platform
