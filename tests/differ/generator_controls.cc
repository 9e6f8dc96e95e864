// The draws about what holds one payer back: their own limits, confirmations, cooling-off, freezes.
#include <algorithm>
#include <optional>
#include <utility>

#include "tests/differ/call.h"
#include "tests/differ/generator.h"

namespace tipgate::differ {

using oracle::kDayMs;
using oracle::kHourMs;
using oracle::kMinuteMs;
using oracle::kSecondMs;

OperationPtr Generator::DrawFollowUp() {
  const LastStep last_step = std::exchange(last_step_, LastStep::kOther);
  if (last_step == LastStep::kOther || random_.Below(4) == 0) return nullptr;
  const Started started = last_confirmation_;
  if (last_step == LastStep::kStart && random_.Below(20) == 0) {
    last_step_ = last_step;  // another policy in between
    return DrawPolicy();
  }
  if (last_step == LastStep::kStart) return Complete(started, started.step);
  if (!observations_->was_accepted()) {
    return Complete(started, random_.OneOf(confirmations_).step);
  }
  if (started.scope == oracle::ConfirmationScope::kRemindersOff) {
    return ChangePreferences(started.payer_id, started.step);
  }
  if (started.scope != oracle::ConfirmationScope::kRaiseLimits) return nullptr;
  return ChangeSelfLimits(started.payer_id, started.step);
}

std::optional<oracle::LimitChange> Generator::DrawLimitChange(int64_t limit) {
  const int64_t kind = random_.Below(10);
  if (kind < 5) return std::nullopt;
  if (kind == 5) return oracle::LimitChange();
  if (kind == 6) return oracle::LimitChange{.withdraws_raise = true};
  if (random_.Permille(20)) return oracle::LimitChange{.limit = 0};
  return oracle::LimitChange{.limit = random_.Between(limit / 4, limit + limit / 4)};
}

OperationPtr Generator::ChangeSelfLimits(int64_t payer_id, int64_t step_of_token) {
  oracle::SetSelfLimitsRequest request{.idempotency_key = NextKey(), .payer_id = payer_id};
  request.tip_max = DrawLimitChange(policy_.tip_max);
  request.day = DrawLimitChange(policy_.day_limit);
  request.month = DrawLimitChange(policy_.month_limit);
  request.confirmation_token = step_of_token;
  return MakeCall("SetSelfLimits", request);
}

int64_t Generator::LastToken(int64_t payer_id, oracle::ConfirmationScope scope) const {
  int64_t step_of_token = 0;
  for (const Started& started : confirmations_) {
    if (started.scope == scope && started.payer_id == payer_id) step_of_token = started.step;
  }
  return step_of_token;
}

// With the payer's last token for it, or without one.
OperationPtr Generator::DrawSelfLimits() {
  const int64_t payer_id = AnyPayer();
  const int64_t step_of_token = LastToken(payer_id, oracle::ConfirmationScope::kRaiseLimits);
  return ChangeSelfLimits(payer_id, random_.Below(8) == 0 ? 0 : step_of_token);
}

OperationPtr Generator::ChangePreferences(int64_t payer_id, int64_t step_of_token) {
  const auto draw = [this]() -> std::optional<bool> {
    if (random_.Below(4) == 0) return std::nullopt;
    return random_.Below(2) == 0;
  };
  oracle::SetPreferencesRequest request{.idempotency_key = NextKey(), .payer_id = payer_id};
  request.reminders = draw();
  request.public_display = draw();
  if (!request.reminders.has_value() && !request.public_display.has_value()) {
    request.reminders = true;  // one of the two must be there
  }
  request.confirmation_token = step_of_token;
  return MakeCall("SetPreferences", request);
}

OperationPtr Generator::DrawPreferences() {
  const int64_t payer_id = AnyPayer();
  const int64_t step_of_token = LastToken(payer_id, oracle::ConfirmationScope::kRemindersOff);
  return ChangePreferences(payer_id, random_.Below(8) == 0 ? 0 : step_of_token);
}

OperationPtr Generator::Start(int64_t payer_id, oracle::ConfirmationScope scope,
                              oracle::Period period) {
  last_step_ = LastStep::kStart;
  last_confirmation_ = {
      .step = steps_count_, .payer_id = payer_id, .scope = scope, .period = period};
  confirmations_.push_back(last_confirmation_);
  return MakeCall(
      "StartConfirmation",
      oracle::StartConfirmationRequest{
          .idempotency_key = NextKey(), .payer_id = payer_id, .scope = scope, .period = period});
}

OperationPtr Generator::DrawConfirmation() {
  using Scope = oracle::ConfirmationScope;
  using oracle::Period;
  const int64_t kind = random_.Below(5);
  if (kind < 2) return Start(AnyPayer(), Scope::kRaiseLimits, Period::kNone);
  if (kind == 4) return Start(AnyPayer(), Scope::kRemindersOff, Period::kNone);
  return Start(AnyPayer(), Scope::kGate, kind == 2 ? Period::kDay : Period::kMonth);
}

OperationPtr Generator::Complete(const Started& started, int64_t step_of_token) {
  last_step_ = LastStep::kCompletion;
  last_confirmation_ = started;
  return MakeCall("CompleteConfirmation",
                  oracle::CompleteConfirmationRequest{
                      .idempotency_key = NextKey(),
                      .token = step_of_token,
                      .payer_id = random_.Permille(50) ? AnyPayer() : started.payer_id,
                      .scope = started.scope,
                      .period = started.period,
                      .proof_reference = random_.OneOf<const char*>({"sms-1", "sms-2"})});
}

// One of the last, most often with its own token.
OperationPtr Generator::DrawCompletion() {
  if (confirmations_.empty()) return DrawConfirmation();
  const auto size = static_cast<int64_t>(confirmations_.size());
  const int64_t back = random_.Below(std::min<int64_t>(size, 6));
  const Started started = confirmations_[static_cast<size_t>(size - 1 - back)];
  const bool is_own = random_.Below(4) != 0;
  return Complete(started, is_own ? started.step : random_.OneOf(confirmations_).step);
}

OperationPtr Generator::DrawCoolingOff() {
  return MakeCall(
      "StartCoolingOff",
      oracle::StartCoolingOffRequest{
          .idempotency_key = NextKey(),
          .payer_id = AnyPayer(),
          .duration_ms = random_.OneOf<int64_t>({kSecondMs, kMinuteMs, kHourMs, kDayMs}),
          .identity = random_.OneOf<const char*>({"ann", "bob"})});
}

OperationPtr Generator::DrawFreeze() {
  return MakeCall(
      "FreezePayer",
      oracle::FreezePayerRequest{.idempotency_key = NextKey(),
                                 .payer_id = AnyPayer(),
                                 .case_reference = random_.OneOf<const char*>(
                                     {"case-1", "case-1", "case-2", "case-3", "case-4", "case-5"}),
                                 .identity = random_.OneOf<const char*>({"ann", "bob"})});
}

OperationPtr Generator::Unfreeze(int64_t payer_id) {
  return MakeCall("UnfreezePayer",
                  oracle::UnfreezePayerRequest{
                      .idempotency_key = NextKey(),
                      .payer_id = payer_id,
                      .case_reference = random_.OneOf<const char*>(
                          {"case-1", "case-1", "case-2", "case-3", "case-4", "case-5"}),
                      .identity = random_.OneOf<const char*>({"ann", "bob", "eve"})});
}

OperationPtr Generator::DrawUnfreeze() { return Unfreeze(AnyPayer()); }

}  // namespace tipgate::differ
