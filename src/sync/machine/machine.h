// machine.h: the brain of sync. Events in, effects out; no I/O, no clock, no threads, no
// randomness.
//
// One round sends what waits, pulls a window, back-fills scopes that were gained, and pulls again
// until nothing is new:
//
//   start → prepare push → send push → apply outcomes ─┐   (until the outbox is empty)
//             ↑───────────────────────────────────────┘
//         → send pull → apply page ─┐   (until the window ends)
//             ↑─────────────────────┘
//         → send back-fill → apply page ─┐   (until every gained scope is here; then pull again)
//             ↑──────────────────────────┘
//         → finish
//
// After each effect the host carries it out and reports with exactly one event. The machine's copy
// of the replica's state changes when an effect is *reported* as done, never before, so that it is
// always what is on disk. Thread-safety: thread-compatible.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "convoy/result.h"
#include "convoy/schema.h"
#include "schema/replication.h"
#include "sync/machine/protocol.h"

namespace convoy::sync::machine {

// --- What the host reports
// -------------------------------------------------------------------------------------------

struct PushPrepared {
  std::vector<schema::OutgoingMutation> batch;  // Empty: nothing waits.
};

// The JSON that a remote procedure answered, or why there is none.
struct Replied {
  Result<base::Json> reply;
};

struct Applied {};  // An Apply…, Renumber or StartOver effect is on disk.

struct Forked {
  std::string client_id;
};

struct Failed {  // The device itself failed: disk, database, cancellation.
  Error error;
};

using Event = std::variant<PushPrepared, Replied, Applied, Forked, Failed>;

// --- What the host shall do
// ------------------------------------------------------------------------------------------

struct PreparePush {
  std::size_t count_max = 0;
  std::size_t bytes_max = 0;
};

struct Call {
  std::string_view function;  // A literal: convoy_pull, convoy_push or convoy_backfill.
  base::Json request;
};

struct ApplyOutcomes {
  std::vector<schema::Outcome> outcomes;
  schema::PushAnswer answer;
};

struct ApplyPage {
  schema::PageCommit page;
};

struct Fork {};

// The server does not have these mutations of a former client id.
struct Renumber {
  std::string sender;
  std::vector<std::int64_t> mids;
};

struct StartOver {
  std::string epoch;
};

struct Finish {
  std::optional<Error> error;  // Nothing: both sides agree.
};

using Effect =
    std::variant<PreparePush, Call, ApplyOutcomes, ApplyPage, Fork, Renumber, StartOver, Finish>;

struct Progress {
  enum class Phase { Pushing, Pulling, BackFilling, Done };
  Phase phase = Phase::Pushing;
  std::int64_t rows_received = 0;
  std::int64_t rows_expected = 0;
  std::int64_t mutations_sent = 0;
  std::int64_t conflicts = 0;
  std::int64_t parked = 0;
  std::int64_t scopes_gained = 0;
  std::int64_t scopes_lost = 0;
  std::vector<schema::Recovery> recoveries;
};

class Machine {
 public:
  // `local` is borrowed and must outlive the machine.
  Machine(const Schema& local, schema::ReplicaState state);

  // The first effect.
  Effect start();
  // The next effect. REQUIRES: `event` reports the effect that was returned last.
  Effect on(Event event);

  [[nodiscard]] const Progress& progress() const { return progress_; }

  [[nodiscard]] const schema::ReplicaState& state() const { return state_; }

 private:
  enum class Step {
    PreparingPush,
    Pushing,
    ApplyingOutcomes,
    Pulling,
    ApplyingPull,
    BackFilling,
    ApplyingBackFill,
    Forking,
    Renumbering,
    StartingOver,
    Done
  };

  Effect prepare_push();
  Effect call_push(std::vector<schema::OutgoingMutation> batch);
  Effect on_push_reply(const base::Json& json);
  Effect on_push_error(Error error);
  void adopt_outcomes();

  Effect begin_window();
  Effect call_pull();
  Effect on_pull_reply(const base::Json& json);
  void open_window(PullReply& reply, schema::PageCommit& page);
  void adopt_schema(PullReply& reply, schema::PageCommit& page);
  void leave_out_stopped(std::vector<schema::RowChanges>& changes);
  void leave_scope(const std::string& id, schema::PageCommit& page);
  void close_window(schema::PageCommit& page);
  Effect after_pull_page();

  Effect next_backfill();
  Effect call_backfill();
  Effect on_backfill_reply(const base::Json& json);

  Effect on_call_error(Error error);
  Effect repeat_call();
  Effect fork(std::string_view cause);
  Effect renumber();
  Effect start_over(ReplyHead head);
  void note(std::string_view step, std::string_view cause);
  Effect apply(Step step, schema::PageCommit page);
  void adopt(const schema::PageCommit& page);
  Effect finish(std::optional<Error> error = std::nullopt);
  Effect broken_protocol(std::string_view what);

  const Schema* local_;
  schema::ReplicaState state_;
  Step step_ = Step::PreparingPush;
  Progress progress_;

  // The page that is being applied, so that `state_` follows once it is on disk.
  schema::PageCommit applying_;

  // The window that is being pulled.
  struct Window {
    std::string next;                 // Of the first page.
    std::int64_t last_mid = 0;        // Of the first page.
    std::vector<std::string> scopes;  // Those the request named, which get the new base.
    std::optional<WindowPosition> position;
    Naming naming = Naming::Brief;
    bool is_open = false;
    bool more = false;
  };

  Window window_;
  std::string backfilling_;                     // The scope.
  std::map<std::string, std::string> stopped_;  // As the window's first page has it.

  std::vector<schema::OutgoingMutation> batch_;
  std::optional<std::string> epoch_learnt_;  // With the outcomes that are being applied.
  // The number that is being taken back, of a mutation that the server could not read.
  std::optional<std::int64_t> uncounted_;
  std::size_t batch_max_;
  std::size_t page_rows_;
  int rounds_ = 0;
  int retries_ = 0;
  int forks_ = 0;
};

}  // namespace convoy::sync::machine
