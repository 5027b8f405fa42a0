#include "live/consumer.h"

namespace convoy::live {

bool LastFailure::note(const Error& error) {
  if (error_ && error_->code == error.code && error_->message == error.message) return false;
  error_ = error;
  return true;
}

void RowsConsumer::operator()(Result<Rows> now) {
  if (!now.ok()) {
    if (failure_.note(now.error())) on_change_(std::move(now).error());
    return;
  }
  const bool has_failed = failure_.clear();
  LiveRows rows{.rows = *std::move(now), .differences = {}, .is_first = !last_};
  if (last_) {
    rows.differences = differences(*last_, rows.rows);
    if (rows.differences.empty() && !has_failed) return;
  }
  Result<LiveRows> delivered = std::move(rows);
  on_change_(delivered);
  last_ = std::move(delivered->rows);
}

}  // namespace convoy::live
