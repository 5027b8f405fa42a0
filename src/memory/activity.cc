#include "memory/activity.h"

#include <utility>

#include "memory/rights.h"

namespace convoy::memory {

Result<std::string> actor_id(Reader& reader, const Actor& actor) {
  if (actor.kind == ActorKind::Agent) return actor.name;
  return user_of(reader);
}

Result<std::string> activity_type(std::string_view text) {
  constexpr std::size_t kLengthMax = 64;
  std::string type(text);
  for (char& c : type) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == '-' || c == ' ') c = '_';
  }
  const bool is_word =
      type.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == std::string::npos &&
      !type.empty() && type.size() <= kLengthMax;
  if (is_word) return type;
  return Error{.code = ErrorCode::InvalidArgument,
               .message = "\"" + std::string(text) + "\" is not a type of activity",
               .hint = "It is a word like COMMENT, of letters, digits and underscores."};
}

Result<Record> write_activity(Writer& writer, std::string_view task, std::string_view type,
                              const base::Json& details, const Actor& actor) {
  CONVOY_TRY(const auto who, actor_id(writer, actor));
  return writer.create("activity_feed",
                       {{"task_id", std::string(task)},
                        {"actor_id", who.empty() ? Value(Null{}) : Value(who)},
                        {"activity_type", std::string(type)},
                        {"details", details.is_null() ? Value(Null{}) : Value(details.dump())}});
}

}  // namespace convoy::memory
