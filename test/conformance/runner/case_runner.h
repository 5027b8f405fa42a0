// case_runner.h: carries out one case and everything that is checked without being written.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "conformance/runner/answer.h"
#include "conformance/runner/driver.h"
#include "conformance/runner/live_checks.h"
#include "conformance/runner/report.h"
#include "conformance/runner/script.h"

namespace convoy::conformance {

enum class Place { Memory, Disk };

struct CaseOptions {
  const Script* script = nullptr;
  const Case* tested = nullptr;
  Place place = Place::Memory;
  std::string folder;  // For files. Its own.
  std::string
      template_file;  // Disk: the database after the set-up, to be copied. Empty: there is none.
};

class CaseRunner {
 public:
  CaseRunner(Driver& driver, CaseOptions options, Report& report);

  void run();

 private:
  struct Observed {
    Read read;
    std::unique_ptr<Observer> observer;
    std::vector<Delivery> deliveries;  // Not looked at yet.
  };

  bool prepare();
  bool open(const std::string& path, const std::string& schema);
  void run(const Command& command);
  void run(const Line& source, const ReadCommand& command);
  void run(const Line& source, const WriteCommand& command);
  void run(const Line& source, const ObserveCommand& command);
  void run(const Line& source, const DeliveredCommand& command);
  void run(const Line& source, const DifferencesCommand& command);
  void run(const Line& source, const OutboxCommand& command);
  void run(const Line& source, const SetLocalCommand& command);
  void run(const Line& source, const OpenCommand& command);

  Result<Rows> read(const Read& read);
  Status perform(Writing& writing, const Operation& operation);
  Result<Rows> result_of(Writing& writing, const Operation& operation);
  void check_record(Writing& writing, const Operation& operation, const Rows& returned);
  void check_read(Reading& reading, const Line& source, const Read& read, const Result<Rows>& rows);
  void check_at_the_end();
  Result<std::vector<std::string>> dump();
  Delivery* only_delivery(const Line& source, const std::string& name);
  void collect_deliveries();
  void start_live();
  void stop_live();
  void after_write();

  void expect(const Line& source, const Comparison& comparison);
  void expect_error(const Line& source, const std::optional<ExpectedError>& expected,
                    const Status& status);
  void fail(int line, std::string what, std::vector<std::string> expected,
            std::vector<std::string> got);
  Window window();

  Driver* driver_;
  CaseOptions options_;
  Report* report_;
  LiveChecks live_;
  std::map<std::string, Observed> observed_;
  std::string path_;
  std::string schema_;  // Empty: nothing is open.
  int files_ = 0;
  double began_ms_ = 0;
  double first_mutation_ = 0;  // Those of the set-up are not shown.
};

}  // namespace convoy::conformance
