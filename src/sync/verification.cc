#include "sync/verification.h"

#include <utility>
#include <variant>

namespace convoy::sync {
namespace {

using machine::VerifierEvent;

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

}  // namespace

Result<machine::Verification> verify(store::Replica& replica, const Schema& schema, Remote& remote,
                                     const VerifyOptions& options) {
  auto* const cancellation = options.cancellation;
  CONVOY_TRY(auto state, replica.load());
  machine::Verifier verifier(schema, std::move(state));
  const auto carry_out = Overloaded{
      [&](const machine::HashScope& hash) -> VerifierEvent {
        auto hashes = replica.hash_scope(hash.scope);
        if (!hashes.ok()) return machine::Failed{std::move(hashes).error()};
        return machine::ScopeHashed{*std::move(hashes)};
      },
      [&](const machine::Call& call) -> VerifierEvent {
        return machine::Replied{remote.call(call.function, call.request, cancellation)};
      },
      [&](const machine::RepairBuckets& effect) -> VerifierEvent {
        const auto rows = replica.repair(effect.repair);
        if (!rows.ok()) return machine::Failed{rows.error()};
        return machine::Repaired{*rows};
      },
      [&](const machine::RestartBackfill& restart) -> VerifierEvent {
        const auto status = replica.restart_backfill(restart.scope);
        if (!status.ok()) return machine::Failed{status.error()};
        return machine::Repaired{};
      },
      [](const machine::VerificationDone&) -> VerifierEvent { return machine::Repaired{}; },
  };
  auto effect = verifier.start();
  while (!std::holds_alternative<machine::VerificationDone>(effect)) {
    const bool is_cancelled = cancellation != nullptr && cancellation->is_cancelled();
    effect =
        verifier.on(is_cancelled ? machine::Failed{{.code = ErrorCode::Cancelled,
                                                    .message = "the verification was stopped",
                                                    .hint = "What it found so far is repaired."}}
                                 : std::visit(carry_out, effect));
    if (options.on_progress) options.on_progress(verifier.result());
  }
  auto done = std::get<machine::VerificationDone>(std::move(effect));
  if (done.error) return *std::move(done.error);
  return std::move(done.result);
}

}  // namespace convoy::sync
