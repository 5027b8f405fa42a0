#include <charconv>
#include <cmath>
#include <limits>

#include "convoy/typed_value.h"

namespace convoy::typed {
namespace {

template <class V>
bool take(Value&& value, V& into) {
  auto* held = std::get_if<V>(&value);
  if (held != nullptr) into = std::move(*held);
  return held != nullptr;
}

}  // namespace

Value to_value(std::string text) { return text; }

Value to_value(double number) { return number; }

Value to_value(bool is_true) { return is_true; }

Value to_value(std::int64_t number) { return std::to_string(number); }

Value to_value(Time time) { return milliseconds(time); }

bool from_value(Value&& value, std::string& into) { return take(std::move(value), into); }

bool from_value(Value&& value, double& into) { return take(std::move(value), into); }

bool from_value(Value&& value, bool& into) { return take(std::move(value), into); }

bool from_value(Value&& value, std::int64_t& into) {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return false;
  std::int64_t number = 0;
  const char* end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, number);
  if (error != std::errc{} || stop != end) return false;
  into = number;
  return true;
}

bool from_value(Value&& value, Time& into) {
  const auto* number = std::get_if<double>(&value);
  if (number == nullptr || std::isnan(*number)) return false;
  if (std::isinf(*number)) {
    into = *number > 0 ? kInfinity : kMinusInfinity;
    return true;
  }
  // Beyond these the microseconds would not fit; they lie far outside of the years 1 to 9999.
  constexpr double kBoundMs = 9e15;
  if (std::abs(*number) > kBoundMs) return false;
  // The fraction alone is scaled: scaling the whole would round once more.
  const double whole = std::floor(*number);
  into = Time(std::chrono::microseconds(std::llround(whole) * 1000 +
                                        std::llround((*number - whole) * 1000)));
  return true;
}

double milliseconds(Time time) {
  if (time == kInfinity) return std::numeric_limits<double>::infinity();
  if (time == kMinusInfinity) return -std::numeric_limits<double>::infinity();
  return static_cast<double>(time.time_since_epoch().count()) / 1000.0;
}

}  // namespace convoy::typed
