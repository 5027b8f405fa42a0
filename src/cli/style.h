// style.h: colour, where it is wanted. Pure.
#pragma once

#include <string>
#include <string_view>

namespace convoy::cli {

enum class Ink { Plain, Bold, Dim, Red, Green, Yellow, Cyan };

class Style {
 public:
  explicit Style(bool is_enabled) : is_enabled_(is_enabled) {}

  [[nodiscard]] std::string operator()(Ink ink, std::string_view text) const;

 private:
  bool is_enabled_;
};

// How a status or stage of the memory bank, or a state of the queue, looks.
Ink ink_of_status(std::string_view status);

}  // namespace convoy::cli
