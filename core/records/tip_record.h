#pragma once

#include <cstdint>

#include "core/decision.h"
#include "core/ids.h"
#include "core/income.h"
#include "core/money.h"
#include "core/records/intent.h"

namespace tipgate {

// What a viewer asks for.
struct TipRequest {
  Intent intent;
  ActorName app = {};  // who asks, as the transport knows them; empty: not known
  PayerId payer;
  StreamerId streamer;
  SessionId session;
  GiftId gift;
  Money unit_price;
  int32_t count = 0;
  bool is_hold = false;  // is to wait for its capture
  int64_t hold_ms = 0;   // of a hold; 0: the policy's

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    self.intent.Fields(self.intent, visit);
    visit(self.app, self.payer, self.streamer, self.session, self.gift, self.unit_price, self.count,
          self.is_hold, self.hold_ms);
  }

  // Cannot overflow: both factors are in their ranges.
  Money amount() const { return Money(unit_price.minor() * count); }
};

struct TipRecord {
  TipRequest request;
  Outcome outcome{};
  int32_t policy_version = 0;
  Money amount_max;
  int32_t count_max = 0;
  Money day_total;
  Money day_left;
  Money month_total;
  Money month_left;
  Money balance = kNoBalance;  // the payer's, after this; kNoBalance: the gate keeps none
  int64_t expire_time_ms = 0;  // accepted: of the hold; 0: is not held
  IncomeTerms terms;           // accepted and not held: settles at the entry's time plus the delay
  int64_t retry_time_ms = 0;
  int64_t cooling_off_end_ms = 0;  // of the cooling-off that this tip begins; 0: none
  bool enters_window = false;      // accepted: counts in the trailing windows of rule T15
  RecordId previous_of_payer;      // the tip before this one of the same payer, streamer, session;
                                   // unset: none, or
  RecordId previous_of_streamer;   // the payer, streamer or session is unknown
  RecordId previous_of_session;
  Slice<Violation> violations;
  Slice<Reminder> reminders;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    self.request.Fields(self.request, visit);
    visit(self.outcome, self.policy_version, self.amount_max, self.count_max, self.day_total,
          self.day_left, self.month_total, self.month_left, self.balance, self.expire_time_ms);
    self.terms.Fields(self.terms, visit);
    visit(self.retry_time_ms, self.cooling_off_end_ms, self.enters_window, self.previous_of_payer,
          self.previous_of_streamer, self.previous_of_session, self.violations, self.reminders);
  }

  bool is_accepted() const { return outcome == Outcome::kAccepted; }
  bool is_held() const { return expire_time_ms != 0; }
  bool is_paid_from_wallet() const { return is_accepted() && balance != kNoBalance; }
};

}  // namespace tipgate
