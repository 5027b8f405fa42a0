// fit.h: parts of a document, chosen so that it fits a budget. Pure.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "memory/budget.h"
#include "memory/safe_text.h"

namespace convoy::memory {

// Something to be said, in one of several forms.
struct Part {
  int priority = 0;                // The lower the more important; equal ones in their order.
  std::vector<std::string> forms;  // From the longest to the shortest; at least one.
};

struct Section {
  std::string heading;  // Said with the first part that is.
  std::string what;     // What its parts are, to say what was cut: "best practices".
  std::vector<Part> parts;
};

// What became of a section.
struct Cut {
  std::string what;
  std::size_t parts = 0;
  std::size_t left_out = 0;
  std::size_t shortened = 0;
};

struct Fitted {
  std::string text;
  std::vector<Cut> cuts;  // Of the sections of which something was cut.
};

// The sections in their order, with the parts that fit into `amount`. The most important part
// comes first, in the longest form that leaves half of the room to others; what room is left over
// makes parts longer again, the most important first.
Fitted fit(const std::vector<Section>& sections, std::size_t amount, BudgetUnit unit);

// A text in shorter and shorter beginnings: whole, and cut to about half again and again, down to
// `bytes_min`. `render` makes a form of a beginning; it is told whether something was cut.
template <class Render>
std::vector<std::string> forms_of(std::string_view text, std::size_t bytes_min,
                                  const Render& render) {
  std::vector<std::string> forms{render(text, false)};
  constexpr std::size_t kCutMax = 16'000;
  for (std::size_t bytes = std::min(text.size() / 2, kCutMax); bytes >= bytes_min; bytes /= 2) {
    forms.push_back(render(cut_text(text, bytes), true));
  }
  return forms;
}

}  // namespace convoy::memory
