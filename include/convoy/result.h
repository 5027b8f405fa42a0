// result.h: errors are values. Owned by the layer `base`.
//
// Thread-safety: immutable once made; distinct objects need no synchronisation.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace convoy {

// The one list of error codes. Everything else (the enum, names, texts, the program's exit codes)
// expands from it. Numbers are stable across releases. `retryable`: the same call may succeed later
// without anybody doing anything.
// clang-format off
#define CONVOY_ERROR_CODES(X)                                                                          \
  /* name, number, retryable, what it means */                                                         \
  X(Internal, 1, false, "a bug in Convoy")                                                             \
  X(InvalidArgument, 2, false, "a value that is not allowed here")                                     \
  X(InvalidSchema, 3, false, "a schema that breaks the rules")                                         \
  X(InvalidQuery, 4, false, "a query that can't be run")                                               \
  X(InvalidText, 5, false, "text with a NUL character or that is not UTF-8")                           \
  X(UnknownTable, 6, false, "no such table in the schema")                                             \
  X(UnknownColumn, 7, false, "no such column in the table")                                            \
  X(NotFound, 8, false, "no such record")                                                              \
  X(AlreadyExists, 9, false, "a record with this id exists")                                           \
  X(Ambiguous, 10, false, "more than one record fits")                                                 \
  X(InvalidState, 11, false, "not possible now, at this point of the program")                         \
  X(UnsentWrites, 12, false, "writes that the server does not have yet would be lost")                 \
  X(NotConfigured, 20, false, "no project is set up here")                                             \
  X(NotADatabase, 30, false, "the file is not a database")                                             \
  X(WrongDatabase, 31, false, "the file belongs to another project or user")                           \
  X(NewerDatabase, 32, false, "the file was written by a newer version")                               \
  X(MigrationMissing, 33, false, "the file has an older schema and no migration leads to this one")    \
  X(Corrupt, 34, false, "the database file is damaged")                                                \
  X(DiskFull, 35, true, "no space left on the disk")                                                   \
  X(Io, 36, false, "reading or writing a file failed")                                                 \
  X(Busy, 37, true, "another process is using the database")                                           \
  X(SyncRunning, 38, true, "another process is syncing this database")                                 \
  X(ReadOnly, 39, false, "the file can't be written")                                                  \
  X(Offline, 50, true, "the server can't be reached")                                                  \
  X(Timeout, 51, true, "the server did not answer in time")                                            \
  X(Cancelled, 52, true, "the operation was cancelled")                                                \
  X(TlsFailed, 53, false, "the connection is not secure")                                              \
  X(BadReply, 54, true, "the server's answer makes no sense")                                          \
  X(ReplyTooLarge, 55, false, "the server's answer is larger than allowed")                            \
  X(ServerError, 56, true, "the server failed")                                                        \
  X(RateLimited, 57, true, "the server asks to slow down")                                             \
  X(SignInRequired, 60, false, "nobody is signed in, or the session has ended")                        \
  X(InvalidCredentials, 61, false, "e-mail or password is wrong")                                      \
  X(InvalidApiKey, 62, false, "the project does not accept this API key")                              \
  X(Refused, 63, false, "the server refuses this to this user")                                        \
  X(NotInstalled, 70, false, "the project does not have Convoy's SQL")                                 \
  X(ProtocolMismatch, 71, false, "this program and the server speak different protocol versions")      \
  X(SchemaMismatch, 72, false, "the server's tables do not fit this program's schema")                 \
  X(ServerRestored, 73, false, "the server was restored from a backup and not yet released for sync")  \
  X(Rejected, 74, false, "the server rejects the request")
// clang-format on

enum class ErrorCode : std::int32_t {
#define CONVOY_ERROR_ENUMERATOR(name, number, retryable, text) name = number,
  CONVOY_ERROR_CODES(CONVOY_ERROR_ENUMERATOR)
#undef CONVOY_ERROR_ENUMERATOR
};

// The code's name as written in the list, e.g. "NotFound".
std::string_view to_string(ErrorCode code) noexcept;
// What the code means, as half a sentence.
std::string_view describe(ErrorCode code) noexcept;
bool is_retryable(ErrorCode code) noexcept;

// What happened, to which thing, and what to do next.
struct Error {
  ErrorCode code = ErrorCode::Internal;
  std::string message;  // One sentence for a person, naming the record, file or host concerned.
  std::string hint;     // What to do next; empty if there is nothing to say.
  std::string
      sqlstate;  // The server's SQLSTATE or PostgREST code; empty if the server did not send one.
  int http_status = 0;  // 0 if no HTTP reply was involved.

  // Puts `what:` before the message, so that each layer can say what it was doing.
  [[nodiscard]] Error with_context(std::string_view what) &&;
};

// A value or the error that kept it from being made.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}

  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool ok() const noexcept { return state_.index() == 0; }

  // REQUIRES: !ok().
  [[nodiscard]] const Error& error() const& noexcept { return *std::get_if<1>(&state_); }

  [[nodiscard]] Error error() && noexcept { return std::move(*std::get_if<1>(&state_)); }

  // REQUIRES: ok().
  T& operator*() & noexcept { return *std::get_if<0>(&state_); }

  const T& operator*() const& noexcept { return *std::get_if<0>(&state_); }

  T operator*() && noexcept { return std::move(*std::get_if<0>(&state_)); }

  T* operator->() noexcept { return std::get_if<0>(&state_); }

  const T* operator->() const noexcept { return std::get_if<0>(&state_); }

 private:
  std::variant<T, Error> state_;
};

using Status = Result<std::monostate>;

inline Status ok_status() { return std::monostate{}; }

// CONVOY_TRY(auto row, find(id)); binds the value or returns the error from the enclosing function.
// CONVOY_CHECK_OK(commit()); does the same for a Status.
#define CONVOY_CONCAT_INNER(a, b) a##b
#define CONVOY_CONCAT(a, b) \
  CONVOY_CONCAT_INNER(a, b)  // Two steps, or __LINE__ is pasted unexpanded.
#define CONVOY_TRY_IMPL(result, declaration, expression) \
  auto result = (expression);                            \
  if (!result.ok()) return std::move(result).error();    \
  declaration = *std::move(result)
#define CONVOY_TRY(declaration, expression) \
  CONVOY_TRY_IMPL(CONVOY_CONCAT(convoy_result_, __LINE__), declaration, expression)
#define CONVOY_CHECK_OK(expression)                                   \
  do {                                                                \
    auto convoy_status = (expression);                                \
    if (!convoy_status.ok()) return std::move(convoy_status).error(); \
  } while (false)

}  // namespace convoy
