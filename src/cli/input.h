// input.h: what people type, pipe in or keep in files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/context.h"

namespace convoy::cli {

// Long text as an option gives it: "-" is standard input, "@file" a file's content, "@@…" text that
// begins with @. One line break at the end of a file or of the input is dropped.
// Errors: Io, InvalidArgument (too long), InvalidText.
Result<std::string> long_text(const Context& context, const std::string& given);

// "a,b" as its parts; empty ones are left out.
std::vector<std::string> comma_separated(const std::string& list);

// One line, without its end. REQUIRES: can_ask(). Errors: Cancelled at the end of the input.
Result<std::string> ask(const Context& context, std::string_view question);

// Whether the answer begins with y. REQUIRES: can_ask().
Result<bool> confirm(const Context& context, std::string_view question);

// The password: the first line of standard input if `is_from_stdin`, else $CONVOY_PASSWORD, else
// asked for without showing it, twice if `is_new`. Errors: InvalidArgument, Cancelled.
Result<std::string> password(const Context& context, bool is_from_stdin, bool is_new);

}  // namespace convoy::cli
