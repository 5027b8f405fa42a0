// lying_driver.h: a database with one fault, to see that the runner finds it without being told.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "conformance/runner/driver.h"

namespace convoy::conformance {

enum class Lie {
  None,
  CountsOneMore,
  LosesAnId,
  FindsNothing,
  ExplainsNothing,
  CommitsWhatFailed,
  IsSilent,        // Observers hear the first result only.
  RepeatsItself,   // Observers hear every result twice.
  TellsNoChanges,  // Observers hear results, but not how they differ.
  ObservesAll,     // Queries that can't be run can be observed.
  ForgetsOnClose,
};

class LyingObserver final : public Observer {
 public:
  LyingObserver(std::unique_ptr<Observer> truth, Lie lie) : truth_(std::move(truth)), lie_(lie) {}

  std::vector<Delivery> take() override {
    std::vector<Delivery> told;
    for (auto& delivery : truth_ == nullptr ? std::vector<Delivery>() : truth_->take()) {
      if (lie_ == Lie::IsSilent && !delivery.is_first) continue;
      if (lie_ == Lie::TellsNoChanges) delivery.differences.clear();
      told.push_back(delivery);
      if (lie_ != Lie::RepeatsItself || delivery.is_first) continue;
      delivery.differences.clear();
      told.push_back(delivery);
    }
    return told;
  }

 private:
  std::unique_ptr<Observer> truth_;
  Lie lie_;
};

class LyingDriver final : public Driver {
 public:
  explicit LyingDriver(Lie lie) : lie_(lie) {}

  Result<Rows> fetch(const std::string& query) override { return truth_->fetch(query); }

  Result<std::vector<std::string>> fetch_ids(const std::string& query) override {
    auto ids = truth_->fetch_ids(query);
    if (lie_ == Lie::LosesAnId && ids.ok() && !ids->empty()) ids->pop_back();
    return ids;
  }

  Result<std::int64_t> count(const std::string& query) override {
    const auto count = truth_->count(query);
    return lie_ == Lie::CountsOneMore && count.ok() ? *count + 1 : count;
  }

  Result<Rows> find(const std::string& table, const std::string& id) override {
    return lie_ == Lie::FindsNothing ? Rows{} : truth_->find(table, id);
  }

  Result<Rows> select(const std::string& sql, std::span<const Value> args) override {
    return truth_->select(sql, args);
  }

  Result<bool> is_maintained(const std::string& query) override {
    if (lie_ == Lie::ExplainsNothing) return Error{.code = ErrorCode::Internal, .message = "no"};
    return truth_->is_maintained(query);
  }

  Result<std::vector<std::optional<std::string>>> parents(const std::string& table,
                                                          const std::vector<std::string>& ids,
                                                          const std::string& column) override {
    return truth_->parents(table, ids, column);
  }

  Result<std::vector<std::vector<std::string>>> children(const std::string& of,
                                                         const std::vector<std::string>& ids,
                                                         const std::string& table,
                                                         const std::string& column) override {
    return truth_->children(of, ids, table, column);
  }

  Status open(const std::string& path, const std::string& schema, bool resets) override {
    // The template is what the script begins with; nothing of it is forgotten.
    const bool forgets =
        lie_ == Lie::ForgetsOnClose && path == path_ && path.find("template") == std::string::npos;
    path_ = path;
    return truth_->open(forgets ? ":memory:" : path, schema, resets);
  }

  [[nodiscard]] bool can_reset() const override { return truth_->can_reset(); }

  void close() override { truth_->close(); }

  Status write(const std::function<Status(Writing&)>& work) override {
    Status result = ok_status();
    const auto written = truth_->write([&](Writing& writing) -> Status {
      result = work(writing);
      return lie_ == Lie::CommitsWhatFailed ? ok_status() : result;
    });
    return result.ok() ? written : result;
  }

  Result<std::optional<std::string>> local_value(const std::string& key) override {
    return truth_->local_value(key);
  }

  Status set_local_value(const std::string& key, const std::string& value) override {
    return truth_->set_local_value(key, value);
  }

  Status remove_local_value(const std::string& key) override {
    return truth_->remove_local_value(key);
  }

  Result<std::unique_ptr<Observer>> observe(const Read& read) override {
    auto observer = truth_->observe(read);
    if (!observer.ok() && lie_ != Lie::ObservesAll) return observer;
    return std::unique_ptr<Observer>(
        std::make_unique<LyingObserver>(observer.ok() ? *std::move(observer) : nullptr, lie_));
  }

  void settle() override { truth_->settle(); }

  double now_ms() override { return truth_->now_ms(); }

 private:
  std::unique_ptr<Driver> truth_ = make_cpp_driver();
  Lie lie_;
  std::string path_;
};

}  // namespace convoy::conformance
