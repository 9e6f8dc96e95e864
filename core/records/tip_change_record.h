#pragma once

#include <cstdint>

#include "core/decision.h"
#include "core/ids.h"
#include "core/income_job.h"
#include "core/money.h"
#include "core/records/intent.h"
#include "core/tip.h"

namespace tipgate {

// What happens to an accepted tip. Stored; never renumber.
enum class TipAction : uint8_t {
  kCapture = 1,
  kVoid = 2,
  kExpire = 3,  // nobody captured it in time
  kFreeze = 4,
  kRelease = 5,
  kRefund = 6,
};

struct TipChangeRecord {
  TipAction action{};
  Intent intent;    // empty for kExpire, and for the steps of a job
  ActorName actor;  // of kRefund by itself
  RecordId job;     // that this is a step of; unset: none
  Outcome outcome{};
  int32_t policy_version = 0;
  TipState from{};            // before this
  Money requested;            // of kCapture and kRefund as asked for; 0: all, or by permille
  int32_t permille = 0;       // of kRefund
  Money amount;               // what went on, back, or into the freeze and out of it
  Money released;             // what no longer is to be paid
  Money headroom;             // of it: what the limits get back
  Money streamer_receivable;  // what a refund takes back from income that is paid out
  Money agency_receivable;
  Slice<Tip> after;          // one: the tip as it is then
  Slice<RecordId> unfrozen;  // the jobs whose freeze ends
  Slice<CaseNote> note;      // one, of kRefund by itself
  Slice<Violation> violations;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.action);
    self.intent.Fields(self.intent, visit);
    visit(self.actor, self.job, self.outcome, self.policy_version, self.from, self.requested,
          self.permille, self.amount, self.released, self.headroom, self.streamer_receivable,
          self.agency_receivable, self.after, self.unfrozen, self.note, self.violations);
  }
};

// Where the money is after this: of a settled tip that is refunded in part, where it was.
inline TipState StateAfter(const TipChangeRecord& record, const Tip& after) {
  const bool stays_settled = record.from == TipState::kSettled && after.state == TipState::kPending;
  return stays_settled ? TipState::kSettled : after.state;
}

// Rule R16: what goes back to the balance that the tip was paid from.
inline Money ToBalance(const TipChangeRecord& record, const Tip& after) {
  if (!after.is_paid_from_wallet) return Money();
  return record.action == TipAction::kRefund ? record.amount : record.released;
}

}  // namespace tipgate
