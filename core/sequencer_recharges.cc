#include "core/sequencer.h"

namespace tipgate {
namespace {

constexpr RequestError kRechargeUnknownError{ErrorReason::kNotFound, "recharge_id",
                                             "recharge_id: no such recharge"};
constexpr RequestError kRechargeCapturedError{ErrorReason::kWrongState, "recharge_id",
                                              "recharge_id: is captured already"};
constexpr RequestError kRechargeVoidedError{ErrorReason::kWrongState, "recharge_id",
                                            "recharge_id: is voided already"};
constexpr RequestError kRechargeExpiredError{ErrorReason::kWrongState, "recharge_id",
                                             "recharge_id: has expired, and is released already"};
constexpr RequestError kRechargeReturnedError{
    ErrorReason::kWrongState, "recharge_id",
    "recharge_id: was captured too late and refused; return the money"};

}  // namespace

void Sequencer::Run(RechargeCommand& command) {
  if (IsAnswered(command.request.intent, command.key, &command.answer)) return;
  if (IsFull(state_.recharges.size(), limits_.recharges_max, &command.answer)) return;
  if (IsBookFull(state_.totals.recharge_authorized, &command.answer)) return;
  command.answer = Put(DecideRecharge(state_, command.request, &batch_->entry), command.key);
}

void Sequencer::Run(RechargeChangeCommand& command) {
  const RechargeChange& request = command.request;
  if (IsAnswered(request.intent, command.key, &command.answer)) return;
  const Recharge* const recharge = FindKnown(state_.recharges, request.recharge, now_ms());
  if (recharge == nullptr) {
    command.answer = kRechargeUnknownError;
    return;
  }
  if (recharge->state == RechargeState::kHeld && recharge->expire_time_ms <= now_ms()) {
    Put(DecideRelease(state_, RechargeAction::kExpire, Intent(), *recharge, batch_->entry));
  }
  const bool is_void = request.action == RechargeAction::kVoid;
  switch (recharge->state) {
    case RechargeState::kHeld:
      break;
    case RechargeState::kExpired:
      if (!is_void) break;
      command.answer = kRechargeExpiredError;
      return;
    case RechargeState::kCaptured:
      command.answer = kRechargeCapturedError;
      return;
    case RechargeState::kVoided:
      command.answer = kRechargeVoidedError;
      return;
    case RechargeState::kReturned:
      command.answer = kRechargeReturnedError;
      return;
    case RechargeState::kRejected:
      command.answer = kRechargeUnknownError;
      return;
  }
  Entry& entry = batch_->entry;
  command.answer =
      Put(is_void ? DecideRelease(state_, request.action, request.intent, *recharge, entry)
                  : DecideCapture(state_, request.intent, *recharge, &entry),
          command.key);
}

}  // namespace tipgate
