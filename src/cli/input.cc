#include "cli/input.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <istream>
#include <ostream>

#include "base/limits.h"
#include "base/text.h"

namespace convoy::cli {
namespace {

// More could not be sent anyway.
constexpr std::size_t kTextBytesMax = limits::kMutationBytesMax;

Error cancelled() { return {.code = ErrorCode::Cancelled, .message = "no answer was given"}; }

Error invalid(std::string message, std::string hint) {
  return {
      .code = ErrorCode::InvalidArgument, .message = std::move(message), .hint = std::move(hint)};
}

Result<std::string> read_all(std::istream& stream, const std::string& what) {
  std::string text;
  std::array<char, 4096> part{};
  while (text.size() <= kTextBytesMax && stream.good()) {
    stream.read(part.data(), part.size());
    text.append(part.data(), static_cast<std::size_t>(stream.gcount()));
  }
  if (stream.bad()) {
    return Error{.code = ErrorCode::Io, .message = "reading " + what + " failed"};
  }
  if (text.size() > kTextBytesMax) {
    return invalid(what + " is too long",
                   "At most " + std::to_string(kTextBytesMax) + " bytes can be sent.");
  }
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  CONVOY_CHECK_OK(base::check_text(text, what));
  return text;
}

void drop_line_end(std::string& line) {
  while (line.ends_with('\r') || line.ends_with('\n')) line.pop_back();
}

}  // namespace

Result<std::string> long_text(const Context& context, const std::string& given) {
  if (given == "-") return read_all(*context.streams().in, "standard input");
  if (!given.starts_with('@')) return given;
  const auto rest = given.substr(1);
  if (rest.starts_with('@')) return rest;
  std::ifstream file(rest, std::ios::binary);
  if (!file) {
    return Error{.code = ErrorCode::Io,
                 .message = "the file " + rest + " can't be read",
                 .hint = "For text that begins with @ write @@."};
  }
  return read_all(file, "the file " + rest);
}

std::vector<std::string> comma_separated(const std::string& list) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= list.size();) {
    const auto end = std::min(list.find(',', at), list.size());
    if (end > at) parts.push_back(list.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

Result<std::string> ask(const Context& context, std::string_view question) {
  const auto& streams = context.streams();
  *streams.err << question << std::flush;
  std::string answer;
  if (!std::getline(*streams.in, answer)) {
    *streams.err << '\n';
    return cancelled();
  }
  drop_line_end(answer);
  return answer;
}

Result<bool> confirm(const Context& context, std::string_view question) {
  CONVOY_TRY(const std::string answer, ask(context, std::string(question) + " [y/N] "));
  return answer.starts_with('y') || answer.starts_with('Y');
}

Result<std::string> password(const Context& context, bool is_from_stdin, bool is_new) {
  const auto& streams = context.streams();
  std::string given;
  if (is_from_stdin) {
    std::getline(*streams.in, given);
    drop_line_end(given);
    if (given.empty()) return invalid("standard input holds no password", "Pipe it in as a line.");
  } else if (given = context.environment().variable("CONVOY_PASSWORD"); given.empty()) {
    if (!context.can_ask() || !streams.read_secret) {
      return invalid("there is no password and nobody to ask for it",
                     "Pipe it in with --password-stdin, or set CONVOY_PASSWORD.");
    }
    CONVOY_TRY(given, streams.read_secret("Password: "));
    if (given.empty()) return cancelled();
    if (is_new) {
      CONVOY_TRY(const std::string again, streams.read_secret("Password again: "));
      if (again != given) return invalid("the two passwords differ", "Try again.");
    }
  }
  CONVOY_CHECK_OK(base::check_text(given, "the password"));
  return given;
}

}  // namespace convoy::cli
