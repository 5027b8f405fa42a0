// Runs a fuzzer without libFuzzer: on each file of its corpus, and on seeded variations of them.
//
// Usage: <name>_fuzz CORPUS [variations of each file]    Default: 300.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void run(const std::string& text) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
}

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// What breaks parsers: bytes changed, taken out, doubled, moved, and marks of JSON put in.
std::string vary(std::string text, std::mt19937& random) {
  const auto below = [&](std::size_t bound) { return bound == 0 ? 0 : random() % bound; };
  constexpr char kMarks[] = "{}[]\",:0-.eE\\ntu\0\x80\xff?";
  for (auto changes = 1 + below(4); changes > 0; --changes) {
    const auto at = below(text.size() + 1);
    const auto length = below(std::min<std::size_t>(text.size() - at, 16) + 1);
    switch (below(4)) {
      case 0:
        text.erase(at, length);
        break;
      case 1:
        text.insert(at, text.substr(at, length));
        break;
      case 2:
        text.insert(at, 1, kMarks[below(sizeof kMarks - 1)]);
        break;
      default:
        if (at < text.size()) text[at] = kMarks[below(sizeof kMarks - 1)];
    }
  }
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: fuzzer CORPUS [variations of each file]\n", stderr);
    return 2;
  }
  const int variations = argc > 2 ? std::atoi(argv[2]) : 300;
  std::set<std::filesystem::path> files;  // In an order that is the same everywhere.
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) files.insert(entry.path());
  if (files.empty()) {
    std::fprintf(stderr, "%s is empty\n", argv[1]);
    return 2;
  }
  std::mt19937 random(1);
  for (const auto& file : files) {
    const auto text = read(file);
    run(text);
    for (int i = 0; i < variations; ++i) run(vary(text, random));
  }
  std::printf("%zu files, %d variations of each\n", files.size(), variations);
  return 0;
}
