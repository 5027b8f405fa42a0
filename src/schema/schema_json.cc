#include "schema/schema_json.h"

#include <algorithm>
#include <initializer_list>
#include <limits>
#include <utility>

#include "base/json.h"
#include "schema/schema_words.h"
#include "schema/suggest.h"

namespace convoy::schema {
namespace {

using base::Json;

Error invalid(std::string_view path, std::string_view what, std::string hint = {}) {
  const std::string where = path.empty() ? "" : std::string(path) + ": ";
  return {.code = ErrorCode::InvalidSchema,
          .message = where + std::string(what),
          .hint = std::move(hint)};
}

std::string below(std::string_view path, std::string_view member) {
  return path.empty() ? std::string(member) : std::string(path) + "." + std::string(member);
}

std::string below(std::string_view path, std::size_t index) {
  return std::string(path) + "[" + std::to_string(index) + "]";
}

// One object of the document, with where it stands.
class Members {
 public:
  // Refuses members that are not in `known`.
  static Result<Members> of(const Json& json, std::string path,
                            std::initializer_list<std::string_view> known) {
    if (json.object() == nullptr) return invalid(path, "must be an object");
    for (const auto& [name, unused] : *json.object()) {
      if (std::ranges::find(known, name) != known.end()) continue;
      return invalid(below(path, name), "there is no such member", did_you_mean(name, known));
    }
    return Members(json, std::move(path));
  }

  [[nodiscard]] const std::string& path() const { return path_; }

  [[nodiscard]] std::string path(std::string_view member) const { return below(path_, member); }

  [[nodiscard]] const Json* find(std::string_view member) const { return json_->find(member); }

  Result<const Json*> require(std::string_view member) const {
    if (const auto* found = find(member)) return found;
    return invalid(path(member), "is missing");
  }

  Result<std::string> text(std::string_view member) const {
    CONVOY_TRY(const auto* json, require(member));
    if (json->string() != nullptr) return *json->string();
    return invalid(path(member), "must be a text");
  }

  // False if it is not there.
  Result<bool> flag(std::string_view member) const {
    const auto* json = find(member);
    if (json == nullptr) return false;
    if (json->boolean() != nullptr) return *json->boolean();
    return invalid(path(member), "must be true or false");
  }

  Result<int> version(std::string_view member) const {
    CONVOY_TRY(const auto* json, require(member));
    const auto number = json->integer();
    if (number && *number >= 1 && *number <= std::numeric_limits<int>::max()) {
      return static_cast<int>(*number);
    }
    return invalid(path(member), "must be a whole number, 1 or more");
  }

  Result<const Json::Array*> array(std::string_view member) const {
    CONVOY_TRY(const auto* json, require(member));
    if (json->array() != nullptr) return json->array();
    return invalid(path(member), "must be an array");
  }

  // `fallback` if it is not there.
  template <class Enum, std::size_t N>
  Result<Enum> word(std::string_view member, const Words<Enum, N>& words, Enum fallback) const {
    const auto* json = find(member);
    if (json == nullptr) return fallback;
    const auto meaning =
        json->string() == nullptr ? std::nullopt : meaning_of(words, *json->string());
    if (meaning) return *meaning;
    return invalid(path(member), "must be " + list_of(words));
  }

 private:
  Members(const Json& json, std::string path) : json_(&json), path_(std::move(path)) {}

