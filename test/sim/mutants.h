// mutants.h: mistakes made on purpose. The simulator is worth as much as the mutants it kills.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace convoy::sim {

// name, where it lives, what is wrong. `seeds`: how many at most the simulator needs to find it.
#define CONVOY_SIM_MUTANTS(X)                                                                 \
  /* The cursor */                                                                            \
  X(TimeCursor, "changes are those whose transaction began after the last pull")              \
  X(SequenceCursor, "changes are those with a higher sequence number than the last pull saw") \
  X(MaxXidCursor, "the cursor is the highest transaction id seen")                            \
  X(XminExclusive, "the cursor is xmin, and xmin itself counts as seen")                      \
  X(XipDropped, "the cursor leaves out the transactions that were in progress")               \
  X(SubtransactionXid, "a change in a savepoint is stamped with the subtransaction's id")     \
  X(VolatilePull, "what changed and what is in it come from two snapshots")                   \
  X(BackfillBaseLate, "a back-fill's base is its last page's snapshot")                       \
  X(BaseEachPage, "the cursor moves with every page of a window")                             \
  X(NextOfLastPage, "the cursor comes from a window's last page")                             \
  /* Scopes and permissions */                                                                \
  X(FilterAfterLimit, "changes of lost scopes are taken out after the page was cut")          \
  X(UnscopedPut, "a row that moved away is sent in the scope it left")                        \
  X(UnconditionalRemove, "a row that left a scope is removed wherever the device holds it")   \
  X(DefinerPull, "rows are read with the server's rights")                                    \
  X(RoleNotVisible, "another role is not another visibility")                                 \
  X(RevokeKeepsRows, "rows of a lost scope stay")                                             \
  X(CascadeNotLogged, "rows deleted by a cascade are not logged")                             \
  X(MoveLeavesChildren, "the children of a row that moves stay in the old scope's log")       \
  X(BackfillKeepsRest, "what a repeated back-fill did not bring stays")                       \
  /* Forgetting */                                                                            \
  X(GcWithoutXmin, "tombstones go though a transaction that may hide them is open")           \
  X(HorizonIgnored, "a device that slept too long is not told so")                            \
  X(EpochIgnored, "cursors of another log count")                                             \
  X(IdsUsedAgain, "a deleted id may be inserted again")                                       \
  /* Push */                                                                                  \
  X(NoDeduplication, "a repeated mutation is applied again")                                  \
  X(UidUnchecked, "another mutation under a number already used is taken for the same")       \
  X(OutcomeForgotten, "a repeated rejected mutation is answered with applied")                \
  X(TransientRejected, "a deadlock or a timeout rejects the mutation")                        \
  X(RowCountUnchecked, "an update that met no row is applied")                                \
  X(HalfMutation, "of a refused mutation the operations before stay")                         \
  X(BaseIgnored, "what others changed meanwhile is overwritten in silence")                   \
  /* Conflicts */                                                                             \
  X(LastToArriveWins, "last_write_wins takes whichever write arrives last")                   \
  X(ClockBelieved, "a device's clock counts however far it is ahead")                         \
  X(ManualDecides, "a manual column takes the device's value")                                \
  X(CounterReplaced, "a counter takes the device's value instead of its step")                \
  X(SetKeepsAll, "what a device took out of a set stays if others changed the set")           \
  X(RevivalRefused, "an edit can't take back a deleted row")                                  \
  X(RevivalOverwrites, "a second revival overwrites what the first one brought")              \
  /* The device */                                                                            \
  X(NewUidOnRetry, "a repeated mutation gets a new uid")                                      \
  X(SyncLies, "a commit is not on disk when it returns")                                      \
  X(CursorFirst, "the cursor is written in a transaction before its rows")                    \
  X(DoneWithoutOutcomes, "a push whose answer can't be read counts as applied")               \
  X(RejectedStays, "a rejected mutation stays at the head of the outbox")                     \
  X(AcknowledgedEarly, "mutations leave the overlay with the outcome, not with the rows")     \
  X(AcknowledgedInBackfill, "mutations leave the overlay while a scope is being back-filled") \
  X(MergeLosesWrite, "of two writes sent as one the later is lost")                           \
  X(TextChanges, "a mutation is sent otherwise than it was written")                          \
  X(ConflictForgotten, "a conflict the server tells of is not kept")                          \
  X(EpochUnlearnt, "a device that pushes before its first pull learns no epoch")              \
  X(ForkForgetsNumbers, "what was sent under a former client id is sent anew")

enum class Mutant {
  None,
#define CONVOY_SIM_ENUMERATOR(name, what) name,
  CONVOY_SIM_MUTANTS(CONVOY_SIM_ENUMERATOR)
#undef CONVOY_SIM_ENUMERATOR
};

struct MutantInfo {
  Mutant mutant = Mutant::None;
  std::string_view name;
  std::string_view what;
};

const std::vector<MutantInfo>& all_mutants();
std::optional<Mutant> find_mutant(std::string_view name);
std::string_view name_of(Mutant mutant);

}  // namespace convoy::sim
