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

constexpr RequestError kNotInWalletError{
    ErrorReason::kWrongState, "recharge_id",
    "recharge_id: was not captured into a balance that the gate keeps now"};
constexpr RequestError kAboveLeftError{ErrorReason::kWrongState, "amount_minor",
                                       "amount_minor: is more than is left of the recharge"};
constexpr RequestError kSpentError{ErrorReason::kWrongState, "amount_minor",
                                   "amount_minor: is more than the payer's balance"};

RequestError ErrorOf(RechargeRefusal refusal) {
  switch (refusal) {
    case RechargeRefusal::kNotInWallet:
      return kNotInWalletError;
    case RechargeRefusal::kAboveLeft:
      return kAboveLeftError;
    case RechargeRefusal::kSpent:
      return kSpentError;
    case RechargeRefusal::kNone:
      break;
  }
  TIPGATE_CHECK(false);
  return kSpentError;
}

}  // namespace

const Recharge* Sequencer::FindRecharge(RecordId id,
                                        const std::optional<Recharge>& looked_up) const {
  const Recharge* const known = state_.recharges.Find(id);
  const Recharge* const found = known == nullptr && looked_up.has_value() ? &*looked_up : known;
  if (found == nullptr || found->is_in_wallet) return found;
  return IsForgotten(*found, now_ms()) ? nullptr : found;
}

void Sequencer::Run(CheckRechargeCommand& command) {
  if (IsUntimely(command.request.intent, &command.answer)) return;
  command.answer = InRecord{.position = static_cast<uint32_t>(batch_->dry.records.size())};
  batch_->dry.records.emplace_back(CheckRecharge(state_, command.request, &batch_->dry));
}

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

void Sequencer::Run(RechargeRefundCommand& command) {
  const RechargeRefundRequest& request = command.request;
  if (IsAnswered(request.intent, command.key, &command.answer)) return;
  const Recharge* const recharge = FindRecharge(request.recharge, request.looked_up);
  if (recharge == nullptr) {
    command.answer = kRechargeUnknownError;
    return;
  }
  const RechargeRefusal refusal = WhyRefundRefused(state_, request, *recharge);
  if (refusal != RechargeRefusal::kNone) {
    command.answer = ErrorOf(refusal);
    return;
  }
  // One that had left the memory comes back.
  const bool is_resident = state_.recharges.Find(recharge->id) != nullptr;
  if (!is_resident && IsFull(state_.recharges.size(), limits_.recharges_max, &command.answer)) {
    return;
  }
  command.answer =
      Put(DecideRechargeRefund(state_, request, *recharge, &batch_->entry), command.key);
}

}  // namespace tipgate
