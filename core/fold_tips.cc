#include <algorithm>

#include "core/folder.h"

namespace tipgate {

void Folder::operator()(const TipRecord& tip) {
  const bool is_accepted = tip.is_accepted();
  const Money amount = is_accepted ? tip.request.amount() : Money();
  if (Payer* payer = ClaimPayer(tip.request.payer)) {
    payer->last_tip = id_;
    if (is_accepted) CountTip(tip, amount, payer);
    if (tip.is_paid_from_wallet()) MoveBalance(Money() - amount, tip.balance, payer);
  }
  if (tip.enters_window) RememberTip(tip, amount);
  if (tip.cooling_off_end_ms != 0) CoolOff(tip.request.payer, tip.cooling_off_end_ms);
  // Rule L1: held or not, it counts.
  const TipState tip_state = tip.is_held() ? TipState::kHeld : TipState::kPending;
  if (Streamer* streamer = FindAndClaim(state_.streamers, tip.request.streamer)) {
    streamer->last_tip = id_;
    streamer->tips.Add(tip_state, amount);
  }
  if (Session* session = FindAndClaim(state_.sessions, tip.request.session)) {
    session->last_tip = id_;
    session->received += amount;
  }
  if (tip.is_held()) PutTip(TipOf(tip, id_, now_));
  Totals& totals = state_.totals;
  if (!Claim(totals)) return;
  ++(is_accepted ? totals.tips_accepted_count : totals.tips_rejected_count);
  totals.reminders_count += tip.reminders.count;
  totals.accepted += amount;
  totals.tips.Add(tip_state, amount);
  if (tip.is_paid_from_wallet()) totals.balances -= amount;
  if (is_accepted && !tip.is_held()) NoteSettleDelay(tip.terms.settle_delay_ms);
}

void Folder::RememberTip(const TipRecord& tip, Money amount) {
  RecentTips* const recent = InsertAndClaim(state_.recent_tips, tip.request.payer);
  if (recent == nullptr) return;
  const bool is_new = recent->newest_ms == 0;
  recent->Add(now_.time_ms, amount);
  if (is_new) state_.PushDue(DueOf(*recent));
}

void Folder::CountTip(const TipRecord& tip, Money amount, Payer* payer) {
  if (payer->tips.day != now_.day) payer->day_permille_told = 0;
  if (payer->tips.month != now_.month) payer->month_permille_told = 0;
  payer->tips.Add(now_, amount);
  TIPGATE_CHECK(payer->tips.day_total == tip.day_total);
  TIPGATE_CHECK(payer->tips.month_total == tip.month_total);
  for (const Reminder& reminder : entry_.View(tip.reminders)) {
    int16_t& told =
        reminder.period == Period::kDay ? payer->day_permille_told : payer->month_permille_told;
    TIPGATE_CHECK(told < reminder.permille);
    told = static_cast<int16_t>(reminder.permille);
  }
}

void Folder::NoteSettleDelay(int64_t delay_ms) {
  std::vector<SettleCursor>& cursors = state_.totals.cursors;
  if (state_.totals.FindCursor(delay_ms) != nullptr) return;
  const auto place = std::find_if(cursors.begin(), cursors.end(), [&](const SettleCursor& cursor) {
    return cursor.delay_ms > delay_ms;
  });
  cursors.insert(place, {.delay_ms = delay_ms, .last_sequence = entry_.sequence - 1});
}

}  // namespace tipgate
