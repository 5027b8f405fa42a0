// test_bank.h: a bank in memory, with a clock that stands still, for tests.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "base/environment.h"
#include "convoy/database.h"
#include "memory/bank.h"
#include "memory/schema.h"

namespace convoy::memory {

class StillClock final : public base::Clock {
 public:
  std::int64_t now_ms() override { return now; }

  std::int64_t now = 1795344362000;  // 2026-11-22T10:46:02Z
};

// Different bytes each time, the same in every run.
class CountingRandom final : public base::Random {
 public:
  void fill(std::span<std::uint8_t> bytes) override {
    for (auto& byte : bytes) {
      state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
      byte = static_cast<std::uint8_t>(state_ >> 56U);
    }
  }

 private:
  std::uint64_t state_ = 1;
};

// An empty memory bank. `database` says whether it could be made.
struct TestBank {
  explicit TestBank(std::string user = {}) : user_id(std::move(user)) {}

  std::string user_id;
  StillClock clock;
  CountingRandom random;
  Result<Database> database = Database::open({.path = ":memory:",
                                              .schema = memory_schema(),
                                              .user = user_id,
                                              .clock = &clock,
                                              .random = &random});

  Bank bank() { return {*database, clock}; }

  // The id of a new record. REQUIRES: it can be made.
  std::string make(Entity entity, Fields fields) {
    auto record = bank().create(entity, std::move(fields));
    return record.ok() ? record->id : record.error().message;
  }
};

}  // namespace convoy::memory
