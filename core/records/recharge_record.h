#pragma once

#include <cstdint>

#include "core/calendar.h"
#include "core/decision.h"
#include "core/ids.h"
#include "core/income_job.h"
#include "core/money.h"
#include "core/recharge.h"
#include "core/records/intent.h"

namespace tipgate {

// Stored; never renumber.
enum class RechargeAction : uint8_t {
  kAuthorize = 1,
  kCapture = 2,
  kVoid = 3,
  kExpire = 4,
  kRefund = 5,
};

struct RechargeRecord {
  RechargeAction action{};
  Intent intent;      // empty for kExpire, which nobody asked for
  ActorName app;      // kAuthorize: who asks; empty: not known
  ActorName actor;    // of kRefund
  RecordId recharge;  // unset for kAuthorize: the record itself is the id
  PayerId payer;
  Money amount;
  int64_t hold_ms = 0;  // kAuthorize: as asked for; 0: the policy's
  Outcome outcome{};
  int32_t policy_version = 0;
  RechargeState state{};  // after this
  Day counted_day{};  // the periods whose totals this enters (kAuthorize, late kCapture) or leaves
                      // (kVoid, kExpire)
  Month counted_month{};
  Money amount_max;
  Money day_total;
  Money day_left;
  Money month_total;
  Money month_left;
  int64_t expire_time_ms = 0;
  int64_t retry_time_ms = 0;
  bool is_late = false;        // kCapture: came after the expiry
  Money refund;                // of kRefund: what goes back
  Money balance = kNoBalance;  // the payer's, after this; kNoBalance: the gate keeps none
  Slice<Recharge> after;       // one, of kRefund: the recharge as it is then
  Slice<CaseNote> note;        // one, of kRefund
  Slice<Violation> violations;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.action);
    self.intent.Fields(self.intent, visit);
    visit(self.app, self.actor, self.recharge, self.payer, self.amount, self.hold_ms, self.outcome,
          self.policy_version, self.state, self.counted_day, self.counted_month, self.amount_max,
          self.day_total, self.day_left, self.month_total, self.month_left, self.expire_time_ms,
          self.retry_time_ms, self.is_late, self.refund, self.balance, self.after, self.note,
          self.violations);
  }

  // Rule R14.
  bool adds_to_wallet() const {
    return action == RechargeAction::kCapture && outcome == Outcome::kAccepted &&
           balance != kNoBalance;
  }
};

}  // namespace tipgate
