// live_checks.h: holds every query of a case as a live query, and checks after each write that it
// is what a fetch finds.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "conformance/runner/driver.h"
#include "conformance/runner/script.h"

namespace convoy::conformance {

// What a live result and a fetch disagree about.
struct Disagreement {
  int line = 0;
  std::string what;
  std::vector<std::string> expected;
  std::vector<std::string> got;
};

class LiveChecks {
 public:
  LiveChecks(Driver& driver, const Case& tested);

  // Observes all queries anew, after the database was opened.
  std::vector<Disagreement> start();
  // Before it is closed.
  void stop();
  // After anything was written.
  std::vector<Disagreement> check();

 private:
  struct Live {
    int line = 0;
    Read read;
    std::unique_ptr<Observer> observer;  // Null: the query fails.
    Rows rows;                           // As delivered last.
  };

  void add(const Read& read, int line);
  void check(Live& live, std::vector<Disagreement>& found);

  Driver* driver_;
  std::vector<Live> lives_;
};

// `before` with the differences of a delivery, whose rows are `now`: what somebody holds who
// follows them. Nothing if they can't be followed.
std::optional<std::vector<std::vector<Value>>> followed(
    const std::vector<std::vector<Value>>& before, const std::vector<std::vector<Value>>& now,
    const std::vector<std::string>& differences);

}  // namespace convoy::conformance
