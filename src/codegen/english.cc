#include "codegen/english.h"

#include <algorithm>
#include <array>
#include <utility>

#include "codegen/letters.h"

namespace convoy::codegen {
namespace {

using std::string_view;

template <std::size_t N>
bool contains(const std::array<string_view, N>& list, string_view word) {
  return std::ranges::find(list, word) != list.end();
}

// Singular already, though they end like plurals, or the same in both.
constexpr auto kUnchanged = std::to_array<string_view>(
    {"alias",     "analytics", "as",       "atlas",      "bias",  "canvas",    "chaos",
     "christmas", "css",       "data",     "debris",     "dice",  "dns",       "economics",
     "ethics",    "ethos",     "gas",      "genetics",   "goods", "gps",       "headquarters",
     "https",     "ios",       "iris",     "kudos",      "lens",  "logistics", "mathematics",
     "means",     "media",     "metadata", "metropolis", "news",  "overseas",  "physics",
     "politics",  "pos",       "robotics", "series",     "sms",   "species",   "tennis",
     "tls",       "cms",       "aws",      "yes"});

// What no rule below gets right.
constexpr auto kIrregular = std::to_array<std::pair<string_view, string_view>>({
    {"addenda", "addendum"},
    {"aliases", "alias"},
    {"alumni", "alumnus"},
    {"analyses", "analysis"},
    {"apis", "api"},
    {"appendices", "appendix"},
    {"atlases", "atlas"},
    {"axes", "axis"},
    {"bacteria", "bacterium"},
    {"biases", "bias"},
    {"bookshelves", "bookshelf"},
    {"cacti", "cactus"},
    {"calves", "calf"},
    {"canvases", "canvas"},
    {"crises", "crisis"},
    {"criteria", "criterion"},
    {"curricula", "curriculum"},
    {"diagnoses", "diagnosis"},
    {"emphases", "emphasis"},
    {"errata", "erratum"},
    {"feet", "foot"},
    {"foci", "focus"},
    {"fungi", "fungus"},
    {"gases", "gas"},
    {"geese", "goose"},
    {"halves", "half"},
    {"hypotheses", "hypothesis"},
    {"indices", "index"},
    {"irises", "iris"},
    {"knives", "knife"},
    {"lenses", "lens"},
    {"lives", "life"},
    {"loaves", "loaf"},
    {"matrices", "matrix"},
    {"memoranda", "memorandum"},
    {"mice", "mouse"},
    {"nuclei", "nucleus"},
    {"oases", "oasis"},
    {"oxen", "ox"},
    {"parentheses", "parenthesis"},
    {"phenomena", "phenomenon"},
    {"prognoses", "prognosis"},
    {"quizzes", "quiz"},
    {"radii", "radius"},
    {"scarves", "scarf"},
    {"schemata", "schema"},
    {"shelves", "shelf"},
    {"stimuli", "stimulus"},
    {"strata", "stratum"},
    {"syllabi", "syllabus"},
    {"synopses", "synopsis"},
    {"syntheses", "synthesis"},
    {"teeth", "tooth"},
    {"theses", "thesis"},
    {"thieves", "thief"},
    {"vertices", "vertex"},
    {"vortices", "vortex"},
    {"wives", "wife"},
    {"wolves", "wolf"},
});

// An -s after a vowel or an -e, where the rules would take more away, or nothing.
constexpr auto kPlainS = std::to_array<string_view>(
    {"aches",  "avalanches", "caches",  "headaches", "niches",   "brownies", "calories", "cookies",
     "genies", "movies",     "rookies", "selfies",   "zombies",  "canoes",   "foes",     "shoes",
     "toes",   "abuses",     "excuses", "fuses",     "muses",    "refuses",  "uses",     "cpus",
     "gpus",   "gurus",      "menus",   "skus",      "submenus", "taxis"});

// The first that fits decides: what goes, what comes in its place.
struct Ending {
  string_view plural;
  string_view singular;
};

constexpr auto kEndings = std::to_array<Ending>({{"children", "child"},
                                                 {"people", "person"},
                                                 {"women", "woman"},
                                                 {"smen", "sman"},
                                                 {"kmen", "kman"},
                                                 {"sses", "ss"},
                                                 {"shes", "sh"},
                                                 {"ches", "ch"},
                                                 {"xes", "x"},
                                                 {"zzes", "zz"},
                                                 {"oes", "o"},
                                                 {"ouses", "ouse"},
                                                 {"auses", "ause"},
                                                 {"uses", "us"},
                                                 {"ss", "ss"},
                                                 {"us", "us"},
                                                 {"sis", "sis"},
                                                 {"xis", "xis"},
                                                 {"s", ""}});

std::string singular_of_lower(string_view word) {
  if (word.size() <= 2 || contains(kUnchanged, word)) return std::string(word);
  if (word == "men") return "man";
  const auto irregular = std::ranges::find(kIrregular, word, [](const auto& e) { return e.first; });
  if (irregular != kIrregular.end()) return std::string(irregular->second);
  const bool is_short = word.size() <= 4;  // ties, pies: not "ty".
  if (contains(kPlainS, word) || (is_short && word.ends_with("ies"))) {
    return std::string(word.substr(0, word.size() - 1));
  }
  if (word.ends_with("ies")) return std::string(word.substr(0, word.size() - 3)) + "y";
  for (const auto& [plural, singular] : kEndings) {
    if (!word.ends_with(plural)) continue;
    return std::string(word.substr(0, word.size() - plural.size())) + std::string(singular);
  }
  return std::string(word);
}

}  // namespace

std::string singular(string_view word) {
  const auto lowered = lower(word);
  auto result = singular_of_lower(lowered);
  // What is left of the word keeps its capitals.
  for (std::size_t i = 0; i < result.size() && i < word.size() && result[i] == lowered[i]; ++i) {
    result[i] = word[i];
  }
  return result;
}

}  // namespace convoy::codegen
