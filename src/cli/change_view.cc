#include "cli/change_view.h"

#include "base/json.h"
#include "cli/display_text.h"
#include "cli/row_json.h"
#include "cli/side_by_side.h"
#include "cli/table_writer.h"
#include "cli/times.h"
#include "memory/entity.h"
#include "memory/lookup.h"

namespace convoy::cli {
namespace {

constexpr std::size_t kNameWidth = 12;

std::string short_noun(const std::string& table) {
  const auto entity = memory::find_entity(table);
  return entity ? std::string(memory::info(*entity).noun) : table;
}

std::string reference(const std::string& table, const std::string& id) {
  return short_noun(table) + " " + memory::short_id(id);
}

std::string text_of(const base::Json* json) {
  const auto* text = json == nullptr ? nullptr : json->string();
  return text == nullptr ? std::string() : *text;
}

// "update task 1a2b3c4d: title, status" of one operation of a mutation.
std::string operation(const base::Json& json) {
  std::string text = text_of(json.find("op")) + " " +
                     reference(text_of(json.find("table")), text_of(json.find("id")));
  const auto* values = json.find("values");
  const auto* members = values == nullptr ? nullptr : values->object();
  if (members == nullptr || text.starts_with("insert")) return text;
  std::string columns;
  for (const auto& [column, value] : *members) {
    if (column != "updated_at") columns += (columns.empty() ? "" : ", ") + column;
  }
  return columns.empty() ? text : text + ": " + columns;
}

std::string operations(const std::string& text_of_all) {
  const auto json = embedded(text_of_all);
  const auto* list = json.array();
  if (list == nullptr || list->empty()) return "";
  auto text = operation(list->front());
  if (list->size() > 1) text += " and " + std::to_string(list->size() - 1) + " more";
  return text;
}

std::string reason(const QueueEntry& entry) {
  if (entry.state != "parked") {
    return entry.attempts > 1 ? "tried " + std::to_string(entry.attempts) + " times" : "";
  }
  return entry.code.empty() ? entry.message : entry.message + " (" + entry.code + ")";
}

// A value of a conflict without JSON's quotes.
std::string plain(const std::string& text) {
  const auto json = embedded(text);
  if (json.is_null()) return "–";
  const auto* string = json.string();
  return string == nullptr ? json.dump() : *string;
}

// What became of a conflict, in one word or two.
std::string outcome_of(const ConflictInfo& conflict) {
  if (conflict.state == ConflictState::Open) return "open";
  if (conflict.state == ConflictState::Resolved) return conflict.resolution;
  if (conflict.kept == "client") return "mine";
  return conflict.kept == "server" ? "theirs" : conflict.kept;
}

std::string line(const Page& page, std::string_view name, const std::string& text) {
  std::string padded(name);
  padded.resize(kNameWidth, ' ');
  return page.style(Ink::Dim, padded) + text + "\n";
}

std::string ago(std::int64_t time_ms, const Page& page) {
  const auto text = age(time_ms, page.now_ms);
  return text == "now" ? "just now" : text + " ago";
}

std::string joined(const std::vector<std::int64_t>& numbers) {
  std::string text;
  for (const auto number : numbers) text += (text.empty() ? "" : ", ") + std::to_string(number);
  return text;
}

// One operation with each value it sets: "    title: Old → New".
std::string details(const base::Json& json) {
  std::string text = "  " + printable(text_of(json.find("op"))) + " " +
                     printable(reference(text_of(json.find("table")), text_of(json.find("id")))) +
                     "\n";
  const auto* values = json.find("values");
  const auto* base = json.find("base");
  if (values == nullptr || values->object() == nullptr) return text;
  for (const auto& [column, value] : *values->object()) {
    const auto* before = base == nullptr ? nullptr : base->find(column);
    text += "    " + printable(column) + ": ";
    if (before != nullptr) text += printable(plain(before->dump())) + " → ";
    text += printable(plain(value.dump())) + "\n";
  }
  return text;
}

// The columns of a story's operation stand in a list.
std::string operation_of_story(const base::Json& json) {
  std::string text = text_of(json.find("op")) + " " +
                     reference(text_of(json.find("table")), text_of(json.find("id")));
  std::string columns;
  const auto* list = json.find("columns");
  if (list == nullptr || list->array() == nullptr || text.starts_with("insert")) return text;
  for (const auto& column : *list->array()) {
    const auto name = text_of(&column);
    if (name != "updated_at") columns += (columns.empty() ? "" : ", ") + name;
  }
  return columns.empty() ? text : text + ": " + columns;
}

// How it ended, or why it has not.
std::string end_of(const WriteStory& story) {
  if (story.state == "pending") return "waits to be sent";
  if (story.state == "sending") return "on its way; the server may or may not have it";
  if (story.state == "sent") return "the server has it; the next pull confirms it";
  return "refused: " + story.message + (story.code.empty() ? "" : " (" + story.code + ")");
}

}  // namespace

std::string view(const std::vector<QueueEntry>& queue, const Page& page) {
  if (queue.empty()) return "Nothing waits.\n";
  std::vector<std::vector<Cell>> rows;
  rows.reserve(queue.size());
  for (const auto& entry : queue) {
    rows.push_back({{std::to_string(entry.number)},
                    {entry.state, ink_of_status(entry.state)},
                    {age(entry.created_at_ms, page.now_ms), Ink::Dim},
                    {operations(entry.operations)},
                    {reason(entry)}});
  }
  return write_table({{.title = "#", .is_right_aligned = true},
                      {.title = "STATE"},
                      {.title = "AGE"},
                      {.title = "WHAT", .is_flexible = true},
                      {.title = "REASON", .is_flexible = true}},
                     rows, page.columns, page.style);
}

std::string view(const WriteStory& story, const Page& page) {
  std::string text = "Change " + std::to_string(story.number) + "\n";
  const auto operations = embedded(story.operations);
  for (const auto& operation : *operations.array()) {
    text += line(page, "", printable(operation_of_story(operation)));
  }
  auto last = story.written_at_ms;
  text += line(page, "Written", local_time(static_cast<double>(last)));
  const auto step = [&](std::string_view name, std::optional<std::int64_t> time_ms,
                        const std::string& more) {
    if (!time_ms) return;
    text += line(page, name, duration(*time_ms - last) + " later" + more);
    last = *time_ms;
  };
  const auto tries =
      story.attempts > 1 ? ", the " + std::to_string(story.attempts) + "th time" : std::string();
  step("Sent", story.sent_at_ms, " as mutation " + std::to_string(story.mid) + tries);
  step("Answered", story.answered_at_ms, story.outcome.empty() ? "" : ": " + story.outcome);
  if (story.left_at_ms) {
    auto name = story.state;
    name.front() = static_cast<char>(name.front() - 'a' + 'A');
    step(name, story.left_at_ms,
         story.absorbed_by > 0 ? ", became part of change " + std::to_string(story.absorbed_by)
                               : "");
  } else {
    text += line(page, "Now", printable(end_of(story)));
  }
  return text;
}

std::string view(const std::vector<ConflictInfo>& conflicts, const Page& page) {
  if (conflicts.empty()) return "No conflicts.\n";
  std::vector<std::vector<Cell>> rows;
  rows.reserve(conflicts.size());
  for (const auto& one : conflicts) {
    const auto outcome = outcome_of(one);
    const bool is_mine = outcome == "mine";
    const bool is_theirs = outcome == "theirs";
    rows.push_back({{std::to_string(one.number)},
                    {age(one.at_ms, page.now_ms), Ink::Dim},
                    {reference(one.table, one.id)},
                    {one.column},
                    {plain(one.base), Ink::Dim},
                    {plain(one.client), is_mine ? Ink::Green : Ink::Plain},
                    {plain(one.server), is_theirs ? Ink::Green : Ink::Plain},
                    {outcome, outcome == "open" ? Ink::Yellow : Ink::Plain}});
  }
  return write_table({{.title = "#", .is_right_aligned = true},
                      {.title = "AGE"},
                      {.title = "ROW"},
                      {.title = "COLUMN", .is_flexible = true},
                      {.title = "BASE", .is_flexible = true},
                      {.title = "MINE", .is_flexible = true},
                      {.title = "THEIRS", .is_flexible = true},
                      {.title = "OUTCOME"}},
                     rows, page.columns, page.style);
}

std::string details_view(const QueueEntry& entry, const Page& page) {
  auto text = line(page, "Change", std::to_string(entry.number));
  text += line(page, "State", page.style(ink_of_status(entry.state), entry.state));
  text += line(page, "Written", ago(entry.created_at_ms, page));
  text += line(page, "Sent",
               entry.attempts == 0   ? "not yet"
               : entry.attempts == 1 ? "once"
                                     : std::to_string(entry.attempts) + " times");
  if (!entry.code.empty() || !entry.message.empty()) {
    text += line(
        page, entry.state == "parked" ? "Refused" : "Last refused",
        printable(entry.message) + (entry.code.empty() ? "" : " (" + printable(entry.code) + ")"));
  }
  if (entry.depends_on != 0) text += line(page, "Depends on", std::to_string(entry.depends_on));
  if (!entry.dependents.empty()) text += line(page, "Needed by", joined(entry.dependents));
  const auto operations = embedded(entry.operations);
  if (operations.array() == nullptr) return text;
  for (const auto& operation : *operations.array()) text += details(operation);
  return text;
}

std::string details_view(const ConflictInfo& conflict, const Page& page) {
  auto text = line(page, "Conflict",
                   std::to_string(conflict.number) + ", " +
                       printable(reference(conflict.table, conflict.id)) + ", " +
                       printable(conflict.column));
  text += line(page, "When", ago(conflict.at_ms, page));
  text += line(page, "Rule", printable(conflict.rule));
  text += line(page, "Outcome", outcome_of(conflict));
  if (!conflict.reason.empty()) text += line(page, "Because", printable(conflict.reason));
  text += line(page, "Before", printable(plain(conflict.base)));
  if (!conflict.value.empty()) text += line(page, "Merged", printable(plain(conflict.value)));
  return text + "\n" +
         side_by_side({.title = "MINE", .text = plain(conflict.client)},
                      {.title = "THEIRS", .text = plain(conflict.server)}, page.columns,
                      page.style);
}

}  // namespace convoy::cli
