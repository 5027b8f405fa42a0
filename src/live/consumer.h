// consumer.h: what lies between a result and a callback: whether it is another one than that
// delivered last, and how it follows from it.
#pragma once

#include <functional>
#include <optional>
#include <utility>

#include "convoy/live.h"
#include "live/differences.h"

namespace convoy::live {

// The failure that was delivered last, if nothing came after it.
class LastFailure {
 public:
  // False: the same as the last one.
  bool note(const Error& error);

  // True: there was one.
  bool clear() { return std::exchange(error_, std::nullopt).has_value(); }

 private:
  std::optional<Error> error_;
};

// True: `now` need not be delivered. It becomes `last` otherwise.
template <class Value>
bool is_same_result(const Value& last, const Value& now) {
  return last == now;
}

inline bool is_same_result(const RecordPointer& last, const RecordPointer& now) {
  return last == now || (last != nullptr && now != nullptr && *last == *now);
}

// Delivers whatever is not equal to the last.
template <class Value>
class ValueConsumer {
 public:
  using Callback = std::function<void(const Result<Value>&)>;

  explicit ValueConsumer(Callback on_change) : on_change_(std::move(on_change)) {}

  void operator()(Result<Value> now) {
    if (!now.ok()) {
      if (failure_.note(now.error())) on_change_(now);
      return;
    }
    const bool has_failed = failure_.clear();
    const bool is_same = last_ && is_same_result(*last_, *now);
    if (is_same && !has_failed) return;
    if (is_same) now = *std::move(last_);  // The same object again.
    on_change_(now);
    last_ = *std::move(now);
  }

 private:
  Callback on_change_;
  std::optional<Value> last_;
  LastFailure failure_;
};

// Delivers rows with their differences.
class RowsConsumer {
 public:
  using Callback = std::function<void(const Result<LiveRows>&)>;

  explicit RowsConsumer(Callback on_change) : on_change_(std::move(on_change)) {}

  void operator()(Result<Rows> now);

 private:
  Callback on_change_;
  std::optional<Rows> last_;
  LastFailure failure_;
};

}  // namespace convoy::live
