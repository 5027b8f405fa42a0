#include "cli/list_view.h"

#include <algorithm>
#include <map>
#include <utility>

#include "cli/table_writer.h"
#include "cli/times.h"

namespace convoy::cli {
namespace {

using memory::Entity;
using Labels = std::map<std::string, std::string>;

Cell time_cell(const Record& record, std::string_view column) {
  const auto time = record.number(column);
  return {time ? local_time(*time) : "", Ink::Dim};
}

Cell day_cell(const Record& record, std::string_view column) {
  constexpr std::size_t kDateLength = 10;
  const auto time = record.number(column);
  // A date is midnight in UTC; a local time could show the day before.
  return {time ? json_time(*time).substr(0, kDateLength) : "", Ink::Plain};
}

Cell status_cell(const Record& record, std::string_view column) {
  const auto status = record.text(column);
  return {std::string(status), ink_of_status(status)};
}

std::vector<TableColumn> columns_of(Entity entity) {
  std::vector<TableColumn> columns{{.title = ""}, {.title = "ID"}};
  switch (entity) {
    case Entity::Workspace:
      columns.push_back({.title = "NAME", .is_flexible = true});
      columns.push_back({.title = "DESCRIPTION", .is_flexible = true, .is_secondary = true});
      break;
    case Entity::Project:
      columns.push_back({.title = "NAME", .is_flexible = true});
      columns.push_back({.title = "STATUS"});
      columns.push_back({.title = "WORKSPACE", .is_flexible = true, .is_secondary = true});
      break;
    case Entity::Milestone:
      columns.push_back({.title = "NAME", .is_flexible = true});
      columns.push_back({.title = "STATUS"});
      columns.push_back({.title = "TARGET"});
      columns.push_back({.title = "PROJECT", .is_flexible = true, .is_secondary = true});
      break;
    case Entity::Task:
      columns.push_back({.title = "TITLE", .is_flexible = true});
      columns.push_back({.title = "STATUS"});
      columns.push_back({.title = "STAGE"});
      columns.push_back({.title = "MILESTONE", .is_flexible = true, .is_secondary = true});
      break;
  }
  columns.push_back({.title = "UPDATED", .is_dispensable = true});
  return columns;
}

std::vector<Cell> cells_of(Entity entity, const Record& record, const Labels& parents) {
  const auto& about = memory::info(entity);
  std::vector<Cell> cells{{mark_of(record), Ink::Yellow},
                          {memory::short_id(record.id), Ink::Dim},
                          {std::string(record.text(about.label))}};
  if (!about.statuses.empty()) cells.push_back(status_cell(record, "status"));
  if (entity == Entity::Workspace) cells.push_back({std::string(record.text("description"))});
  if (entity == Entity::Milestone) cells.push_back(day_cell(record, "target_date"));
  if (entity == Entity::Task) cells.push_back({std::string(record.text("current_stage"))});
  if (about.parent) {
    const auto parent = parents.find(std::string(record.text(about.parent_column)));
    cells.push_back({parent == parents.end() ? "" : parent->second, Ink::Dim});
  }
  cells.push_back(time_cell(record, "updated_at"));
  return cells;
}

}  // namespace

std::string mark_of(const Record& record) { return record.status == "synced" ? "" : "●"; }

Result<std::string> list_view(memory::Bank& bank, Entity entity, const std::vector<Record>& records,
                              const Page& page) {
  const auto& about = memory::info(entity);
  if (records.empty()) return "No " + std::string(about.table) + " found.\n";
  Labels parents;
  if (about.parent) {
    std::vector<std::string> ids;
    ids.reserve(records.size());
    for (const auto& record : records) ids.emplace_back(record.text(about.parent_column));
    CONVOY_TRY(parents, bank.labels(*about.parent, std::move(ids)));
  }
  std::vector<std::vector<Cell>> rows;
  rows.reserve(records.size());
  for (const auto& record : records) rows.push_back(cells_of(entity, record, parents));
  auto text = write_table(columns_of(entity), rows, page.columns, page.style);
  const bool has_unsent = std::any_of(records.begin(), records.end(), [](const Record& record) {
    return !mark_of(record).empty();
  });
  if (has_unsent) text += page.style(Ink::Yellow, "●") + " not sent yet\n";
  return text;
}

}  // namespace convoy::cli
