// in_transaction.h: work on one state of the database, or in one transaction, that gives a value.
#pragma once

#include <optional>
#include <type_traits>
#include <utility>

#include "convoy/database.h"

namespace convoy::memory {

// As Database::read, with what `work` gives: Result<T> work(Reader&).
template <class Work>
std::invoke_result_t<const Work&, Reader&> in_read(Database& database, const Work& work) {
  std::optional<std::invoke_result_t<const Work&, Reader&>> result;
  const auto status = database.read([&](Reader& reader) -> Status {
    result.emplace(work(reader));
    if (!result->ok()) return result->error();
    return ok_status();
  });
  if (!status.ok()) return status.error();
  return *std::move(result);
}

// As Database::write, with what `work` gives: Result<T> work(Writer&).
template <class Work>
std::invoke_result_t<const Work&, Writer&> in_write(Database& database, const Work& work) {
  std::optional<std::invoke_result_t<const Work&, Writer&>> result;
  const auto status = database.write([&](Writer& writer) -> Status {
    result.emplace(work(writer));
    if (!result->ok()) return result->error();
    return ok_status();
  });
  if (!status.ok()) return status.error();
  return *std::move(result);
}

}  // namespace convoy::memory
