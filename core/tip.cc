#include "core/tip.h"

namespace tipgate {
namespace {

bool IsDuePassed(const Tip& tip, const Totals& totals) {
  const SettleCursor* const cursor = totals.FindCursor(tip.due_delay_ms);
  return cursor != nullptr && cursor->last_sequence >= tip.due.sequence();
}

}  // namespace

Tip TipOf(const TipRecord& record, RecordId id, const Moment& accepted) {
  TIPGATE_CHECK(record.outcome == Outcome::kAccepted);
  Tip tip;
  tip.id = id;
  tip.payer = record.request.payer;
  tip.streamer = record.request.streamer;
  tip.session = record.request.session;
  tip.amount = record.request.amount();
  tip.accept_time_ms = accepted.time_ms;
  tip.counted_day = accepted.day;
  tip.counted_month = accepted.month;
  tip.enters_window = record.enters_window;
  tip.is_paid_from_wallet = record.is_paid_from_wallet();
  tip.expire_time_ms = record.expire_time_ms;
  tip.change_time_ms = accepted.time_ms;
  if (record.is_held()) {
    tip.state = TipState::kHeld;
  } else {
    MakePending(record.terms, id, accepted.time_ms, &tip);
  }
  return tip;
}

void MakePending(const IncomeTerms& terms, RecordId due, int64_t time_ms, Tip* tip) {
  tip->state = TipState::kPending;
  tip->pending_time_ms = time_ms;
  tip->terms = terms;
  tip->settle_time_ms = time_ms + terms.settle_delay_ms;
  tip->due = due;
  tip->due_delay_ms = terms.settle_delay_ms;
  tip->due_amount = tip->left();
}

TipState StateOf(const Tip& tip, const Totals& totals) {
  const bool is_settled = tip.state == TipState::kPending && IsDuePassed(tip, totals);
  return is_settled ? TipState::kSettled : tip.state;
}

bool IsException(const Tip& tip, const Totals& totals) {
  return tip.due.is_set() && AmountToSettle(tip) != tip.due_amount && !IsDuePassed(tip, totals);
}

Money AmountToSettle(const Tip& tip) {
  return tip.state == TipState::kPending ? tip.left() : Money();
}

}  // namespace tipgate
