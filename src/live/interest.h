// interest.h: one subscription, as its handle and the registry know it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "live/delivery.h"
#include "live/news.h"
#include "live/view.h"
#include "store/database_impl.h"

namespace convoy::live {

class Registry;

// Thread-safety: stop() and is_stopped() are thread-safe, the rest is the worker's alone.
// Ownership: shared by the handle and the registry.
class Interest {
 public:
  explicit Interest(std::weak_ptr<Registry> registry) : registry_(std::move(registry)) {}

  Interest(const Interest&) = delete;
  Interest& operator=(const Interest&) = delete;
  virtual ~Interest() = default;

  // See Subscription.
  void stop() noexcept;
  [[nodiscard]] virtual bool is_stopped() const = 0;

  // Constant.
  [[nodiscard]] virtual const std::set<std::string>& tables() const = 0;

  // Brings the result to the state after the last of `commits`, or a later one, and delivers it if
  // it may have changed.
  virtual void follow(DatabaseImpl& database, std::span<const News> commits) = 0;

 private:
  virtual void stop_delivery() noexcept = 0;

  std::weak_ptr<Registry> registry_;  // Goes with its database.
};

template <class Value>
class InterestIn final : public Interest {
 public:
  InterestIn(std::weak_ptr<Registry> registry, std::unique_ptr<View<Value>> view,
             std::shared_ptr<Outlet<Value>> outlet)
      : Interest(std::move(registry)), view_(std::move(view)), outlet_(std::move(outlet)) {}

  [[nodiscard]] bool is_stopped() const override { return outlet_->is_stopped(); }

  [[nodiscard]] const std::set<std::string>& tables() const override { return view_->tables(); }

  void follow(DatabaseImpl& database, std::span<const News> commits) override {
    auto effect = Effect::None;
    for (const auto& news : commits) {
      if (effect == Effect::Unknown || !number_) break;
      if (news.number() <= *number_) continue;
      number_ = news.number();
      effect = std::max(effect, view_->apply(news));
    }
    if (effect == Effect::Unknown || !number_) return read(database);
    if (effect == Effect::Changed) outlet_->put(view_->value());
  }

 private:
  void stop_delivery() noexcept override { outlet_->stop(); }

  void read(DatabaseImpl& database) {
    const auto status =
        database.read_numbered([&](sql::Connection& connection, std::uint64_t number) -> Status {
          number_ = number;
          return view_->read(connection);
        });
    if (status.ok()) {
      outlet_->put(view_->value());
    } else {
      number_.reset();
      outlet_->put(status.error());
    }
  }

  std::unique_ptr<View<Value>> view_;
  std::shared_ptr<Outlet<Value>> outlet_;  // The other owner is the executor's queue.
  std::optional<std::uint64_t> number_;    // The commits in the result; none: there is no result.
};

}  // namespace convoy::live
