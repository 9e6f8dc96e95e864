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
  }
}

void Folder::AuthorizeRecharge(const RechargeRecord& record) {
  CountRecharge(record);
  if (Recharge* recharge = InsertAndClaim(state_.recharges, id_)) {
    recharge->app = record.app;
    recharge->payer = record.payer;
    recharge->amount = record.amount;
    recharge->state = RechargeState::kHeld;
    recharge->counted_day = record.counted_day;
    recharge->counted_month = record.counted_month;
    recharge->expire_time_ms = record.expire_time_ms;
    state_.PushDue(DueOf(*recharge));
  }
  if (!Claim(state_.totals)) return;
  state_.totals.recharge_authorized += record.amount;
  state_.totals.recharge_held += record.amount;
}

void Folder::CountRecharge(const RechargeRecord& record) {
  Payer* const payer = FindAndClaim(state_.payers, record.payer);
  if (payer == nullptr) return;
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
  if (record.is_late) CountRecharge(record);  // its expiry had taken it out
  if (Recharge* recharge = FindAndClaim(state_.recharges, record.recharge)) {
    recharge->counted_day = record.counted_day;
    recharge->counted_month = record.counted_month;
    CloseRecharge(RechargeState::kCaptured, recharge);
  }
  if (!Claim(state_.totals)) return;
  (record.is_late ? state_.totals.recharge_expired : state_.totals.recharge_held) -= record.amount;
  state_.totals.recharge_captured += record.amount;
}

void Folder::ReleaseRecharge(const RechargeRecord& record, Money Totals::*released) {
  if (Payer* payer = FindAndClaim(state_.payers, record.payer)) {
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
  recharge->state = recharge_state;
  recharge->close_time_ms = now_.time_ms;
  state_.PushDue(DueOf(*recharge));
}

}  // namespace tipgate
