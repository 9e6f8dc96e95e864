#include <algorithm>

#include "core/folder.h"

namespace tipgate {

// Rule F3: the next decision sees the new facts.
void Folder::operator()(const PayerRecord& record) {
  if (Payer* payer = InsertAndClaimPayer(record.payer)) {
    payer->is_verified = record.is_verified;
    payer->age = record.age;
    payer->has_guardian_consent = record.has_guardian_consent;
    payer->has_youth_mode = record.has_youth_mode;
    payer->observe_time_ms = record.observe_time_ms;
    payer->facts_record = id_;
  }
  PutControls(record);
}

void Folder::operator()(const PauseRecord& record) {
  Payer* const payer = ClaimPayer(record.payer);
  if (payer == nullptr) return;
  TIPGATE_CHECK(payer->pause_end_ms <= record.end_time_ms);
  payer->pause_end_ms = record.end_time_ms;
}

void Folder::operator()(const SelfLimitsRecord& record) {
  if (record.outcome == Outcome::kRejected) return;
  PayerControls* const controls = ClaimControls(record.payer);
  if (controls == nullptr) return;
  if (record.uses_confirmation) controls->self_limits = Confirmation();
  controls->tip_max = record.tip_max;
  controls->day_limit = record.day_limit;
  controls->month_limit = record.month_limit;
}

void Folder::operator()(const PreferencesRecord& record) {
  if (record.outcome == Outcome::kRejected) return;
  PayerControls* const controls = ClaimControls(record.payer);
  if (controls == nullptr) return;
  if (record.uses_confirmation) controls->reminders = Confirmation();
  controls->has_reminders_off = record.has_reminders_off;
  controls->allows_public_display = record.allows_public_display;
}

void Folder::operator()(const ConfirmationRecord& record) {
  PayerControls* const controls = ClaimControls(record.payer);
  if (controls == nullptr) return;
  Confirmation& confirmation = controls->ConfirmationOf(record.scope);
  if (record.action == ConfirmationAction::kStart) {
    confirmation = {.token = record.token,
                    .expire_time_ms = record.expire_time_ms,
                    .policy_version = record.policy_version,
                    .day = now_.day,
                    .month = now_.month,
                    .attempts_left = record.attempts_left};
  } else if (record.outcome == Outcome::kAccepted) {
    Confirm(record.scope, controls);
  } else if (record.refusal == ConfirmationRefusal::kNotStarted) {
    return;
  } else if (record.attempts_left == 0) {
    confirmation = Confirmation();
  } else {
    confirmation.attempts_left = record.attempts_left;
  }
}

void Folder::operator()(const CoolingOffRecord& record) {
  CoolOff(record.payer, record.end_time_ms);
}

void Folder::operator()(const PayerFreezeRecord& record) {
  PayerControls* const controls = ClaimControls(record.payer);
  if (controls == nullptr) return;
  auto& freezes = controls->freezes;
  const size_t place = controls->FindFreeze(record.case_name);
  const PayerFreeze after = {.case_name = record.case_name,
                             .unfreeze_approver = record.first_approver};
  const bool is_over = record.action == FreezeAction::kUnfreeze && record.first_approver.empty();
  if (is_over) {
    freezes.Erase(place);
  } else if (place == freezes.size()) {
    freezes.PushBack(after);
  } else {
    freezes.Set(place, after);
  }
  TIPGATE_CHECK(controls->is_frozen() == record.is_frozen);
}

void Folder::operator()(const StreamerRecord& record) {
  Streamer* const streamer = InsertAndClaim(state_.streamers, record.streamer);
  if (streamer == nullptr) return;
  streamer->is_verified = record.is_verified;
  streamer->age = record.age;
  streamer->has_guardian_consent = record.has_guardian_consent;
  streamer->tier = record.tier;
  streamer->agency = record.agency;
  streamer->payer = record.payer;
  streamer->observe_time_ms = record.observe_time_ms;
  streamer->facts_record = id_;
}

PayerControls* Folder::ClaimControls(PayerId id) {
  if (Payer* payer = state_.FindPayer(id); payer != nullptr && !payer->has_controls) {
    payer->has_controls = true;
    state_.payers.MarkDirty(*payer);
  }
  return InsertAndClaim(state_.controls, id);
}

void Folder::PutControls(const PayerRecord& record) {
  const bool has_any =
      !record.tier.empty() || record.guardian != PayerLimits() || record.risk != PayerLimits();
  if (!has_any && state_.controls.Find(record.payer) == nullptr) return;
  PayerControls* const controls = ClaimControls(record.payer);
  if (controls == nullptr) return;
  controls->tier = record.tier;
  controls->guardian = record.guardian;
  controls->risk = record.risk;
}

void Folder::Confirm(ConfirmationScope scope, PayerControls* controls) {
  Confirmation& confirmation = controls->ConfirmationOf(scope);
  switch (scope) {
    case ConfirmationScope::kDayGate:
      controls->confirmed_day = now_.day;
      break;
    case ConfirmationScope::kMonthGate:
      controls->confirmed_month = now_.month;
      break;
    case ConfirmationScope::kSelfLimits:
    case ConfirmationScope::kReminders:
      confirmation.is_complete = true;
      return;
  }
  confirmation = Confirmation();
}

void Folder::CoolOff(PayerId payer, int64_t end_time_ms) {
  PayerControls* const controls = ClaimControls(payer);
  if (controls == nullptr) return;
  // None shortens another: tips that are held meanwhile may begin one that ends before.
  controls->cooling_off_end_ms = std::max(controls->cooling_off_end_ms, end_time_ms);
}

}  // namespace tipgate
