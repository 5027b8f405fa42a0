// budget.h: how much room a text may take. Pure.
#pragma once

#include <cstddef>
#include <string_view>

#include "convoy/result.h"

namespace convoy::memory {

enum class BudgetUnit { Tokens, Bytes };

// Enough for a task's own heading and for saying what was cut.
inline constexpr std::size_t kBudgetTokensMin = 1000;
inline constexpr std::size_t kBudgetBytesMin = 4000;

struct Budget {
  std::size_t amount = 8000;
  BudgetUnit unit = BudgetUnit::Tokens;

  bool operator==(const Budget&) const = default;
};

// "8k" and "8000" are tokens, "32kb" and "32000b" bytes; k is a thousand, m a million. Errors:
// InvalidArgument, also for less than the minimum.
Result<Budget> parse_budget(std::string_view text);

// What a text takes. Tokens are estimated, whatever the model: four bytes of ASCII are one, and
// each character beyond ASCII is one. English and code take fewer with the usual tokenizers,
// Chinese and Japanese about as many.
std::size_t size_of(std::string_view text, BudgetUnit unit);

}  // namespace convoy::memory
