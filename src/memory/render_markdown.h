// render_markdown.h: a context as Markdown for a model's context window. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "memory/budget.h"
#include "memory/context.h"

namespace convoy::memory {

struct MarkdownOptions {
  Budget budget;
  std::int64_t now_ms = 0;
};

// Never more than the budget. The most important comes first and is cut last; the end says what was
// cut. Whatever somebody stored stands in code spans and fences, and the beginning says how to read
// it. The same context gives the same text. REQUIRES: a budget of at least the minimum.
std::string to_markdown(const Context& context, const MarkdownOptions& options);

}  // namespace convoy::memory
