#include "sql/error.h"

#include <sqlite3.h>

namespace convoy::sql {
namespace {

struct Meaning {
  ErrorCode code;
  const char* hint;
};

Meaning meaning_of(int code) {
  switch (code & 0xFF) {
    case SQLITE_NOTADB:
      return {ErrorCode::NotADatabase, "Choose another file; this one was left as it was."};
    case SQLITE_CORRUPT:
      return {ErrorCode::Corrupt, "Keep a copy of the file, then start with a new one and sync."};
    case SQLITE_FULL:
      return {ErrorCode::DiskFull, "Free some space and try again."};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorCode::Busy, "Try again when the other program is done."};
    case SQLITE_READONLY:
      return {ErrorCode::ReadOnly, "Check that the file, its folder and its disk may be written."};
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return {ErrorCode::Io, "Check that the file and its folder exist and may be written."};
    case SQLITE_IOERR:
    case SQLITE_NOLFS:
    case SQLITE_PROTOCOL:
      return {ErrorCode::Io, "Check the disk."};
    case SQLITE_INTERRUPT:
      return {ErrorCode::Cancelled, ""};
    case SQLITE_TOOBIG:
      return {ErrorCode::InvalidArgument, "A text is too long."};
    default:
      return {ErrorCode::Internal, ""};
  }
}

}  // namespace

Error make_error(sqlite3* db, int code, const std::string& file) {
  const auto meaning = meaning_of(code);
  std::string text = db == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(db);
  // SQLite's text for an I/O error does not say which call of the system failed.
  if ((code & 0xFF) == SQLITE_IOERR) text += " (" + std::to_string(code) + ")";
  return {.code = meaning.code, .message = file + ": " + text, .hint = meaning.hint};
}

}  // namespace convoy::sql
