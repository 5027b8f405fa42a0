#include "store/database_impl.h"

#include <utility>

#include "store/open.h"

namespace convoy {
namespace {

// Idle readers that are kept; more than that run at once only for a moment.
constexpr std::size_t kReadersMax = 4;

Status check_options(const DatabaseOptions& options) {
  if (options.clock == nullptr || options.random == nullptr) {
    return Error{.code = ErrorCode::InvalidArgument,
                 .message = "a database needs a clock and a source of randomness"};
  }
  if (options.path.empty() || options.path.find('\0') != std::string::npos) {
    return Error{.code = ErrorCode::InvalidArgument, .message = "a database needs a path"};
  }
  return validate(options.schema);
}

}  // namespace

Result<std::unique_ptr<DatabaseImpl>> DatabaseImpl::open(DatabaseOptions options) {
  CONVOY_CHECK_OK(check_options(options));
  std::unique_ptr<DatabaseImpl> impl(new DatabaseImpl(std::move(options)));
  const auto& mine = impl->options_;
  impl->is_in_memory_ = mine.path == ":memory:";
  if (!impl->is_in_memory_) CONVOY_CHECK_OK(sql::Connection::create_file(mine.path));
  CONVOY_TRY(auto writer, sql::Connection::open(mine.path, sql::Access::Write));
  CONVOY_TRY(const auto numbers, store::open_file(*writer, mine));
  impl->tables_ = std::make_unique<store::Tables>(mine.schema, numbers);
  base::MutexLock lock(impl->write_mutex_);
  impl->writer_ = std::move(writer);
  return impl;
}

Result<std::unique_ptr<sql::Connection>> DatabaseImpl::borrow_reader() {
  {
    base::MutexLock lock(readers_mutex_);
    if (!readers_.empty()) {
      auto reader = std::move(readers_.back());
      readers_.pop_back();
      return reader;
    }
  }
  return sql::Connection::open(options_.path, sql::Access::Read);
}

void DatabaseImpl::give_back(std::unique_ptr<sql::Connection> reader) {
  base::MutexLock lock(readers_mutex_);
  if (readers_.size() < kReadersMax) readers_.push_back(std::move(reader));
}

}  // namespace convoy
