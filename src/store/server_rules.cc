#include "store/server_rules.h"

#include <utility>

#include "base/json.h"
#include "store/meta.h"

namespace convoy::store {
namespace {

using base::Json;

std::string describe(const schema::ServerTable& table) {
  Json::Object columns;
  for (const auto& column : table.columns) {
    Json about;
    about.set("type", column.type);
    about.set("nullable", column.is_nullable);
    about.set("write", column.is_writable);
    if (!column.rule.empty()) about.set("rule", column.rule);
    columns.emplace_back(column.name, std::move(about));
  }
  return Json(std::move(columns)).dump();
}

}  // namespace

Status save_server_schema(sql::Connection& connection, const schema::ServerSchema& schema) {
  CONVOY_CHECK_OK(connection.execute("delete from convoy_server_table"));
  CONVOY_TRY(auto insert, connection.prepare("insert into convoy_server_table (name, conflict, "
                                             "on_delete, columns) values (?, ?, ?, ?)"));
  for (const auto& table : schema.tables) {
    const auto columns = describe(table);
    CONVOY_CHECK_OK(insert.bind_text(1, std::string_view(table.name))
                        .bind_text(2, std::string_view(table.conflict))
                        .bind_text(3, std::string_view(table.on_delete))
                        .bind_text(4, std::string_view(columns))
                        .run());
  }
  return write_meta(connection, "fingerprint", std::string_view(schema.fingerprint));
}

Result<const TableRules*> ServerRules::of(const TableInfo& info) {
  if (const auto known = rules_.find(info.number); known != rules_.end()) return &known->second;
  auto& rules = rules_[info.number];
  CONVOY_TRY(auto select, connection_.prepare("select conflict, on_delete, columns from "
                                              "convoy_server_table where name = ?"));
  CONVOY_TRY(const bool found, select.bind_text(1, std::string_view(info.table->name)).step());
  if (!found) return &rules;
  rules.conflict = select.text(0);
  rules.on_delete = select.text(1);
  CONVOY_TRY(const auto columns, base::parse_json(select.text(2)));
  if (columns.object() == nullptr) return &rules;
  for (const auto& [name, about] : *columns.object()) {
    const auto* write = about.find("write");
    if (write != nullptr && write->boolean() != nullptr && !*write->boolean()) {
      rules.read_only_columns.insert(name);
    }
  }
  return &rules;
}

}  // namespace convoy::store
