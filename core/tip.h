#pragma once

#include <cstdint>
#include <type_traits>

#include "core/calendar.h"
#include "core/ids.h"
#include "core/income.h"
#include "core/inline_list.h"
#include "core/money.h"
#include "core/records/tip_record.h"
#include "core/tip_state.h"
#include "core/totals.h"

namespace tipgate {

// The most cases that may freeze one tip at a time.
inline constexpr int kFreezesMax = 4;

// An accepted tip to which something has happened or may happen but to settle when its time comes:
// one that was held, voided, frozen or refunded. All others are known by their record alone.
//
// Invariants: released + refunded <= amount; nothing is left exactly if it is voided or refunded;
// frozen exactly if there are freezes.
struct Tip {
  RecordId id;  // the record of its acceptance
  PayerId payer;
  StreamerId streamer;
  SessionId session;
  TipState state{};
  Money amount;            // as accepted
  Money released;          // by void, expiry, or a capture of less
  Money still_counted;     // of it: what the limits did not get back
  Money refunded;          // by refunds
  Money refunded_settled;  // of it: after it had settled
  int64_t accept_time_ms = 0;
  Day counted_day{};  // the periods of its acceptance, whose totals contain it
  Month counted_month{};
  bool enters_window = false;        // counts in the trailing windows of rule T15
  bool is_paid_from_wallet = false;  // what is not paid after all goes back there (rule R16)
  int64_t expire_time_ms = 0;        // of the hold; 0: was never held
  int64_t pending_time_ms = 0;       // when it became pending; 0: never
  IncomeTerms terms;                 // of one that became pending, and the next four too
  int64_t settle_time_ms = 0;        // not before this
  RecordId due;              // settles with this record: its acceptance, capture or late release
  int64_t due_delay_ms = 0;  // as one of this delay
  Money due_amount;          // what was left then
  InlineList<RecordId, kFreezesMax> freezes;  // the jobs that froze it
  int64_t change_time_ms = 0;
  RecordId changed;
  bool is_dirty = false;  // not stored

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.id, self.payer, self.streamer, self.session, self.state, self.amount, self.released,
          self.still_counted, self.refunded, self.refunded_settled, self.accept_time_ms,
          self.counted_day, self.counted_month, self.enters_window, self.is_paid_from_wallet,
          self.expire_time_ms, self.pending_time_ms);
    self.terms.Fields(self.terms, visit);
    visit(self.settle_time_ms, self.due, self.due_delay_ms, self.due_amount, self.freezes,
          self.change_time_ms, self.changed);
  }

  // What remains in its state.
  Money left() const { return amount - released - refunded; }
  // What was income: accepted or captured, refunds included.
  Money captured() const { return amount - released; }
  // What counts against the limits of its periods.
  Money counted() const { return captured() + still_counted; }
};

static_assert(std::is_trivially_copyable_v<Tip>);

// The tip of an accepted record, as if nothing had happened to it since.
Tip TipOf(const TipRecord& record, RecordId id, const Moment& accepted);

// Makes a tip pending at that time; its id stands in `due`, the record that does it.
void MakePending(const IncomeTerms& terms, RecordId due, int64_t time_ms, Tip* tip);

// Where its money is now: a pending tip is settled once the cursor of its delay has passed it.
TipState StateOf(const Tip& tip, const Totals& totals);

// True if its income is due with a record that is not settled yet, but not as that record says.
bool IsException(const Tip& tip, const Totals& totals);

// What of its due_amount settles with that record.
Money AmountToSettle(const Tip& tip);

// A tip to which nothing happens any more leaves the memory after this time, and is found in the
// store from then on.
inline constexpr int64_t kTipMemoryMs = int64_t{7} * 24 * 3600 * 1000;

}  // namespace tipgate
