// Runs conformance scripts through one door of the database.
//
// Usage: convoy_conformance [--driver cpp|c] [--only TEXT] [--list] [--update] FILE…
//   --only TEXT   cases whose sentence contains TEXT
//   --list        says what the cases show, and runs nothing
//   --update      writes what was got into the files, for a person to check
// Exit: 0 all is as expected, 1 something is not, 2 a mistake in a script or on the command line.
#include <cstdio>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/runner/script_runner.h"

namespace {

using namespace convoy::conformance;

struct Options {
  std::string driver = "cpp";
  std::string only;
  bool lists = false;
  bool updates = false;
  std::vector<std::string> files;
};

std::optional<Options> parse_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--list") {
      options.lists = true;
    } else if (word == "--update") {
      options.updates = true;
    } else if ((word == "--driver" || word == "--only") && i + 1 < argc) {
      (word == "--driver" ? options.driver : options.only) = argv[++i];
    } else if (word.starts_with("--")) {
      return std::nullopt;
    } else {
      options.files.emplace_back(word);
    }
  }
  if (options.files.empty()) return std::nullopt;
  return options;
}

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void list(const std::string& file, const Script& script) {
  for (const auto& tested : script.cases) {
    std::printf("%s:%d: %s\n", file.c_str(), tested.line, tested.sentence.c_str());
  }
}

// The exit code.
int run(Driver& driver, const Options& options, const std::string& file) {
  const auto text = read_file(file);
  if (!text) {
    std::fprintf(stderr, "%s: can't be read\n", file.c_str());
    return 2;
  }
  const auto script = parse_script(*text);
  if (!script.ok()) {
    std::fprintf(stderr, "%s:%s\n", file.c_str(), script.error().message.c_str());
    return 2;
  }
  if (options.lists) {
    list(file, *script);
    return 0;
  }
  const auto report = run_script(driver, *script, options.only);
  for (const auto& failure : report.failures) {
    std::fputs((to_text(file, failure) + "\n").c_str(), stderr);
  }
  if (options.updates && !report.edits.empty()) {
    std::ofstream(file, std::ios::binary) << updated(*text, report.edits);
  }
  std::printf("%s: %zu cases, %zu failures\n", file.c_str(), script->cases.size(),
              report.failures.size());
  return report.failures.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = parse_options(argc, argv);
  if (!options || (options->driver != "cpp" && options->driver != "c")) {
    std::fputs(
        "usage: convoy_conformance [--driver cpp|c] [--only TEXT] [--list] [--update] FILE…\n",
        stderr);
    return 2;
  }
  const auto driver = options->driver == "c" ? make_c_driver() : make_cpp_driver();
  int code = 0;
  for (const auto& file : options->files) code = std::max(code, run(*driver, *options, file));
  return code;
}
