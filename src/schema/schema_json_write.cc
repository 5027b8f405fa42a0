#include <utility>

#include "base/json.h"
#include "schema/schema_json.h"
#include "schema/schema_words.h"

namespace convoy::schema {
namespace {

using base::Json;

Json write(const Column& column) {
  Json::Object object;
  object.emplace_back("name", column.name);
  object.emplace_back("type", word_of(kColumnTypes, column.type));
  if (column.is_optional) object.emplace_back("optional", true);
  if (column.is_indexed) object.emplace_back("indexed", true);
  if (column.is_searchable) object.emplace_back("searchable", true);
  if (column.pg_type != PgType::Native) {
    object.emplace_back("pg", word_of(kPgTypes, column.pg_type));
  }
  if (column.references) {
    Json::Object reference;
    reference.emplace_back("table", column.references->table);
    if (column.references->on_delete != OnDelete::Nothing) {
      reference.emplace_back("on_delete", word_of(kOnDelete, column.references->on_delete));
    }
    object.emplace_back("references", std::move(reference));
  }
  return object;
}

Json write(const std::vector<Column>& columns) {
  Json::Array array;
  for (const auto& column : columns) array.push_back(write(column));
  return array;
}

Json write(const Table& table) {
  Json::Object object;
  object.emplace_back("name", table.name);
  if (table.ids != IdKind::Uuid) object.emplace_back("ids", word_of(kIdKinds, table.ids));
  if (table.is_local_only) object.emplace_back("local_only", true);
  object.emplace_back("columns", write(table.columns));
  return object;
}

Json object_of(Json::Object members) { return Json(std::move(members)); }

struct StepWriter {
  Json::Member operator()(const CreateTable& step) const {
    return {"create_table", write(step.table)};
  }

  Json::Member operator()(const AddColumns& step) const {
    return {"add_columns", object_of({{"table", step.table}, {"columns", write(step.columns)}})};
  }

  Json::Member operator()(const DropTable& step) const { return {"drop_table", step.table}; }

  Json::Member operator()(const RenameTable& step) const {
    return {"rename_table", object_of({{"from", step.from}, {"to", step.to}})};
  }

  Json::Member operator()(const DropColumn& step) const {
    return {"drop_column", object_of({{"table", step.table}, {"column", step.column}})};
  }

  Json::Member operator()(const RenameColumn& step) const {
    return {"rename_column",
            object_of({{"table", step.table}, {"from", step.from}, {"to", step.to}})};
  }

  Json::Member operator()(const AddIndex& step) const {
    return {"add_index", object_of({{"table", step.table}, {"column", step.column}})};
  }

  Json::Member operator()(const DropIndex& step) const {
    return {"drop_index", object_of({{"table", step.table}, {"column", step.column}})};
  }

  Json::Member operator()(const RunSql& step) const { return {"sql", step.sql}; }
};

Json write(const Migration& migration) {
  Json::Array steps;
  for (const auto& step : migration.steps) {
    steps.push_back(object_of({std::visit(StepWriter(), step)}));
  }
  return object_of({{"to", migration.to_version}, {"steps", std::move(steps)}});
}

}  // namespace

std::string schema_to_json(const Schema& schema, const Migrations& migrations) {
  Json::Array tables;
  for (const auto& table : schema.tables) tables.push_back(write(table));
  Json::Object document{{"version", schema.version}, {"tables", std::move(tables)}};
  if (!migrations.empty()) {
    Json::Array list;
    for (const auto& migration : migrations) list.push_back(write(migration));
    document.emplace_back("migrations", std::move(list));
  }
  return Json(std::move(document)).dump_pretty();
}

}  // namespace convoy::schema
