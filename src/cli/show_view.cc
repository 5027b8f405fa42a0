#include "cli/show_view.h"

#include <vector>

#include "cli/display_text.h"
#include "cli/list_view.h"
#include "cli/row_json.h"
#include "cli/times.h"

namespace convoy::cli {
namespace {

using memory::Entity;

constexpr std::size_t kNameWidth = 12;

std::string line(const Page& page, std::string_view name, std::string_view text) {
  std::string padded(name);
  padded.resize(kNameWidth, ' ');
  return page.style(Ink::Dim, padded) + std::string(text) + "\n";
}

std::string capitalised(std::string_view noun) {
  std::string text(noun);
  text.front() = static_cast<char>(text.front() - 'a' + 'A');
  return text;
}

// "Name (short id)" of another record; only the id if it is not on this device.
Result<std::string> named(memory::Bank& bank, Entity entity, const std::string& id) {
  CONVOY_TRY(const auto labels, bank.labels(entity, {id}));
  const auto label = labels.find(id);
  if (label == labels.end()) return id + " (not on this device)";
  return printable(label->second) + " (" + memory::short_id(id) + ")";
}

// What lies above, nearest first.
Result<std::string> ancestors(memory::Bank& bank, Entity entity, const Record& record,
                              const Page& page) {
  std::string text;
  if (const auto parent = std::string(record.text("parent_task_id")); !parent.empty()) {
    CONVOY_TRY(const auto name, named(bank, Entity::Task, parent));
    text += line(page, "Part of", name);
  }
  Record at = record;
  for (auto above = memory::info(entity).parent; above; above = memory::info(entity).parent) {
    const auto id = std::string(at.text(memory::info(entity).parent_column));
    CONVOY_TRY(const auto name, named(bank, *above, id));
    text += line(page, capitalised(memory::info(*above).noun), name);
    auto next = bank.find(*above, id);
    if (!next.ok()) break;
    at = *std::move(next);
    entity = *above;
  }
  return text;
}

std::string times(const Record& record, const Page& page) {
  constexpr std::size_t kDateLength = 10;
  std::string text;
  if (const auto target = record.number("target_date")) {
    text += line(page, "Target", json_time(*target).substr(0, kDateLength));
  }
  for (const auto& [name, column] : {std::pair{"Created", "created_at"},
                                     {"Updated", "updated_at"},
                                     {"Completed", "completion_date"}}) {
    if (const auto time = record.number(column)) text += line(page, name, local_time(*time));
  }
  return text;
}

std::string section(const Page& page, std::string_view heading, std::string_view content) {
  std::string text = "\n" + page.style(Ink::Bold, heading) + "\n";
  const auto lines = printable(content, true);
  for (std::size_t at = 0; at <= lines.size();) {
    const auto end = std::min(lines.find('\n', at), lines.size());
    if (end > at) text += "  " + lines.substr(at, end - at);
    text += "\n";
    at = end + 1;
  }
  return text;
}

std::string sections(const Record& record, const Page& page) {
  std::string text;
  for (const auto& [heading, column] : {std::pair{"Description", "description"},
                                        {"Overview", "overview"},
                                        {"Requirements", "requirements"}}) {
    if (const auto content = record.text(column); !content.empty()) {
      text += section(page, heading, content);
    }
  }
  if (const auto stack = record.text("tech_stack"); !stack.empty()) {
    text += section(page, "Tech stack", embedded(std::string(stack)).dump_pretty());
  }
  return text;
}

std::string in_words(const memory::Progress& progress) {
  auto text = std::to_string(progress.done) + " of " + std::to_string(progress.total()) +
              " tasks done (" + std::to_string(progress.percent()) + " %)";
  if (progress.blocked > 0) text += ", " + std::to_string(progress.blocked) + " blocked";
  return text;
}

// What lies beneath: a list of the next level, or a task's subtasks.
Result<std::string> children(memory::Bank& bank, Entity entity, const Record& record,
                             const Page& page) {
  memory::Filter filter;
  Entity below = Entity::Task;
  std::string heading = "Subtasks";
  if (const auto child = memory::child_of(entity); !child) {
    filter.parent_task = record.id;
  } else {
    below = *child;
    filter.within.emplace_back(entity, record.id);
    heading = capitalised(memory::info(below).table);
  }
  CONVOY_TRY(const auto records, bank.list(below, filter));
  if (records.empty()) return std::string();
  CONVOY_TRY(const auto table, list_view(bank, below, records, page));
  return "\n" + page.style(Ink::Bold, heading + " (" + std::to_string(records.size()) + ")") +
         "\n" + table;
}

}  // namespace

Result<std::string> show_view(memory::Bank& bank, Entity entity, const Record& record,
                              const Page& page) {
  const auto& about = memory::info(entity);
  std::string text =
      page.style(Ink::Bold, capitalised(about.noun) + ": " + printable(record.text(about.label))) +
      "\n";
  if (const auto mark = mark_of(record); !mark.empty()) {
    text += page.style(Ink::Yellow, mark + " not sent yet") + "\n";
  }
  text += line(page, "Id", record.id);
  for (const auto& [name, column] : {std::pair{"Status", "status"}, {"Stage", "current_stage"}}) {
    if (const auto value = record.text(column); !value.empty()) {
      text += line(page, name, page.style(ink_of_status(value), printable(value)));
    }
  }
  if (entity != Entity::Task) {
    CONVOY_TRY(const auto progress, bank.progress(entity, record.id));
    if (progress.total() > 0) text += line(page, "Progress", in_words(progress));
  }
  CONVOY_TRY(const auto above, ancestors(bank, entity, record, page));
  CONVOY_TRY(const auto below, children(bank, entity, record, page));
  return text + above + times(record, page) + sections(record, page) + below;
}

}  // namespace convoy::cli
