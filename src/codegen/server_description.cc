#include "codegen/server_description.h"

#include <algorithm>

namespace convoy::codegen {
namespace {

using base::Json;

Error bad_reply(std::string_view where, std::string_view what) {
  return {.code = ErrorCode::BadReply,
          .message = "the description of the server's tables makes no sense: " +
                     std::string(where) + " " + std::string(what),
          .hint = "It is what convoy_schema answers; `convoy schema describe` asks for it."};
}

std::string below(std::string_view path, std::string_view member) {
  return path.empty() ? std::string(member) : std::string(path) + "." + std::string(member);
}

std::string below(std::string_view path, std::size_t index) {
  return std::string(path) + "[" + std::to_string(index) + "]";
}

Result<std::string> text(const Json& json, std::string_view path, std::string_view member) {
  const auto* found = json.find(member);
  if (found != nullptr && found->string() != nullptr) return *found->string();
  return bad_reply(below(path, member), "must be a text");
}

Result<bool> flag(const Json& json, std::string_view path, std::string_view member) {
  const auto* found = json.find(member);
  if (found != nullptr && found->boolean() != nullptr) return *found->boolean();
  return bad_reply(below(path, member), "must be true or false");
}

Result<const Json::Array*> array(const Json& json, std::string_view path, std::string_view member) {
  const auto* found = json.find(member);
  if (found != nullptr && found->array() != nullptr) return found->array();
  return bad_reply(below(path, member), "must be an array");
}

// "restrict" and "set_default" are for the server to carry out.
OnDelete on_delete(std::string_view word) {
  if (word == "cascade") return OnDelete::Cascade;
  return word == "set_null" ? OnDelete::SetNull : OnDelete::Nothing;
}

Result<std::optional<ServerReference>> reference(const Json& json, std::string_view path) {
  const auto* found = json.find("references");
  if (found == nullptr || found->is_null()) return std::optional<ServerReference>();
  const auto where = below(path, "references");
  ServerReference read;
  CONVOY_TRY(read.table, text(*found, where, "table"));
  CONVOY_TRY(read.column, text(*found, where, "column"));
  if (found->find("on_delete") != nullptr) {
    CONVOY_TRY(const auto word, text(*found, where, "on_delete"));
    read.on_delete = on_delete(word);
  }
  return std::optional(std::move(read));
}

Result<ServerColumn> column(const Json& json, const std::string& path) {
  ServerColumn read;
  CONVOY_TRY(read.name, text(json, path, "name"));
  CONVOY_TRY(read.type, text(json, path, "type"));
  CONVOY_TRY(read.is_nullable, flag(json, path, "nullable"));
  CONVOY_TRY(read.has_default, flag(json, path, "default"));
  CONVOY_TRY(read.is_writable, flag(json, path, "write"));
  CONVOY_TRY(read.is_indexed, flag(json, path, "indexed"));
  CONVOY_TRY(read.references, reference(json, path));
  return read;
}

Result<ServerTable> table(const Json& json, const std::string& path) {
  ServerTable read;
  CONVOY_TRY(read.name, text(json, path, "name"));
  CONVOY_TRY(read.id, text(json, path, "id"));
  CONVOY_TRY(read.id_type, text(json, path, "id_type"));
  CONVOY_TRY(read.conflict, text(json, path, "conflict"));
  CONVOY_TRY(const auto* columns, array(json, path, "columns"));
  for (std::size_t i = 0; i < columns->size(); ++i) {
    CONVOY_TRY(auto one, column((*columns)[i], below(below(path, "columns"), i)));
    read.columns.push_back(std::move(one));
  }
  return read;
}

}  // namespace

const ServerColumn* ServerTable::find_column(std::string_view column) const {
  const auto found = std::ranges::find(columns, column, &ServerColumn::name);
  return found == columns.end() ? nullptr : &*found;
}

bool ServerTable::is_writable() const {
  if (conflict == "read_only") return false;
  return columns.empty() || std::ranges::any_of(columns, &ServerColumn::is_writable);
}

const ServerTable* ServerDescription::find_table(std::string_view table) const {
  const auto found = std::ranges::find(tables, table, &ServerTable::name);
  return found == tables.end() ? nullptr : &*found;
}

Result<ServerDescription> parse_description(std::string_view reply) {
  const auto json = base::parse_json(reply);
  if (!json.ok()) return bad_reply("it", "is no JSON: " + json.error().message);
  ServerDescription read;
  CONVOY_TRY(read.fingerprint, text(*json, "", "fingerprint"));
  CONVOY_TRY(const auto* tables, array(*json, "", "tables"));
  for (std::size_t i = 0; i < tables->size(); ++i) {
    CONVOY_TRY(auto one, table((*tables)[i], below("tables", i)));
    read.tables.push_back(std::move(one));
  }
  return read;
}

}  // namespace convoy::codegen
