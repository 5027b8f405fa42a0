// backlog.h: commits that the worker has not come to yet.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "store/commit.h"

namespace convoy::live {

// Thread-safety: thread-compatible.
class Backlog {
 public:
  using Commits = std::vector<std::shared_ptr<const store::Commit>>;

  // Rows beyond limits::kBacklogRowsMax are not kept: then all that waits becomes one commit that
  // says which tables have changed, and no rows.
  void add(std::shared_ptr<const store::Commit> commit);

  // What waits, oldest first; nothing waits afterwards.
  Commits take();

  [[nodiscard]] bool is_empty() const { return commits_.empty(); }

 private:
  void forget_rows();

  Commits commits_;
  std::size_t rows_ = 0;
};

}  // namespace convoy::live
