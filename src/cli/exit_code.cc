#include "cli/exit_code.h"

namespace convoy::cli {

// Without a default: the compiler names a code that is missing here.
ExitCode exit_code(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::Internal:
    case ErrorCode::InvalidState:
      return ExitCode::Internal;
    case ErrorCode::InvalidArgument:
    case ErrorCode::InvalidSchema:
    case ErrorCode::InvalidQuery:
    case ErrorCode::InvalidText:
    case ErrorCode::UnknownTable:
    case ErrorCode::UnknownColumn:
    case ErrorCode::AlreadyExists:
      return ExitCode::Usage;
    case ErrorCode::NotFound:
    case ErrorCode::Ambiguous:
      return ExitCode::NotFound;
    case ErrorCode::Offline:
    case ErrorCode::Timeout:
    case ErrorCode::RateLimited:
    case ErrorCode::Cancelled:
      return ExitCode::Offline;
    case ErrorCode::NotConfigured:
    case ErrorCode::SignInRequired:
    case ErrorCode::InvalidCredentials:
      return ExitCode::SignIn;
    case ErrorCode::Refused:
    case ErrorCode::Rejected:
      return ExitCode::Refused;
    case ErrorCode::TlsFailed:
    case ErrorCode::BadReply:
    case ErrorCode::ReplyTooLarge:
    case ErrorCode::ServerError:
    case ErrorCode::InvalidApiKey:
    case ErrorCode::NotInstalled:
    case ErrorCode::ProtocolMismatch:
    case ErrorCode::SchemaMismatch:
    case ErrorCode::ServerRestored:
      return ExitCode::Server;
    case ErrorCode::NotADatabase:
    case ErrorCode::WrongDatabase:
    case ErrorCode::NewerDatabase:
    case ErrorCode::MigrationMissing:
    case ErrorCode::Corrupt:
    case ErrorCode::DiskFull:
    case ErrorCode::Io:
    case ErrorCode::Busy:
    case ErrorCode::SyncRunning:
    case ErrorCode::ReadOnly:
    case ErrorCode::UnsentWrites:
      return ExitCode::Local;
  }
  return ExitCode::Internal;
}

}  // namespace convoy::cli
