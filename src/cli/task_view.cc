#include "cli/task_view.h"

#include <utility>
#include <vector>

#include "cli/display_text.h"
#include "cli/table_writer.h"
#include "cli/times.h"
#include "memory/lookup.h"
#include "memory/record_json.h"

namespace convoy::cli {
namespace {

using memory::short_id;

constexpr std::size_t kActivitiesShown = 5;
constexpr std::size_t kKnowledgeShown = 5;

std::string heading(const Page& page, const std::string& text) {
  return "\n" + page.style(Ink::Bold, text) + "\n";
}

std::string workflow(const memory::Context& context, const Page& page) {
  std::string text = heading(page, "Workflow: " + printable(context.workflow.workflow.name));
  std::string line;
  const auto& stages = context.workflow.workflow.stages;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const bool is_current = context.workflow.current == i;
    auto name = printable(stages[i].name) + (stages[i].is_checkpoint ? "*" : "");
    line += (i == 0 ? "  " : " → ") +
            page.style(is_current ? Ink::Cyan : Ink::Dim, is_current ? "[" + name + "]" : name);
  }
  text += line + "\n";
  const auto* now = context.workflow.stage(0);
  if (now != nullptr && now->is_checkpoint) {
    text += page.style(Ink::Yellow, "  A checkpoint (*): goes on only when a person approves it") +
            "\n";
  }
  return text;
}

std::string dependencies(const std::string& title, const std::vector<memory::Dependency>& list,
                         const Page& page) {
  if (list.empty()) return {};
  std::size_t open = 0;
  std::vector<std::vector<Cell>> rows;
  for (const auto& one : list) {
    if (!one.is_done()) ++open;
    const auto status = std::string(one.task ? one.task->text("status") : "");
    rows.push_back({{one.is_done() ? "✓" : "", Ink::Green},
                    {short_id(one.task_id), Ink::Dim},
                    {one.task ? std::string(one.task->text("title")) : "(not on this device)"},
                    {status, ink_of_status(status)}});
  }
  auto counted = title + " (" + std::to_string(list.size());
  if (open != list.size()) counted += ", " + std::to_string(open) + " open";
  return heading(page, counted + ")") + write_table({{.title = ""},
                                                     {.title = "ID"},
                                                     {.title = "TITLE", .is_flexible = true},
                                                     {.title = "STATUS"}},
                                                    rows, page.columns, page.style);
}

// What an entry says, on one line.
std::string words_of(const Record& activity) {
  const auto details = memory::embedded(std::string(activity.text("details")));
  const auto member = [&](std::string_view name) {
    const auto* found = details.find(name);
    return found == nullptr || found->string() == nullptr ? std::string() : *found->string();
  };
  if (auto text = member("text"); !text.empty()) return text;
  if (const auto to = member("to"); !to.empty()) {
    const auto note = member("note");
    return member("from") + " → " + to + (note.empty() ? "" : ": " + note);
  }
  return details.is_null() ? std::string() : details.dump();
}

std::string activities(const memory::Context& context, const Page& page) {
  if (context.activities.empty()) return {};
  std::vector<std::vector<Cell>> rows;
  for (std::size_t i = 0; i < context.activities.size() && i < kActivitiesShown; ++i) {
    const auto& one = context.activities[i];
    const auto time = one.number("created_at");
    // A person's id says little in full; an agent's name does.
    auto who = std::string(one.text("actor_id"));
    if (who == context.user && !who.empty()) who = "you";
    if (who.size() > 20) who = short_id(who);
    rows.push_back({{time ? local_time(*time) : "", Ink::Dim},
                    {std::move(who), Ink::Dim},
                    {std::string(one.text("activity_type"))},
                    {words_of(one)}});
  }
  return heading(page, "Activity (" + std::to_string(context.activity_count) + ")") +
         write_table({{.title = "WHEN"},
                      {.title = "WHO"},
                      {.title = "WHAT"},
                      {.title = "", .is_flexible = true}},
                     rows, page.columns, page.style);
}

std::string knowledge(const memory::Context& context, const Page& page) {
  std::vector<std::vector<Cell>> rows;
  for (const auto& [kind, list] :
       {std::pair{"practice", &context.best_practices}, std::pair{"pattern", &context.patterns}}) {
    for (std::size_t i = 0; i < list->size() && i < kKnowledgeShown; ++i) {
      const auto& one = (*list)[i];
      rows.push_back(
          {{kind, Ink::Dim}, {std::string(one.record.text("name"))}, {one.reason, Ink::Dim}});
    }
  }
  if (rows.empty()) return {};
  return heading(page, "Worth knowing") +
         write_table({{.title = "KIND"},
                      {.title = "NAME", .is_flexible = true},
                      {.title = "WHY", .is_flexible = true, .is_secondary = true}},
                     rows, page.columns, page.style);
}

}  // namespace

std::string task_sections(const memory::Context& context, const Page& page) {
  std::string text = workflow(context, page);
  text += dependencies("Waits for", context.waits_for, page);
  text += dependencies("Needed by", context.needed_by, page);
  text += activities(context, page);
  text += knowledge(context, page);
  if (!context.missing.empty()) {
    std::string what;
    for (const auto& one : context.missing) what += (what.empty() ? "" : ", ") + one.what;
    text += "\n" + page.style(Ink::Yellow, "Perhaps not all of it is here: " + what) +
            "\nconvoy sync fetches it, convoy context asks the server.\n";
  }
  return text;
}

}  // namespace convoy::cli
