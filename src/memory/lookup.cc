#include "memory/lookup.h"

#include <algorithm>
#include <utility>

#include "base/uuid.h"

namespace convoy::memory {
namespace {

constexpr std::int64_t kCandidatesMax = 5;

Error not_found(Entity entity, std::string_view id) {
  const auto& about = info(entity);
  return {.code = ErrorCode::NotFound,
          .message = "no " + std::string(about.noun) + " " + std::string(id) + " on this device",
          .hint = "`convoy " + std::string(about.noun) +
                  " list` shows what is here; `convoy sync` fetches what is new."};
}

Error ambiguous(Entity entity, std::string_view id, const std::vector<Record>& candidates) {
  const auto& about = info(entity);
  std::string hint = "Give more of the id:";
  for (std::size_t i = 0; i < candidates.size() && i < std::size_t{kCandidatesMax}; ++i) {
    hint.append(i == 0 ? " " : ", ").append(candidates[i].id);
    hint.append(" (").append(candidates[i].text(about.label)).append(")");
  }
  if (candidates.size() > std::size_t{kCandidatesMax}) hint += " and more";
  return {.code = ErrorCode::Ambiguous,
          .message = "more than one " + std::string(about.noun) + " has an id with " +
                     std::string(id) + " at its beginning or end",
          .hint = hint + "."};
}

// Lower case, as ids are written; nothing if a character can't be part of an id.
Result<std::string> as_id_part(Entity entity, std::string_view id) {
  std::string part(id);
  for (char& c : part) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  }
  if (part.find_first_not_of("0123456789abcdef-") != std::string::npos || part.empty()) {
    return Error{.code = ErrorCode::InvalidArgument,
                 .message = "\"" + part + "\" is not the id of a " + std::string(info(entity).noun),
                 .hint = "An id has the digits 0-9 and a-f, e.g. the eight that a list shows."};
  }
  if (part.size() < kIdPartMin) {
    return Error{.code = ErrorCode::InvalidArgument,
                 .message = "\"" + part + "\" is too short for an id",
                 .hint = "Give at least " + std::to_string(kIdPartMin) + " characters of it."};
  }
  return part;
}

}  // namespace

std::string short_id(std::string_view id) {
  return std::string(id.size() > kShortIdLength ? id.substr(id.size() - kShortIdLength) : id);
}

Result<Record> look_up(const Fetch& fetch, Entity entity, std::string_view id) {
  CONVOY_TRY(const std::string part, as_id_part(entity, id));
  const auto table = std::string(info(entity).table);
  std::vector<Record> found;
  if (base::is_uuid(part)) {
    CONVOY_TRY(found, fetch(from(table).where("id", eq(part))));
  } else {
    for (const auto& pattern : {part + "%", "%" + part}) {
      CONVOY_TRY(auto more, fetch(from(table).where("id", like(pattern)).take(kCandidatesMax + 1)));
      for (auto& record : more) {
        const auto is_same = [&](const Record& other) { return other.id == record.id; };
        if (std::none_of(found.begin(), found.end(), is_same)) found.push_back(std::move(record));
      }
    }
  }
  if (found.empty()) return not_found(entity, id);
  if (found.size() > 1) return ambiguous(entity, id, found);
  return std::move(found.front());
}

}  // namespace convoy::memory
