// typed_value.h: the C++ types of columns, and what may be given for them. Owned by the layer
// `typed`. Pure.
//
// Text, dates, ids, JSON and decimal numbers are std::string; numbers double; booleans bool; times
// Time; 64-bit integers std::int64_t. Thread-safety: thread-compatible.
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "convoy/value.h"

namespace convoy::typed {

// An instant, to the microsecond, as Postgres has them.
using Time = std::chrono::sys_time<std::chrono::microseconds>;

// Postgres' "infinity" and "-infinity"; they compare as one would think.
inline constexpr Time kInfinity = Time::max();
inline constexpr Time kMinusInfinity = Time::min();

template <class T>
inline constexpr bool kIsTime = false;
template <class Duration>
inline constexpr bool kIsTime<std::chrono::sys_time<Duration>> = true;

template <class T>
inline constexpr bool kIsCharacter =
    std::same_as<T, char> || std::same_as<T, wchar_t> || std::same_as<T, char8_t> ||
    std::same_as<T, char16_t> || std::same_as<T, char32_t>;

// A number, not a truth or a letter that C++ would take for one.
template <class T>
concept Numeric = std::is_arithmetic_v<T> && !std::same_as<T, bool> && !kIsCharacter<T>;

template <class T, class V>
inline constexpr bool kFits = false;
template <class T>
inline constexpr bool kFits<T, std::string> =
    std::convertible_to<T, std::string_view> && !std::same_as<T, std::nullptr_t>;
template <class T>
inline constexpr bool kFits<T, double> = Numeric<T>;
template <class T>
inline constexpr bool kFits<T, bool> = std::same_as<T, bool>;
template <class T>
inline constexpr bool kFits<T, std::int64_t> =
    Numeric<T> && std::integral<T> && (std::signed_integral<T> || sizeof(T) < sizeof(std::int64_t));
template <class T>
inline constexpr bool kFits<T, Time> = kIsTime<T>;
template <class T, class V>
inline constexpr bool kFits<T, std::optional<V>> =
    kFits<T, V> || std::same_as<T, std::optional<V>> || std::same_as<T, std::nullopt_t> ||
    std::same_as<T, Null>;

// Whether a T may be given for a V. Times of any precision are: what is finer than microseconds is
// cut off, towards the past.
template <class T, class V>
concept Fits = kFits<std::remove_cvref_t<T>, V>;

template <class V>
struct Converted {
  template <class T>
  static V from(T&& given) {
    if constexpr (std::same_as<V, Time>) {
      return std::chrono::floor<std::chrono::microseconds>(given);
    } else if constexpr (std::same_as<V, std::string> && !std::constructible_from<V, T>) {
      return V(std::string_view(given));
    } else {
      return static_cast<V>(std::forward<T>(given));
    }
  }
};

template <class V>
struct Converted<std::optional<V>> {
  template <class T>
  static std::optional<V> from(T&& given) {
    if constexpr (std::same_as<std::remove_cvref_t<T>, Null>) {
      return std::nullopt;
    } else if constexpr (Fits<T, V>) {
      return Converted<V>::from(std::forward<T>(given));
    } else {
      return std::forward<T>(given);
    }
  }
};

// A value that must be given: it has no default. Where V is an optional, std::nullopt is one.
template <class V>
class Given {
 public:
  template <Fits<V> T>
  Given(T&& given) : value_(Converted<V>::from(std::forward<T>(given))) {}

  [[nodiscard]] const V& value() const { return value_; }

 private:
  V value_;
};

// A value that may be left out. Of an optional column it may also be std::nullopt, which is null
// and not the same as left out.
template <class V>
class Field {
 public:
  Field() = default;

  template <Fits<V> T>
  Field(T&& given) : value_(Converted<V>::from(std::forward<T>(given))) {}

  [[nodiscard]] bool is_set() const { return value_.has_value(); }

  // REQUIRES: is_set().
  [[nodiscard]] const V& value() const { return *value_; }

 private:
  std::optional<V> value_;
};

// As a record keeps them.
Value to_value(std::string text);
Value to_value(double number);
Value to_value(bool is_true);
Value to_value(std::int64_t number);
Value to_value(Time time);

template <class V>
Value to_value(const std::optional<V>& value) {
  return value ? to_value(*value) : Value();
}

// False if it can't be one; `into` is then untouched.
bool from_value(Value&& value, std::string& into);
bool from_value(Value&& value, double& into);
bool from_value(Value&& value, bool& into);
bool from_value(Value&& value, std::int64_t& into);
bool from_value(Value&& value, Time& into);

template <class V>
bool from_value(Value&& value, std::optional<V>& into) {
  if (!is_null(value)) return from_value(std::move(value), into.emplace());
  into.reset();
  return true;
}

// Milliseconds since 1970, as a column of times holds them.
double milliseconds(Time time);

}  // namespace convoy::typed
