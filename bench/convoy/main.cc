// Convoy's C++ API as a contender. Requests are those of harness/contender.h.
#include <array>
#include <string>
#include <utility>

#include "convoy/contender.h"
#include "memory/schema.h"

namespace convoy::bench {

DatabaseOptions ConvoyContender::options(const std::string& file) {
  auto schema = memory::memory_schema();
  // The floor keeps no index of words, so that neither may the one that is compared with it.
  for (auto& table : schema.tables) {
    for (auto& column : table.columns) column.is_searchable = false;
  }
  return {.path = file, .schema = std::move(schema), .clock = &clock, .random = &random};
}

}  // namespace convoy::bench

namespace {

using convoy::bench::ConvoyContender;

template <void (*Work)(ConvoyContender&, Run&)>
void perform(void* self, Run* run) {
  Work(*static_cast<ConvoyContender*>(self), *run);
}

constexpr std::array kOperations{
    Operation{"fill", perform<convoy::bench::fill>},
    Operation{"open", perform<convoy::bench::open>},
    Operation{"load", perform<convoy::bench::load>},
    Operation{"find", perform<convoy::bench::find>},
    Operation{"board", perform<convoy::bench::board>},
    Operation{"search", perform<convoy::bench::search>},
    Operation{"count", perform<convoy::bench::count>},
    Operation{"reopen", perform<convoy::bench::reopen>},
    Operation{"change-together", perform<convoy::bench::change_together>},
    Operation{"change-alone", perform<convoy::bench::change_alone>},
    Operation{"live", perform<convoy::bench::watch>},
    Operation{"state", perform<convoy::bench::state>},
    Operation{"outbox", perform<convoy::bench::outbox>},
};

}  // namespace

int main(int count, char** values) {
  const auto arguments = parse_arguments(count, values);
  ConvoyContender self;
  self.data = workload_new(arguments.divisor);
  self.path = std::string(arguments.folder) + "/convoy.db";
  self.load_path = std::string(arguments.folder) + "/convoy-load.db";
  const Contender served{.self = &self,
                         .workload = self.data,
                         .operations = kOperations.data(),
                         .count = kOperations.size()};
  const int status = serve(&served);
  self.close();
  workload_free(self.data);
  return status;
}
