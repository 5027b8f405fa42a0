// rerun_view.h: a result that is read anew whenever a table that it comes from has changed.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <utility>

#include "live/view.h"

namespace convoy::live {

template <class Value>
class RerunView final : public View<Value> {
 public:
  // Gets the result before, empty at first.
  using Read = std::function<Result<Value>(sql::Connection&, const Value&)>;

  RerunView(std::set<std::string> tables, Read read)
      : tables_(std::move(tables)), read_(std::move(read)) {}

  Status read(sql::Connection& connection) override {
    CONVOY_TRY(value_, read_(connection, value_));
    return ok_status();
  }

  Effect apply(const News& news) override {
    return news.touches(tables_) ? Effect::Unknown : Effect::None;
  }

  [[nodiscard]] Value value() const override { return value_; }

  [[nodiscard]] const std::set<std::string>& tables() const override { return tables_; }

 private:
  const std::set<std::string> tables_;
  Read read_;
  Value value_{};
};

}  // namespace convoy::live
