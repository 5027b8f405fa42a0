#include "sim/mutants.h"

#include <algorithm>

namespace convoy::sim {

const std::vector<MutantInfo>& all_mutants() {
  static const std::vector<MutantInfo> all = {
#define CONVOY_SIM_INFO(name, what) {Mutant::name, #name, what},
      CONVOY_SIM_MUTANTS(CONVOY_SIM_INFO)
#undef CONVOY_SIM_INFO
  };
  return all;
}

std::optional<Mutant> find_mutant(std::string_view name) {
  const auto found = std::ranges::find(all_mutants(), name, &MutantInfo::name);
  if (found == all_mutants().end()) return std::nullopt;
  return found->mutant;
}

std::string_view name_of(Mutant mutant) {
  const auto found = std::ranges::find(all_mutants(), mutant, &MutantInfo::mutant);
  return found == all_mutants().end() ? "None" : found->name;
}

}  // namespace convoy::sim
