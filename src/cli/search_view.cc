#include "cli/search_view.h"

#include "cli/display_text.h"
#include "memory/lookup.h"

namespace convoy::cli {
namespace {

std::string snippet_of(const memory::Hit& hit, const Page& page) {
  std::string text;
  for (const auto& part : hit.snippet) {
    const auto words = printable(part.text);
    text += part.is_match ? page.style(Ink::Yellow, words) : words;
  }
  return text;
}

std::string hit_view(const memory::Hit& hit, const Page& page) {
  auto text = page.style(Ink::Dim, memory::short_id(hit.record.id)) + "  " +
              page.style(Ink::Bold, printable(hit.title)) + "  " +
              page.style(Ink::Dim, std::string(memory::to_string(hit.kind)));
  if (const auto status = hit.record.text("status"); !status.empty()) {
    text += "  " + page.style(ink_of_status(status), printable(status));
  }
  if (hit.project) {
    text += page.style(Ink::Dim, "  in " + printable(hit.project->text("name")));
  }
  text += "\n";
  const auto snippet = snippet_of(hit, page);
  // A name that was found stands above already.
  std::string plain;
  for (const auto& part : hit.snippet) plain += part.text;
  if (plain != hit.title && !plain.empty()) text += "          " + snippet + "\n";
  return text;
}

}  // namespace

std::string search_view(const memory::SearchResult& result, const Page& page) {
  if (result.hits.empty()) return "Nothing found.\n";
  std::string text;
  for (const auto& [given, meant] : result.corrections) {
    text += "No \"" + printable(given) + "\" here; looked for \"" + printable(meant) + "\".\n";
  }
  if (result.has_any_word) text += "Nothing has all of these words; these have some.\n";
  for (const auto& hit : result.hits) text += hit_view(hit, page);
  if (result.has_more) text += page.style(Ink::Dim, "There are more: --limit N") + "\n";
  return text;
}

}  // namespace convoy::cli
