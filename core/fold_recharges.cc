#include "core/folder.h"

namespace tipgate {

void Folder::operator()(const RechargeRecord& record) {
  if (record.outcome == Outcome::kRejected) return RefuseRecharge(record);
  switch (record.action) {
    case RechargeAction::kAuthorize:
      return AuthorizeRecharge(record);
    case RechargeAction::kCapture:
      return CaptureRecharge(record);
    case RechargeAction::kVoid:
      return ReleaseRecharge(record, &Totals::recharge_voided);
    case RechargeAction::kExpire:
      return ReleaseRecharge(record, &Totals::recharge_expired);
    case RechargeAction::kRefund:
      return RefundRecharge(record);
  }
}

void Folder::AuthorizeRecharge(const RechargeRecord& record) {
  if (Payer* payer = ClaimPayer(record.payer)) CountRecharge(record, payer);
  if (Recharge* recharge = InsertAndClaim(state_.recharges, id_)) {
    recharge->app = record.app;
    recharge->payer = record.payer;
    recharge->amount = record.amount;
    recharge->state = RechargeState::kHeld;
    recharge->counted_day = record.counted_day;
    recharge->counted_month = record.counted_month;
    recharge->expire_time_ms = record.expire_time_ms;
    state_.PushDue(DueOf(*recharge));
    state_.AddHold(recharge->payer);
  }
  if (!Claim(state_.totals)) return;
  state_.totals.recharge_authorized += record.amount;
  state_.totals.recharge_held += record.amount;
}

void Folder::MoveBalance(Money change, Money after, Payer* payer) {
  payer->balance += change;
  TIPGATE_CHECK(payer->balance == after);
  TIPGATE_CHECK(after.minor() >= 0);
}

void Folder::CountRecharge(const RechargeRecord& record, Payer* payer) {
  payer->recharges.Add(now_, record.amount);
  TIPGATE_CHECK(payer->recharges.day_total == record.day_total);
  TIPGATE_CHECK(payer->recharges.month_total == record.month_total);
}

void Folder::RefuseRecharge(const RechargeRecord& record) {
  if (record.action != RechargeAction::kCapture) return;
  if (Recharge* recharge = FindAndClaim(state_.recharges, record.recharge)) {
    recharge->state = record.state;
  }
}

void Folder::CaptureRecharge(const RechargeRecord& record) {
  const bool adds_to_wallet = record.adds_to_wallet();
  if (record.is_late || adds_to_wallet) {
    if (Payer* payer = ClaimPayer(record.payer)) {
      if (record.is_late) CountRecharge(record, payer);  // its expiry had taken it out
      if (adds_to_wallet) MoveBalance(record.amount, record.balance, payer);
    }
  }
  if (Recharge* recharge = FindAndClaim(state_.recharges, record.recharge)) {
    recharge->counted_day = record.counted_day;
    recharge->counted_month = record.counted_month;
    recharge->is_in_wallet = adds_to_wallet;
    CloseRecharge(RechargeState::kCaptured, recharge);
  }
  if (!Claim(state_.totals)) return;
  (record.is_late ? state_.totals.recharge_expired : state_.totals.recharge_held) -= record.amount;
  state_.totals.recharge_captured += record.amount;
  if (adds_to_wallet) state_.totals.balances += record.amount;
}

// Rule R15. One that has left the memory comes back to it.
void Folder::RefundRecharge(const RechargeRecord& record) {
  const Recharge& after = entry_.View(record.after).front();
  if (Payer* payer = ClaimPayer(record.payer)) {
    MoveBalance(Money() - record.refund, record.balance, payer);
  }
  if (Recharge* recharge = InsertAndClaim(state_.recharges, after.id)) {
    Become(after, recharge);
    state_.PushDue(DueOf(*recharge));
  }
  if (!Claim(state_.totals)) return;
  state_.totals.recharge_refunded += record.refund;
  state_.totals.balances -= record.refund;
}

void Folder::ReleaseRecharge(const RechargeRecord& record, Money Totals::*released) {
  if (Payer* payer = ClaimPayer(record.payer)) {
    payer->recharges.TakeBack(record.counted_day, record.counted_month, record.amount);
  }
  if (Recharge* recharge = FindAndClaim(state_.recharges, record.recharge)) {
    CloseRecharge(record.state, recharge);
  }
  if (!Claim(state_.totals)) return;
  state_.totals.recharge_held -= record.amount;
  state_.totals.*released += record.amount;
}

void Folder::CloseRecharge(RechargeState recharge_state, Recharge* recharge) {
  if (recharge->state == RechargeState::kHeld) state_.RemoveHold(recharge->payer);
  recharge->state = recharge_state;
  recharge->close_time_ms = now_.time_ms;
  state_.PushDue(DueOf(*recharge));
}

}  // namespace tipgate
