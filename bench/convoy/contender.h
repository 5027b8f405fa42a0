// contender.h: Convoy's C++ API on the benchmark's workload, as a program would use it.
//
// Errors end the program with their message.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/environment.h"
#include "convoy/database.h"
#include "harness/contender.h"
#include "platform/posix/posix_random.h"

namespace convoy::bench {

// Shows the time it is told, so that all contenders write the same times.
class SetClock final : public base::Clock {
 public:
  std::int64_t now_ms() override { return now_ms_; }

  void set(double now_ms) { now_ms_ = static_cast<std::int64_t>(now_ms); }

 private:
  std::int64_t now_ms_ = 1735689600000;
};

class Watch;

struct ConvoyContender {
  ConvoyContender();
  ~ConvoyContender();

  Workload* data = nullptr;
  std::string path;
  std::string load_path;
  SetClock clock;
  platform::PosixRandom random;
  std::optional<Database> database;  // The full file, once it is filled.
  std::unique_ptr<Watch> watch;      // On that database; made when it is needed.

  DatabaseOptions options(const std::string& file);

  // REQUIRES: it is open.
  Database& full() { return database.value(); }

  // Ends the watch too.
  void close();
};

[[noreturn]] inline void fail(const Error& error) {
  std::fprintf(stderr, "convoy: %s\n", error.message.c_str());
  std::exit(1);
}

template <class T>
T require(Result<T> result) {
  if (!result.ok()) fail(result.error());
  return *std::move(result);
}

inline void require(const Status& status) {
  if (!status.ok()) fail(status.error());
}

// load.cc
// Makes the full file and opens it.
void fill(ConvoyContender& contender, Run& run);
// Opens a full file that was made before.
void open(ConvoyContender& contender, Run& run);
// Fills another file, and removes it.
void load(ConvoyContender& contender, Run& run);

// read.cc
Query board_query(const WorkloadBoard& board);
// Notes a task of a result.
void take(const Record& task, Run& run);
void find(ConvoyContender& contender, Run& run);
void board(ConvoyContender& contender, Run& run);
void search(ConvoyContender& contender, Run& run);
void count(ConvoyContender& contender, Run& run);
void reopen(ConvoyContender& contender, Run& run);

// write.cc
void change_together(ConvoyContender& contender, Run& run);
void change_alone(ConvoyContender& contender, Run& run);

// watch.cc
void watch(ConvoyContender& contender, Run& run);

// proof.cc
void add_to_answer(const Record& record, Answer& answer);
// The settings, and the layout of the file.
void note_settings(const ConvoyContender& contender, Answer& answer);
void state(ConvoyContender& contender, Run& run);
// What waits to be sent: transactions, and the changes in them.
void outbox(ConvoyContender& contender, Run& run);

}  // namespace convoy::bench
