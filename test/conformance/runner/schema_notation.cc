#include "conformance/runner/schema_notation.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "conformance/runner/words.h"

namespace convoy::conformance {
namespace {

using base::Json;

constexpr std::array<std::string_view, 7> kPgTypes{"timestamptz", "date",   "uuid",   "jsonb",
                                                   "array",       "bigint", "numeric"};
constexpr std::array<std::string_view, 3> kOnDelete{"nothing", "cascade", "set_null"};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

// Words and the signs ( ) , ? of one line.
class Tokens {
 public:
  static Result<Tokens> of(const Line& line) {
    Tokens tokens(line);
    std::string_view rest = line.text;
    while (!rest.empty()) {
      std::size_t size = 1;
      if (rest.front() == '"') {
        while (size < rest.size() && rest[size] != '"') size += rest[size] == '\\' ? 2 : 1;
        if (size >= rest.size()) return mistake(line, "a quote is missing");
        ++size;
      } else if (std::string_view("(),? ").find(rest.front()) == std::string_view::npos) {
        size = std::min(rest.find_first_of("(),?\" "), rest.size());
      }
      if (rest.front() != ' ') tokens.tokens_.push_back(rest.substr(0, size));
      rest.remove_prefix(size);
    }
    return tokens;
  }

  [[nodiscard]] bool at_end() const { return next_ == tokens_.size(); }

  [[nodiscard]] std::string_view peek() const { return at_end() ? "" : tokens_[next_]; }

  bool skip(std::string_view token) {
    if (at_end() || tokens_[next_] != token) return false;
    ++next_;
    return true;
  }

  Result<std::string> name() {
    if (at_end()) return error("something is missing at the end");
    auto name = std::string_view("(),?").find(peek()) == std::string_view::npos ? to_name(peek())
                                                                                : std::nullopt;
    if (!name) return error("a name is missing before " + std::string(peek()));
    ++next_;
    return *std::move(name);
  }

  [[nodiscard]] Error error(std::string_view what) const { return mistake(*line_, what); }

 private:
  explicit Tokens(const Line& line) : line_(&line) {}

