// convoy_sim: runs seeds of the simulator. docs/design/simulator.md says what a seed is.
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>

#include "sim/world.h"

namespace convoy::sim {
namespace {

constexpr const char* kHelp =
    "Usage: convoy_sim [options]\n"
    "\n"
    "Simulates devices that sync with a model of the server, and checks that nothing is lost.\n"
    "A seed is one exact run: what one seed does, it does again.\n"
    "\n"
    "  --seed N        run this seed alone, and print the hash of its trace\n"
    "  --from N        the first of several seeds (default 1)\n"
    "  --count M       how many (default 1000; 0: until the time is over)\n"
    "  --seconds S     stop after this time\n"
    "  --steps N       steps of a seed, instead of its own number\n"
    "  --verbose       print each step of the trace\n"
    "  --mutant NAME   make this mistake on purpose; the run succeeds if it is found\n"
    "  --mutants       list the mistakes that can be made\n"
    "  --all-mutants   make each of them in turn, until it is found or `count` seeds are over\n"
    "  --help          this text\n"
    "\n"
    "Exit code: 0 all is well, 1 an invariant does not hold, 2 wrong usage.\n";

struct Options {
  SeedOptions seed;
  bool is_single = false;
  bool has_all_mutants = false;
  std::uint64_t from = 1;
  std::uint64_t count = 1000;
  double seconds = 0;
};

std::optional<std::uint64_t> number(const char* text) {
  if (text == nullptr || *text == '\0') return std::nullopt;
  char* end = nullptr;
  const auto value = std::strtoull(text, &end, 10);
  if (*end != '\0') return std::nullopt;
  return value;
}

int wrong(const std::string& what) {
  std::fprintf(stderr, "convoy_sim: %s; see --help\n", what.c_str());
  return 2;
}

void print_violation(const SeedOptions& options, const SeedResult& result) {
  std::printf("\nSeed %" PRIu64 " breaks %s at step %" PRId64 ":\n  %s\n\nThe last steps:\n",
              options.seed, result.violation->invariant.c_str(), result.step,
              result.violation->what.c_str());
  for (const auto& line : result.last_lines) std::printf("  %s\n", line.substr(0, 300).c_str());
  std::printf("\nRun it again:\n  convoy_sim --seed %" PRIu64 "%s%s --verbose\n", options.seed,
              options.mutant == Mutant::None ? "" : " --mutant ",
              options.mutant == Mutant::None ? "" : std::string(name_of(options.mutant)).c_str());
}

struct Totals {
  std::int64_t seeds = 0;
  SeedResult sum;

  void add(const SeedResult& result) {
    ++seeds;
    sum.steps += result.steps;
    sum.devices += result.devices;
    sum.rounds += result.rounds;
    sum.requests += result.requests;
    sum.writes += result.writes;
    sum.crashes += result.crashes;
    sum.looks += result.looks;
  }

  void print(double seconds) const {
    const auto each = [&](std::int64_t n) {
      return static_cast<double>(n) / static_cast<double>(seeds);
    };
    std::printf("%" PRId64 " seeds in %.1f s: %.0f seeds/s, %.0f steps/s.\n", seeds, seconds,
                static_cast<double>(seeds) / seconds, static_cast<double>(sum.steps) / seconds);
    std::printf(
        "A seed on average: %.0f steps, %.1f devices, %.1f local transactions, %.1f rounds, "
        "%.1f requests, %.2f crashes, %.1f checks of a whole file.\n",
        each(sum.steps), each(sum.devices), each(sum.writes), each(sum.rounds), each(sum.requests),
        each(sum.crashes), each(sum.looks));
  }
};

int run(const Options& options) {
  const auto start = std::chrono::steady_clock::now();
  const auto elapsed = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  Totals totals;
  auto seed = options.seed;
  const auto count = options.is_single ? 1 : options.count;
  for (std::uint64_t i = 0; count == 0 || i < count; ++i) {
    if (options.seconds > 0 && elapsed() >= options.seconds) break;
    if (!options.is_single) seed.seed = options.from + i;
    const auto result = run_seed(seed);
    totals.add(result);
    if (options.is_single) {
      std::printf("Seed %" PRIu64 ": trace %016" PRIx64 "\n", seed.seed, result.trace_hash);
    }
    if (!result.violation) continue;
    if (seed.mutant != Mutant::None) {
      std::printf("%s: killed by seed %" PRIu64 " (%s: %s)\n",
                  std::string(name_of(seed.mutant)).c_str(), seed.seed,
                  result.violation->invariant.c_str(), result.violation->what.c_str());
      return 0;
    }
    print_violation(seed, result);
    return 1;
  }
  totals.print(elapsed());
  if (seed.mutant == Mutant::None) return 0;
  std::printf("%s survived.\n", std::string(name_of(seed.mutant)).c_str());
  return 1;
}

int run_all_mutants(Options options) {
  int survivors = 0;
  for (const auto& info : all_mutants()) {
    options.seed.mutant = info.mutant;
    if (run(options) != 0) ++survivors;
  }
  std::printf("%zu mutants, %d survived.\n", all_mutants().size(), survivors);
  return survivors == 0 ? 0 : 1;
}

int main_of(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    const char* next = i + 1 < argc ? argv[i + 1] : nullptr;
    if (name == "--help") {
      std::fputs(kHelp, stdout);
      return 0;
    }
    if (name == "--mutants") {
      for (const auto& info : all_mutants()) {
        std::printf("%-24s %s\n", std::string(info.name).c_str(), std::string(info.what).c_str());
      }
      return 0;
    }
    if (name == "--all-mutants") {
      options.has_all_mutants = true;
      continue;
    }
    if (name == "--verbose") {
      options.seed.echo = true;
      continue;
    }
    ++i;
    if (name == "--mutant") {
      const auto mutant = find_mutant(next == nullptr ? "" : next);
      if (!mutant) return wrong("no such mutant");
      options.seed.mutant = *mutant;
      continue;
    }
    const auto value = number(next);
    if (!value) return wrong(name + " needs a number");
    if (name == "--seed") {
      options.is_single = true;
      options.seed.seed = *value;
    } else if (name == "--from") {
      options.from = *value;
    } else if (name == "--count") {
      options.count = *value;
    } else if (name == "--seconds") {
      options.seconds = static_cast<double>(*value);
    } else if (name == "--steps") {
      options.seed.steps = static_cast<std::int64_t>(*value);
    } else {
      return wrong("unknown option " + name);
    }
  }
  return options.has_all_mutants ? run_all_mutants(options) : run(options);
}

}  // namespace
}  // namespace convoy::sim

int main(int argc, char** argv) { return convoy::sim::main_of(argc, argv); }
