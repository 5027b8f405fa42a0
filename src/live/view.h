// view.h: a result and how it is kept up to date.
#pragma once

#include <set>
#include <string>

#include "convoy/result.h"
#include "live/news.h"
#include "sql/connection.h"

namespace convoy::live {

enum class Effect {
  None,     // The result is what it was.
  Changed,  // It may have changed, and is up to date.
  Unknown,  // It has to be read.
};

// Thread-safety: thread-compatible; only the worker has one.
template <class Value>
class View {
 public:
  View() = default;
  View(const View&) = delete;
  View& operator=(const View&) = delete;
  virtual ~View() = default;

  // Reads the result from the state that the connection sees. After an error it is not there.
  virtual Status read(sql::Connection& connection) = 0;
  // Takes in the next commit after that state. REQUIRES: the result is there.
  virtual Effect apply(const News& news) = 0;
  // REQUIRES: the result is there.
  [[nodiscard]] virtual Value value() const = 0;
  // The tables, by SQLite's names, whose changes it must be told. Constant.
  [[nodiscard]] virtual const std::set<std::string>& tables() const = 0;
};

}  // namespace convoy::live
