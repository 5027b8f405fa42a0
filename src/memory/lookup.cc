#include "memory/lookup.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/uuid.h"
#include "memory/search.h"

namespace convoy::memory {
namespace {

constexpr std::size_t kListedMax = 5;
// Enough that a whole name is among them, however many longer ones have its words.
constexpr std::int64_t kCandidatesMax = 100;

std::string listed(const EntityInfo& about, const std::vector<Record>& candidates) {
  std::string text;
  for (std::size_t i = 0; i < candidates.size() && i < kListedMax; ++i) {
    text.append(i == 0 ? "" : ", ").append(candidates[i].id);
    text.append(" (").append(candidates[i].text(about.label)).append(")");
  }
  return candidates.size() > kListedMax ? text + " and more" : text;
}

Error not_found(const EntityInfo& about, std::string_view text, const std::vector<Record>& near) {
  const std::string noun(about.noun);
  Error error{
      .code = ErrorCode::NotFound,
      .message = "no " + noun + " " + std::string(text) + " on this device",
      .hint = "`convoy " + noun + " list` shows what is here; `convoy sync` fetches what is new."};
  if (!near.empty()) error.hint = "Perhaps " + listed(about, near) + " is meant.";
  return error;
}

Error ambiguous(const EntityInfo& about, const std::string& what,
                const std::vector<Record>& candidates) {
  return {.code = ErrorCode::Ambiguous,
          .message = "more than one " + std::string(about.noun) + " " + what,
          .hint = "Give one of these ids, or an end of it that no other has: " +
                  listed(about, candidates) + "."};
}

// Lower case, as ids are written; nothing if it can be no part of an id.
std::optional<std::string> as_id_part(std::string_view text) {
  std::string part(text);
  for (char& c : part) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  }
  if (part.size() < kIdPartMin) return std::nullopt;
  if (part.find_first_not_of("0123456789abcdef-") != std::string::npos) return std::nullopt;
  return part;
}

std::string folded(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

// Both ways go through the index of ids: the table itself may be large.
Result<std::vector<Record>> with_id_part(Reader& reader, const std::string& table,
                                         const std::string& part) {
  if (base::is_uuid(part)) return reader.fetch(from(table).where("id", eq(part)));
  // 'g' follows the last digit of an id.
  auto begins = all_of({where("id", gte(part)), where("id", lt(part + "g"))});
  auto ends =
      sql_expression("\"id\" in (select \"id\" from \"" + table + "\" where substr(\"id\", ?) = ?)",
                     {-static_cast<double>(part.size()), part});
  CONVOY_TRY(auto found, reader.fetch(from(table).where(std::move(begins)).take(kCandidatesMax)));
  CONVOY_TRY(auto more, reader.fetch(from(table).where(std::move(ends)).take(kCandidatesMax)));
  for (auto& record : more) {
    if (std::ranges::find(found, record.id, &Record::id) == found.end()) {
      found.push_back(std::move(record));
    }
  }
  return found;
}

// Those that are called just so, if there are any.
std::vector<Record> whole_names(std::vector<Record> candidates, std::string_view label,
                                std::string_view text) {
  const auto wanted = folded(text);
  const auto is_other = [&](const Record& record) { return folded(record.text(label)) != wanted; };
  if (std::ranges::all_of(candidates, is_other)) return candidates;
  std::erase_if(candidates, is_other);
  return candidates;
}

}  // namespace

std::string short_id(std::string_view id) {
  return std::string(id.size() > kShortIdLength ? id.substr(id.size() - kShortIdLength) : id);
}

Result<Record> look_up(Reader& reader, const Schema& schema, Entity entity, std::string_view text,
                       Guess guess) {
  const auto& about = info(entity);
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return Error{.code = ErrorCode::InvalidArgument,
                 .message = "there is no id or name of a " + std::string(about.noun),
                 .hint = "Give its id, the end of it that a list shows, or its " +
                         std::string(about.label) + "."};
  }
  const auto& table = *schema.find_table(about.table);
  if (const auto part = as_id_part(text)) {
    CONVOY_TRY(auto found, with_id_part(reader, table.name, *part));
    if (found.size() == 1) return std::move(found.front());
    if (!found.empty()) {
      return ambiguous(about, "has an id with " + *part + " at its beginning or end", found);
    }
    if (base::is_uuid(*part)) return not_found(about, text, {});
  }
  CONVOY_TRY(auto named,
             find_by_label(reader, table, about.label, text, Typos::Refused, kCandidatesMax));
  named = whole_names(std::move(named), about.label, text);
  if (named.size() == 1) return std::move(named.front());
  if (!named.empty()) {
    return ambiguous(about, "is called like \"" + std::string(text) + "\"", named);
  }
  CONVOY_TRY(auto near,
             find_by_label(reader, table, about.label, text, Typos::Forgiven, kCandidatesMax));
  if (guess == Guess::Likely && near.size() == 1) return std::move(near.front());
  return not_found(about, text, near);
}

}  // namespace convoy::memory
