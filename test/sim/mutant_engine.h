// mutant_engine.h: the engine, and the mistakes a device could make in carrying effects out.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "convoy/database.h"
#include "sim/mutants.h"
#include "sim/random.h"
#include "sync/engine.h"

namespace convoy::sim {

// Without a mutant it is the engine, and tells what the checks want to know.
class MutantEngine final : public sync::Engine {
 public:
  struct Notes {
    std::function<void()> prepared;                                  // The outbox was, for a push.
    std::function<void(const std::vector<schema::Conflict>&)> told;  // Outcomes are on disk.
  };

  MutantEngine(Mutant mutant, store::Replica& replica, const Schema& schema, sync::Remote& remote,
               base::Clock& clock, Random& random, Database& database, Notes notes)
      : Engine(replica, schema, remote, clock),
        mutant_(mutant),
        random_(&random),
        database_(&database),
        notes_(std::move(notes)) {}

 protected:
  sync::machine::Event carry_out(const sync::machine::Effect& effect,
                                 base::Cancellation* cancellation) override;

 private:
  sync::machine::Event prepare(const sync::machine::PreparePush& prepare,
                               base::Cancellation* cancellation);
  sync::machine::Event call(sync::machine::Call call, base::Cancellation* cancellation);
  sync::machine::Event apply_page(sync::machine::ApplyPage apply, base::Cancellation* cancellation);
  sync::machine::Event fork(const sync::machine::Fork& fork, base::Cancellation* cancellation);
  // On the file behind the engine's back.
  void spoil(const char* sql);
  sync::machine::Event apply_outcomes(sync::machine::ApplyOutcomes apply,
                                      base::Cancellation* cancellation);

  Mutant mutant_;
  Random* random_;
  Database* database_;
  Notes notes_;
  // Of the last reply that had one.
  std::string last_next_;
  std::int64_t last_mid_ = 0;
  // Of back-fills of several pages: the first page's, to the last one's.
  std::map<std::string, std::string> backfill_next_;
  std::string first_next_;
};

}  // namespace convoy::sim
