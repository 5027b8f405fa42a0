#include "memory/budget.h"

#include <charconv>
#include <string>

namespace convoy::memory {
namespace {

Error not_a_budget(std::string_view text) {
  return {.code = ErrorCode::InvalidArgument,
          .message = "\"" + std::string(text) + "\" is not a size",
          .hint = "Write 8k for about 8000 tokens, or 32kb for 32000 bytes."};
}

}  // namespace

Result<Budget> parse_budget(std::string_view text) {
  constexpr std::size_t kAmountMax = 100'000'000;
  Budget budget;
  std::size_t amount = 0;
  const auto* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, amount);
  if (error != std::errc() || amount > kAmountMax) return not_a_budget(text);
  std::string unit;
  for (const char c : std::string_view(rest, end)) {
    unit += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (unit.ends_with('b')) {
    budget.unit = BudgetUnit::Bytes;
    unit.pop_back();
  }
  std::size_t factor = 1;
  if (unit == "k") {
    factor = 1000;
  } else if (unit == "m") {
    factor = 1'000'000;
  } else if (!unit.empty()) {
    return not_a_budget(text);
  }
  budget.amount = amount * factor;
  const auto least = budget.unit == BudgetUnit::Tokens ? kBudgetTokensMin : kBudgetBytesMin;
  if (budget.amount < least) {
    return Error{.code = ErrorCode::InvalidArgument,
                 .message = "a budget of " + std::string(text) + " is too small to say anything",
                 .hint = "Give at least " + std::to_string(kBudgetTokensMin) + " tokens or " +
                         std::to_string(kBudgetBytesMin) + "b."};
  }
  return budget;
}

std::size_t size_of(std::string_view text, BudgetUnit unit) {
  if (unit == BudgetUnit::Bytes) return text.size();
  constexpr std::size_t kAsciiPerToken = 4;
  std::size_t ascii = 0;
  std::size_t others = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      ++ascii;
    } else if ((byte & 0xC0U) != 0x80U) {
      ++others;
    }
  }
  return (ascii + kAsciiPerToken - 1) / kAsciiPerToken + others;
}

}  // namespace convoy::memory
