// mutant_engine.h: the engine, and the mistakes a device could make in carrying effects out.
#pragma once

#include <map>
#include <string>

#include "sim/mutants.h"
#include "sim/random.h"
#include "sync/engine.h"

namespace convoy::sim {

// Without a mutant it is the engine and nothing else.
class MutantEngine final : public sync::Engine {
 public:
  MutantEngine(Mutant mutant, store::Replica& replica, const Schema& schema, sync::Remote& remote,
               base::Clock& clock, Random& random)
      : Engine(replica, schema, remote, clock), mutant_(mutant), random_(&random) {}

 protected:
  sync::machine::Event carry_out(const sync::machine::Effect& effect,
                                 base::Cancellation* cancellation) override;

 private:
  sync::machine::Event call(sync::machine::Call call, base::Cancellation* cancellation);
  sync::machine::Event apply_page(sync::machine::ApplyPage apply, base::Cancellation* cancellation);
  sync::machine::Event apply_outcomes(sync::machine::ApplyOutcomes apply,
                                      base::Cancellation* cancellation);

  Mutant mutant_;
  Random* random_;
  // Of the last reply that had one.
  std::string last_next_;
  std::int64_t last_mid_ = 0;
  // Of back-fills of several pages: the first page's, to the last one's.
  std::map<std::string, std::string> backfill_next_;
  std::string first_next_;
};

}  // namespace convoy::sim
