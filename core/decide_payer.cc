// Decisions about what holds one payer back: their own limits, confirmations, cooling-off, freezes.

#include <algorithm>

#include "core/decide.h"

namespace tipgate {
namespace {

PayerControls ControlsOf(const State& state, PayerId payer) {
  const PayerControls* const controls = state.controls.Find(payer);
  return controls == nullptr ? PayerControls() : *controls;
}

// What a change makes of a limit: lower at once (rule B2), higher only after the delay (B3), unless
// that is withdrawn (B4).
SelfLimit Changed(const SelfLimit& before, const LimitChange& change, int64_t now_ms,
                  int64_t raise_delay_ms) {
  const Money current = before.At(now_ms);
  Money wanted = kNoLimit;
  switch (change.kind) {
    case LimitChangeKind::kKeep:
      return before;
    case LimitChangeKind::kWithdrawRaise:
      return {.amount = current};
    case LimitChangeKind::kSet:
      wanted = change.amount;
      break;
    case LimitChangeKind::kRemove:
      break;
  }
  if (wanted <= current) return {.amount = wanted};
  return {.amount = current, .raised = wanted, .raise_time_ms = now_ms + raise_delay_ms};
}

bool IsRaise(const SelfLimit& after, const LimitChange& change) {
  return change.kind != LimitChangeKind::kKeep && after.raise_time_ms != 0;
}

bool SwitchedTo(bool before, SwitchChange change) {
  return change == SwitchChange::kKeep ? before : change == SwitchChange::kOn;
}

// Rules K3, K4: a completed confirmation is as good as its token.
bool IsConfirmed(const Confirmation& confirmation, const ConfirmationToken& token,
                 const Policy& policy, int64_t now_ms) {
  return confirmation.is_complete && confirmation.token == token &&
         now_ms < confirmation.expire_time_ms && confirmation.policy_version == policy.version;
}

// Rules K3, K4.
ConfirmationRefusal WhyRefused(const Confirmation& confirmation, const ConfirmationRecord& request,
                               const Policy& policy, const Moment& now) {
  if (confirmation.token.empty() || confirmation.is_complete) {
    return ConfirmationRefusal::kNotStarted;
  }
  if (confirmation.token != request.token) return ConfirmationRefusal::kWrongToken;
  if (now.time_ms >= confirmation.expire_time_ms) return ConfirmationRefusal::kExpired;
  const bool is_over =
      (request.scope == ConfirmationScope::kDayGate && confirmation.day != now.day) ||
      (request.scope == ConfirmationScope::kMonthGate && confirmation.month != now.month);
  if (is_over) return ConfirmationRefusal::kOtherPeriod;
  if (confirmation.policy_version != policy.version) return ConfirmationRefusal::kPolicyChanged;
  return ConfirmationRefusal::kNone;
}

}  // namespace

SelfLimitsRecord DecideSelfLimits(const State& state, const SelfLimitsRecord& request,
                                  Entry* entry) {
  const PayerControls controls = ControlsOf(state, request.payer);
  const int64_t now_ms = entry->moment.time_ms;
  const int64_t delay_ms = state.policy->raise_delay_ms;
  SelfLimitsRecord record = request;
  record.tip_max = Changed(controls.tip_max, request.tip_max_change, now_ms, delay_ms);
  record.day_limit = Changed(controls.day_limit, request.day_limit_change, now_ms, delay_ms);
  record.month_limit = Changed(controls.month_limit, request.month_limit_change, now_ms, delay_ms);
  record.uses_confirmation = IsRaise(record.tip_max, request.tip_max_change) ||
                             IsRaise(record.day_limit, request.day_limit_change) ||
                             IsRaise(record.month_limit, request.month_limit_change);
  record.violations = entry->Open<Violation>();
  record.outcome = Outcome::kAccepted;
  if (!record.uses_confirmation ||
      IsConfirmed(controls.self_limits, request.token, *state.policy, now_ms)) {
    return record;
  }
  record.outcome = Outcome::kRejected;
  record.uses_confirmation = false;
  record.tip_max = controls.tip_max;
  record.day_limit = controls.day_limit;
  record.month_limit = controls.month_limit;
  entry->Add(record.violations, {.code = RejectionCode::kConfirmationRequired});
  return record;
}

PreferencesRecord DecidePreferences(const State& state, const PreferencesRecord& request,
                                    Entry* entry) {
  const PayerControls controls = ControlsOf(state, request.payer);
  PreferencesRecord record = request;
  record.violations = entry->Open<Violation>();
  record.outcome = Outcome::kAccepted;
  record.has_reminders_off = !SwitchedTo(!controls.has_reminders_off, request.reminders_change);
  record.allows_public_display =
      SwitchedTo(controls.allows_public_display, request.public_display_change);
  record.uses_confirmation = record.has_reminders_off && !controls.has_reminders_off;
  if (!record.uses_confirmation ||
      IsConfirmed(controls.reminders, request.token, *state.policy, entry->moment.time_ms)) {
    return record;
  }
  record.outcome = Outcome::kRejected;
  record.uses_confirmation = false;
  record.has_reminders_off = controls.has_reminders_off;
  record.allows_public_display = controls.allows_public_display;
  entry->Add(record.violations, {.code = RejectionCode::kConfirmationRequired});
  return record;
}

ConfirmationRecord DecideConfirmation(const State& state, const ConfirmationRecord& request,
                                      const Entry& entry) {
  const Moment& now = entry.moment;
  ConfirmationRecord record = request;
  record.policy_version = state.policy->version;
  record.outcome = Outcome::kAccepted;
  if (request.action == ConfirmationAction::kStart) {
    record.expire_time_ms = now.time_ms + kConfirmationMs;
    record.attempts_left = kConfirmationAttemptsMax;
    return record;
  }
  const PayerControls controls = ControlsOf(state, request.payer);
  const Confirmation& confirmation = controls.ConfirmationOf(request.scope);
  record.refusal = WhyRefused(confirmation, request, *state.policy, now);
  if (record.refusal == ConfirmationRefusal::kNone) return record;
  record.outcome = Outcome::kRejected;
  if (record.refusal != ConfirmationRefusal::kNotStarted) {
    record.attempts_left = confirmation.attempts_left - 1;
  }
  return record;
}

// Rule O3: none shortens another.
CoolingOffRecord DecideCoolingOff(const State& state, const CoolingOffRecord& request,
                                  const Entry& entry) {
  CoolingOffRecord record = request;
  record.end_time_ms = std::max(ControlsOf(state, request.payer).cooling_off_end_ms,
                                entry.moment.time_ms + request.duration_ms);
  return record;
}

// Rule P2: none shortens another.
PauseRecord DecidePause(const PauseRecord& request, const Payer& payer, const Entry& entry) {
  PauseRecord record = request;
  record.end_time_ms = std::max(payer.pause_end_ms, entry.moment.time_ms + request.duration_ms);
  return record;
}

// Rules T5, A1: each case by itself, and two people must agree.
FreezeRefusal WhyFreezeRefused(const State& state, const PayerFreezeRecord& request) {
  const PayerControls controls = ControlsOf(state, request.payer);
  const size_t place = controls.FindFreeze(request.case_name);
  const bool is_known = place < controls.freezes.size();
  if (request.action == FreezeAction::kFreeze) {
    const bool is_full = controls.freezes.size() == controls.freezes.kSizeMax;
    return is_full && !is_known ? FreezeRefusal::kFull : FreezeRefusal::kNone;
  }
  if (!controls.is_frozen()) return FreezeRefusal::kNotFrozen;
  if (!is_known) return FreezeRefusal::kOtherCase;
  if (controls.freezes[place].unfreeze_approver == request.actor) {
    return FreezeRefusal::kSameApprover;
  }
  return FreezeRefusal::kNone;
}

PayerFreezeRecord DecidePayerFreeze(const State& state, const PayerFreezeRecord& request) {
  PayerFreezeRecord record = request;
  record.is_frozen = true;
  record.first_approver = ActorName();
  if (request.action == FreezeAction::kFreeze) return record;
  const PayerControls controls = ControlsOf(state, request.payer);
  if (controls.freezes[controls.FindFreeze(request.case_name)].unfreeze_approver.empty()) {
    record.first_approver = request.actor;
  } else {
    record.is_frozen = controls.freezes.size() > 1;
  }
  return record;
}

}  // namespace tipgate
