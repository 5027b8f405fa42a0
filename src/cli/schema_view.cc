#include "cli/schema_view.h"

#include "cli/display_text.h"
#include "cli/table_writer.h"
#include "schema/schema_json.h"

namespace convoy::cli {
namespace {

using base::Json;

std::string place_of(const std::string& table, const std::string& column) {
  return column.empty() ? table : table + "." + column;
}

Ink ink_of(codegen::Impact impact) {
  switch (impact) {
    case codegen::Impact::Note:
      return Ink::Dim;
    case codegen::Impact::Additive:
      return Ink::Yellow;
    case codegen::Impact::Breaking:
      break;
  }
  return Ink::Red;
}

// The newest migration, null if nothing has to be done to the file's tables.
Json migration_of(const codegen::SchemaUpdate& update) {
  if (update.steps.empty()) return {};
  const auto document =
      base::parse_json(schema::schema_to_json(update.document.schema, update.document.migrations));
  const auto* all = document.ok() ? document->find("migrations") : nullptr;
  return all == nullptr || all->array() == nullptr ? Json() : all->array()->back();
}

Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

}  // namespace

std::string line_of(const codegen::SchemaNote& note) {
  return printable(place_of(note.table, note.column) + ": " + note.text);
}

std::string summary_of(const codegen::SchemaUpdate& update) {
  const auto tables = update.document.schema.tables.size();
  return "version " + std::to_string(update.document.schema.version) + " with " +
         std::to_string(tables) + (tables == 1 ? " table" : " tables");
}

std::string view(const std::vector<codegen::Difference>& differences,
                 const codegen::SchemaUpdate& update, const Style& style) {
  if (differences.empty()) return "The schema and the server agree.\n";
  // As wide as it gets: what is cut off would be what matters.
  std::vector<std::vector<Cell>> rows;
  for (const auto& one : differences) {
    rows.push_back({{std::string(to_string(one.impact)), ink_of(one.impact)},
                    {place_of(one.table, one.column), Ink::Bold},
                    {one.message}});
  }
  auto text = write_table({{.title = "IMPACT"}, {.title = "WHERE"}, {.title = "DIFFERENCE"}}, rows,
                          0, style);
  std::string advice;
  for (const auto& one : differences) {
    if (one.advice.empty()) continue;
    advice +=
        "  " + printable(place_of(one.table, one.column)) + ": " + printable(one.advice) + "\n";
  }
  if (!advice.empty()) text += "\n" + style(Ink::Bold, "What to do") + "\n" + advice;
  if (!update.steps.empty()) {
    text += "\n" + style(Ink::Bold, "The migration that `convoy schema pull` adds") + "\n" +
            migration_of(update).dump_pretty() + "\n";
  }
  return text;
}

Json to_json(const codegen::SchemaUpdate& update, const std::vector<codegen::SchemaNote>& notes) {
  Json::Array list;
  for (const auto& note : notes) {
    Json one;
    one.set("table", note.table);
    one.set("column", text_or_null(note.column));
    one.set("text", note.text);
    list.push_back(std::move(one));
  }
  Json json;
  json.set("version", update.document.schema.version);
  json.set("migration", migration_of(update));
  json.set("notes", std::move(list));
  return json;
}

Json to_json(const std::vector<codegen::Difference>& differences,
             const codegen::SchemaUpdate& update) {
  Json::Array list;
  for (const auto& one : differences) {
    Json item;
    item.set("impact", to_string(one.impact));
    item.set("change", to_string(one.change));
    item.set("table", one.table);
    item.set("column", text_or_null(one.column));
    item.set("message", one.message);
    item.set("advice", text_or_null(one.advice));
    list.push_back(std::move(item));
  }
  Json json;
  json.set("impact", differences.empty() ? Json() : Json(to_string(worst(differences))));
  json.set("differences", std::move(list));
  json.set("migration", migration_of(update));
  return json;
}

}  // namespace convoy::cli