  const Line* line_;
  std::vector<std::string_view> tokens_;
  std::size_t next_ = 0;
};

// NAME TYPE[?] FLAG… [-> TABLE [nothing|cascade|set_null]]
Result<Json> read_column(Tokens& tokens) {
  Json column;
  CONVOY_TRY(auto name, tokens.name());
  CONVOY_TRY(auto type, tokens.name());
  column.set("name", std::move(name));
  column.set("type", std::move(type));
  if (tokens.skip("?")) column.set("optional", true);
  while (!tokens.at_end() && tokens.peek() != "," && tokens.peek() != ")") {
    CONVOY_TRY(auto word, tokens.name());
    if (word == "indexed" || word == "searchable") {
      column.set(word, true);
    } else if (contains(kPgTypes, word)) {
      column.set("pg", std::move(word));
    } else if (word == "->") {
      Json target;
      CONVOY_TRY(auto table, tokens.name());
      target.set("table", std::move(table));
      if (contains(kOnDelete, tokens.peek())) {
        CONVOY_TRY(auto on_delete, tokens.name());
        target.set("on_delete", std::move(on_delete));
      }
      column.set("references", std::move(target));
    } else {
      return tokens.error("\"" + word + "\" says nothing about a column");
    }
  }
  return column;
}

// (COLUMN, …)
Result<Json> read_columns(Tokens& tokens) {
  Json::Array columns;
  if (!tokens.skip("(")) return tokens.error("the columns are missing: NAME (COLUMN TYPE, …)");
  if (!tokens.skip(")")) {
    do {
      CONVOY_TRY(auto column, read_column(tokens));
      columns.push_back(std::move(column));
    } while (tokens.skip(","));
    if (!tokens.skip(")")) return tokens.error("a ) is missing");
  }
  if (!tokens.at_end()) return tokens.error("something stands behind the )");
  return Json(std::move(columns));
}

// NAME [uuid] [local] (COLUMN, …)
Result<Json> read_table(Tokens& tokens) {
  Json table;
  CONVOY_TRY(auto name, tokens.name());
  table.set("name", std::move(name));
  table.set("ids", tokens.skip("uuid") ? "uuid" : "watermelon");
  if (tokens.skip("local")) table.set("local_only", true);
  CONVOY_TRY(auto columns, read_columns(tokens));
  table.set("columns", std::move(columns));
  return table;
}

// STEP NAME …, for the steps whose members are names.
Result<Json> read_names(Tokens& tokens, std::vector<std::string_view> members) {
  Json content;
  for (const auto member : members) {
    CONVOY_TRY(auto name, tokens.name());
    if (member.empty()) {
      content = Json(std::move(name));
    } else {
      content.set(member, std::move(name));
    }
  }
  if (!tokens.at_end()) return tokens.error("more words than the step takes");
  return content;
}

Result<Json> read_step_content(Tokens& tokens, std::string_view step) {
  if (step == "create_table") return read_table(tokens);
  if (step == "drop_table") return read_names(tokens, {""});
  if (step == "rename_table") return read_names(tokens, {"from", "to"});
  if (step == "rename_column") return read_names(tokens, {"table", "from", "to"});
  if (step == "drop_column" || step == "add_index" || step == "drop_index") {
    return read_names(tokens, {"table", "column"});
  }
  if (step != "add_columns") return tokens.error("there is no step " + std::string(step));
  Json content;
  CONVOY_TRY(auto table, tokens.name());
  CONVOY_TRY(auto columns, read_columns(tokens));
  content.set("table", std::move(table));
  content.set("columns", std::move(columns));
  return content;
}

Result<Json> read_step(const Line& line) {
  Json step;
  Words words(line.text);
  if (words.skip_word() == "sql") {
    step.set("sql", words.rest());
    return step;
  }
  CONVOY_TRY(auto tokens, Tokens::of(line));
  CONVOY_TRY(const auto name, tokens.name());
  CONVOY_TRY(auto content, read_step_content(tokens, name));
  step.set(name, std::move(content));
  return step;
}

// The version of `migration N`; nothing if the line is something else.
std::optional<int> migration_version(const Line& line) {
  Words words(line.text);
  if (words.skip_word() != "migration") return std::nullopt;
  const auto cell = to_cell(words.skip_word());
  if (!cell || !words.at_end()) return std::nullopt;
  const auto* number = std::get_if<double>(&cell->value);
  return number == nullptr ? std::nullopt : std::optional(static_cast<int>(*number));
}

Result<Json> read_migration(const Line& line, int version) {
  Json::Array steps;
  for (const auto& child : line.children) {
    if (!child.children.empty()) return mistake(child, "a step has no lines of its own");
    CONVOY_TRY(auto step, read_step(child));
    steps.push_back(std::move(step));
  }
  Json migration;
  migration.set("to", version);
  migration.set("steps", std::move(steps));
  return migration;
}

}  // namespace

Result<Json> schema_to_json(int version, const std::vector<Line>& lines) {
  Json::Array tables;
  Json::Array migrations;
  for (const auto& line : lines) {
    if (const auto to = migration_version(line)) {
      CONVOY_TRY(auto migration, read_migration(line, *to));
      migrations.push_back(std::move(migration));
      continue;
    }
    if (!line.children.empty()) return mistake(line, "a table has no lines of its own");
    CONVOY_TRY(auto tokens, Tokens::of(line));
    CONVOY_TRY(auto table, read_table(tokens));
    tables.push_back(std::move(table));
  }
  Json document;
  document.set("version", version);
  document.set("tables", std::move(tables));
  if (!migrations.empty()) document.set("migrations", std::move(migrations));
  return document;
}

}  // namespace convoy::conformance
