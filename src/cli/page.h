// page.h: what a view has to fit.
#pragma once

#include <cstddef>
#include <cstdint>

#include "cli/context.h"
#include "cli/style.h"

namespace convoy::cli {

struct Page {
  std::size_t columns = 0;  // 0: lines may be as long as they get.
  Style style{false};
  std::int64_t now_ms = 0;
};

inline Page page_of(const Context& context) {
  return {.columns = context.streams().columns,
          .style = context.out_style(),
          .now_ms = context.now_ms()};
}

}  // namespace convoy::cli