  const Json* json_;
  std::string path_;
};

Result<Column> read_column(const Json& json, std::string path) {
  CONVOY_TRY(const auto members, Members::of(json, std::move(path),
                                             {"name", "type", "optional", "indexed", "searchable",
                                              "pg", "references"}));
  Column column;
  CONVOY_TRY(column.name, members.text("name"));
  CONVOY_CHECK_OK(members.require("type"));
  CONVOY_TRY(column.type, members.word("type", kColumnTypes, ColumnType::String));
  CONVOY_TRY(column.is_optional, members.flag("optional"));
  CONVOY_TRY(column.is_indexed, members.flag("indexed"));
  CONVOY_TRY(column.is_searchable, members.flag("searchable"));
  CONVOY_TRY(column.pg_type, members.word("pg", kPgTypes, PgType::Native));
  if (const auto* target = members.find("references")) {
    CONVOY_TRY(const auto reference,
               Members::of(*target, members.path("references"), {"table", "on_delete"}));
    column.references.emplace();
    CONVOY_TRY(column.references->table, reference.text("table"));
    CONVOY_TRY(column.references->on_delete,
               reference.word("on_delete", kOnDelete, OnDelete::Nothing));
  }
  return column;
}

Result<std::vector<Column>> read_columns(const Members& members) {
  CONVOY_TRY(const auto* array, members.array("columns"));
  std::vector<Column> columns;
  for (std::size_t i = 0; i < array->size(); ++i) {
    CONVOY_TRY(auto column, read_column((*array)[i], below(members.path("columns"), i)));
    columns.push_back(std::move(column));
  }
  return columns;
}

Result<Table> read_table(const Json& json, std::string path) {
  CONVOY_TRY(const auto members,
             Members::of(json, std::move(path), {"name", "ids", "local_only", "columns"}));
  Table table;
  CONVOY_TRY(table.name, members.text("name"));
  CONVOY_TRY(table.ids, members.word("ids", kIdKinds, IdKind::Uuid));
  CONVOY_TRY(table.is_local_only, members.flag("local_only"));
  CONVOY_TRY(table.columns, read_columns(members));
  return table;
}

// --- Migrations

using ReadStep = Result<MigrationStep> (*)(const Json& json, std::string path);

Result<std::string> read_text(const Json& json, const std::string& path) {
  if (json.string() != nullptr) return *json.string();
  return invalid(path, "must be a text");
}

Result<MigrationStep> read_create_table(const Json& json, std::string path) {
  CONVOY_TRY(auto table, read_table(json, std::move(path)));
  return MigrationStep(CreateTable{.table = std::move(table)});
}

Result<MigrationStep> read_add_columns(const Json& json, std::string path) {
  CONVOY_TRY(const auto members, Members::of(json, std::move(path), {"table", "columns"}));
  AddColumns step;
  CONVOY_TRY(step.table, members.text("table"));
  CONVOY_TRY(step.columns, read_columns(members));
  return MigrationStep(std::move(step));
}

Result<MigrationStep> read_drop_table(const Json& json, std::string path) {
  CONVOY_TRY(auto table, read_text(json, path));
  return MigrationStep(DropTable{.table = std::move(table)});
}

Result<MigrationStep> read_rename_table(const Json& json, std::string path) {
  CONVOY_TRY(const auto members, Members::of(json, std::move(path), {"from", "to"}));
  RenameTable step;
  CONVOY_TRY(step.from, members.text("from"));
  CONVOY_TRY(step.to, members.text("to"));
  return MigrationStep(std::move(step));
}

// DropColumn, AddIndex, DropIndex.
template <class Step>
Result<MigrationStep> read_column_step(const Json& json, std::string path) {
  CONVOY_TRY(const auto members, Members::of(json, std::move(path), {"table", "column"}));
  Step step;
  CONVOY_TRY(step.table, members.text("table"));
  CONVOY_TRY(step.column, members.text("column"));
  return MigrationStep(std::move(step));
}

Result<MigrationStep> read_rename_column(const Json& json, std::string path) {
  CONVOY_TRY(const auto members, Members::of(json, std::move(path), {"table", "from", "to"}));
  RenameColumn step;
  CONVOY_TRY(step.table, members.text("table"));
  CONVOY_TRY(step.from, members.text("from"));
  CONVOY_TRY(step.to, members.text("to"));
  return MigrationStep(std::move(step));
}

Result<MigrationStep> read_sql(const Json& json, std::string path) {
  CONVOY_TRY(auto sql, read_text(json, path));
  return MigrationStep(RunSql{.sql = std::move(sql)});
}

constexpr Words<ReadStep, 9> kSteps{{{"create_table", read_create_table},
                                     {"add_columns", read_add_columns},
                                     {"drop_table", read_drop_table},
                                     {"rename_table", read_rename_table},
                                     {"drop_column", read_column_step<DropColumn>},
                                     {"rename_column", read_rename_column},
                                     {"add_index", read_column_step<AddIndex>},
                                     {"drop_index", read_column_step<DropIndex>},
                                     {"sql", read_sql}}};

// {"create_table": …}: one member, which says what kind it is.
Result<MigrationStep> read_step(const Json& json, std::string path) {
  if (json.object() == nullptr || json.object()->size() != 1) {
    return invalid(path, "must be an object with one member, which names the step");
  }
  const auto& [name, content] = json.object()->front();
  const auto read = meaning_of(kSteps, name);
  if (!read)
    return invalid(below(path, name), "there is no such step; it must be " + list_of(kSteps));
  return (*read)(content, below(path, name));
}

Result<Migration> read_migration(const Json& json, std::string path) {
  CONVOY_TRY(const auto members, Members::of(json, std::move(path), {"to", "steps"}));
  Migration migration;
  CONVOY_TRY(migration.to_version, members.version("to"));
  CONVOY_TRY(const auto* steps, members.array("steps"));
  for (std::size_t i = 0; i < steps->size(); ++i) {
    CONVOY_TRY(auto step, read_step((*steps)[i], below(members.path("steps"), i)));
    migration.steps.push_back(std::move(step));
  }
  return migration;
}

Result<SchemaDocument> read_document(const Json& json) {
  CONVOY_TRY(const auto members, Members::of(json, "", {"version", "tables", "migrations"}));
  SchemaDocument document;
  CONVOY_TRY(document.schema.version, members.version("version"));
  CONVOY_TRY(const auto* tables, members.array("tables"));
  for (std::size_t i = 0; i < tables->size(); ++i) {
    CONVOY_TRY(auto table, read_table((*tables)[i], below("tables", i)));
    document.schema.tables.push_back(std::move(table));
  }
  if (members.find("migrations") == nullptr) return document;
  CONVOY_TRY(const auto* migrations, members.array("migrations"));
  for (std::size_t i = 0; i < migrations->size(); ++i) {
    CONVOY_TRY(auto migration, read_migration((*migrations)[i], below("migrations", i)));
    document.migrations.push_back(std::move(migration));
  }
  return document;
}

}  // namespace

Result<SchemaDocument> parse_schema(std::string_view json) {
  auto parsed = base::parse_json(json);
  if (!parsed.ok()) return invalid("", parsed.error().message);
  CONVOY_TRY(auto document, read_document(*parsed));
  CONVOY_CHECK_OK(validate(document.schema));
  CONVOY_CHECK_OK(validate(document.migrations, document.schema));
  return document;
}

}  // namespace convoy::schema
