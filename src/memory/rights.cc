#include "memory/rights.h"

#include <optional>

namespace convoy::memory {

Result<std::string> user_of(Reader& reader) {
  CONVOY_TRY(const auto found, reader.select("select value from convoy_meta where key = 'user'"));
  if (found.rows.empty()) return std::string();
  const auto* user = std::get_if<std::string>(&found.rows.front().front());
  return user == nullptr ? std::string() : *user;
}

Result<std::string> workspace_of(Reader& reader, Entity entity, const Record& record) {
  std::optional<Record> at = record;
  while (at && info(entity).parent) {
    const auto above = *info(entity).parent;
    const auto id = std::string(at->text(info(entity).parent_column));
    if (above == Entity::Workspace) return id;
    CONVOY_TRY(at, reader.find(info(above).table, id));
    entity = above;
  }
  return at ? at->id : std::string();
}

Status check_right(Reader& reader, std::string_view workspace, Right right) {
  if (workspace.empty()) return ok_status();
  CONVOY_TRY(const auto user, user_of(reader));
  if (user.empty()) return ok_status();
  CONVOY_TRY(const auto members, reader.fetch(from("workspace_members")
                                                  .where("workspace_id", eq(workspace))
                                                  .where("user_id", eq(user))));
  if (members.empty()) return ok_status();
  const auto role = members.front().text("role");
  if (role == "owner" || (right == Right::Write && role == "member")) return ok_status();
  CONVOY_TRY(const auto record, reader.find("workspaces", workspace));
  const auto name = record ? std::string(record->text("name")) : std::string(workspace);
  const bool needs_owner = right == Right::Own;
  return Error{
      .code = ErrorCode::Refused,
      .message = "you are a " + std::string(role) + " of the workspace \"" + name + "\"; " +
                 (needs_owner ? "only an owner may delete it" : "viewers read, and change nothing"),
      .hint = needs_owner ? "Ask an owner of the workspace to do it."
                          : "Ask an owner of the workspace to make you a member."};
}

}  // namespace convoy::memory
