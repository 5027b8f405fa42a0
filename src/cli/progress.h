// progress.h: how far a sync is, on standard error.
#pragma once

#include <cstdint>
#include <string>

#include "cli/context.h"
#include "convoy/client.h"

namespace convoy::cli {

// The bar's line without colour, at most `columns` wide. Pure.
std::string progress_line(const SyncProgress& progress, std::size_t columns);

// On a terminal one line that is drawn over; elsewhere a line for each phase. Nothing with --quiet
// or --json.
class ProgressBar {
 public:
  explicit ProgressBar(const Context& context) : context_(&context) {}

  void show(const SyncProgress& progress);
  // Takes the bar away.
  void clear();

 private:
  const Context* context_;
  std::int64_t drawn_at_ms_ = 0;
  std::string drawn_;
  std::string phase_;
};

}  // namespace convoy::cli
