#include "query/fragment.h"

#include <string>

#include "base/text.h"
#include "query/parts.h"

namespace convoy::query {
namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// As SQLite sees it: letters, digits, _, $ and everything beyond ASCII.
bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

std::string lower(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lowered;
}

class Inspector {
 public:
  Inspector(std::string_view sql, FragmentKind kind, std::string_view what)
      : sql_(sql), kind_(kind), what_(what) {}

  Result<FragmentInfo> run() {
    while (at_ < sql_.size()) {
      if (is_space(sql_[at_])) {
        ++at_;
        continue;
      }
      if (starts("--") || starts("/*")) {
        CONVOY_CHECK_OK(comment());
        continue;
      }
      // Only comments may follow the semicolon.
      if (has_ended_) return refused("is more than one statement");
      const std::size_t begin = at_;
      CONVOY_CHECK_OK(token());
      if (has_ended_) continue;
      if (end_ == 0) begin_ = begin;
      end_ = at_;
    }
    if (parentheses_ > 0) return refused("has a ( that is not closed");
    if (end_ == 0) return refused("is empty");
    info_.sql = sql_.substr(begin_, end_ - begin_);
    return info_;
  }

 private:
  [[nodiscard]] bool starts(std::string_view text) const {
    return sql_.substr(at_).starts_with(text);
  }

  [[nodiscard]] Error refused(std::string_view why) const {
    return invalid_query(std::string(what_) + " " + std::string(why));
  }

  Status comment() {
    if (kind_ == FragmentKind::Expression) return refused("has a comment");
    const bool is_line = sql_[at_] == '-';
    const auto found = sql_.find(is_line ? "\n" : "*/", at_ + 2);
    if (found == std::string_view::npos && !is_line) return refused("has an open comment");
    at_ = found == std::string_view::npos ? sql_.size() : found + (is_line ? 1 : 2);
    return ok_status();
  }

  Status token() {
    const char c = sql_[at_];
    const bool is_after_in = std::exchange(is_after_in_, false);
    // `x in name` reads a table without a select.
    if (is_after_in && c != '(') info_.reads_tables = true;
    if (c == '\'' || c == '"' || c == '`' || c == '[') return quoted(c == '[' ? ']' : c);
    if (is_word(c)) return word();
    ++at_;
    switch (c) {
      case '(':
        ++parentheses_;
        return ok_status();
      case ')':
        if (parentheses_-- == 0) return refused("has a ) that closes nothing");
        return ok_status();
      case ';':
        if (kind_ == FragmentKind::Expression || parentheses_ > 0) return refused("has a ;");
        has_ended_ = true;
        return ok_status();
      case '?':
        if (at_ < sql_.size() && sql_[at_] >= '0' && sql_[at_] <= '9') return named_argument();
        ++info_.parameters;
        return ok_status();
      case ':':
      case '@':
      case '#':
        return named_argument();
      default:
        return ok_status();
    }
  }

  // A doubled quote closes and opens at once, which comes to the same.
  Status quoted(char closing) {
    const auto found = sql_.find(closing, at_ + 1);
    if (found == std::string_view::npos) return refused("has a quote that is not closed");
    at_ = found + 1;
    return ok_status();
  }

  Status word() {
    const std::size_t begin = at_;
    while (at_ < sql_.size() && is_word(sql_[at_])) ++at_;
    const auto word = lower(sql_.substr(begin, at_ - begin));
    if (word.find('$') != std::string::npos) return named_argument();
    if (word == "select") info_.reads_tables = true;
    is_after_in_ = word == "in";
    return ok_status();
  }

  [[nodiscard]] Error named_argument() const {
    return invalid_query(std::string(what_) + " has an argument with a name or number",
                         "Write a plain ? for each argument, in their order.");
  }

  std::string_view sql_;
  FragmentKind kind_;
  std::string_view what_;
  std::size_t at_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;  // 0: nothing yet.
  int parentheses_ = 0;
  bool has_ended_ = false;
  bool is_after_in_ = false;
  FragmentInfo info_;
};

}  // namespace

std::string first_word(std::string_view sql) {
  std::size_t at = 0;
  while (at < sql.size()) {
    const auto rest = sql.substr(at);
    if (is_space(sql[at]) || sql[at] == '(') {
      ++at;
    } else if (rest.starts_with("--") || rest.starts_with("/*")) {
      const std::string_view end = sql[at] == '-' ? "\n" : "*/";
      const auto found = sql.find(end, at + 2);
      at = found == std::string_view::npos ? sql.size() : found + end.size();
    } else {
      break;
    }
  }
  auto end = at;
  while (end < sql.size() && is_word(sql[end])) ++end;
  return lower(sql.substr(at, end - at));
}

bool begins_select(std::string_view word) {
  return word == "select" || word == "with" || word == "values";
}

Result<FragmentInfo> inspect_fragment(std::string_view sql, FragmentKind kind,
                                      std::string_view what) {
  CONVOY_CHECK_OK(base::check_text(sql, what));
  return Inspector(sql, kind, what).run();
}

}  // namespace convoy::query
