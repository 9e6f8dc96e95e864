#pragma once

#include "core/age.h"
#include "core/calendar.h"
#include "core/decision.h"
#include "core/proposal.h"
#include "core/recharge.h"
#include "core/record.h"

namespace tipgate {

// True if a value of a stored enum has a name today. The encoder stops the process on one that has
// none, the decoder reports damage. A new enum in a Fields list does not compile before it has a
// line here.

constexpr bool IsKnown(AgeBand band) { return band <= AgeBand::kAdult; }
constexpr bool IsKnown(Outcome outcome) {
  return outcome == Outcome::kAccepted || outcome == Outcome::kRejected;
}
constexpr bool IsKnown(LimitOrigin origin) { return origin <= LimitOrigin::kRisk; }
constexpr bool IsKnown(MinorProfile profile) {
  return profile == MinorProfile::kStrict || profile == MinorProfile::kTiered2026;
}
constexpr bool IsKnown(WalletMode mode) {
  return mode == WalletMode::kExternal || mode == WalletMode::kManaged;
}
constexpr bool IsKnown(Period period) { return period <= Period::kMonth; }
constexpr bool IsKnown(RechargeState state) {
  return state >= RechargeState::kRejected && state <= RechargeState::kReturned;
}
constexpr bool IsKnown(RechargeAction action) {
  return action >= RechargeAction::kAuthorize && action <= RechargeAction::kRefund;
}
constexpr bool IsKnown(SessionAction action) {
  return action == SessionAction::kOpen || action == SessionAction::kClose;
}

constexpr bool IsKnown(RejectionCode code) {
  switch (code) {
    case RejectionCode::kEmergencyStop:
    case RejectionCode::kMinorBlocked:
    case RejectionCode::kYouthMode:
    case RejectionCode::kRealNameRequired:
    case RejectionCode::kPayerFrozen:
    case RejectionCode::kPayerPaused:
    case RejectionCode::kStreamerUnavailable:
    case RejectionCode::kStreamerSuspended:
    case RejectionCode::kSessionNotOpen:
    case RejectionCode::kSessionOvertime:
    case RejectionCode::kSelfTip:
    case RejectionCode::kGiftUnknown:
    case RejectionCode::kGiftPriceCap:
    case RejectionCode::kTipCap:
    case RejectionCode::kCoolingOff:
    case RejectionCode::kDayLimit:
    case RejectionCode::kMonthLimit:
    case RejectionCode::kConfirmationRequired:
    case RejectionCode::kSessionCap:
    case RejectionCode::kInsufficientBalance:
    case RejectionCode::kRechargeCap:
    case RejectionCode::kRechargeDayLimit:
    case RejectionCode::kRechargeMonthLimit:
    case RejectionCode::kSessionAlreadyOpen:
    case RejectionCode::kSessionCountLimit:
    case RejectionCode::kSessionInterval:
      return true;
  }
  return false;
}

constexpr bool IsKnown(LimitChangeKind kind) { return kind <= LimitChangeKind::kWithdrawRaise; }
constexpr bool IsKnown(SwitchChange change) { return change <= SwitchChange::kOff; }
constexpr bool IsKnown(ConfirmationScope scope) {
  return scope >= ConfirmationScope::kDayGate && scope <= ConfirmationScope::kReminders;
}
constexpr bool IsKnown(ConfirmationAction action) {
  return action == ConfirmationAction::kStart || action == ConfirmationAction::kComplete;
}
constexpr bool IsKnown(ConfirmationRefusal refusal) {
  return refusal <= ConfirmationRefusal::kPolicyChanged;
}
constexpr bool IsKnown(FreezeAction action) {
  return action == FreezeAction::kFreeze || action == FreezeAction::kUnfreeze;
}

constexpr bool IsKnown(StopAction action) {
  return action == StopAction::kStop || action == StopAction::kLift;
}
constexpr bool IsKnown(StopKind kind) {
  return kind >= StopKind::kEverything && kind <= StopKind::kGift;
}
constexpr bool IsKnown(SanctionAction action) {
  return action == SanctionAction::kSanction || action == SanctionAction::kLift;
}
constexpr bool IsKnown(SanctionKind kind) {
  return kind >= SanctionKind::kWarn && kind <= SanctionKind::kBan;
}
constexpr bool IsKnown(ProposalState state) {
  return state >= ProposalState::kProposed && state <= ProposalState::kWithdrawn;
}
constexpr bool IsKnown(ProposalStep step) {
  return step >= ProposalStep::kApprove && step <= ProposalStep::kFail;
}

constexpr bool IsKnown(TipState state) {
  return state >= TipState::kRejected && state <= TipState::kRefunded;
}
constexpr bool IsKnown(TipAction action) {
  return action >= TipAction::kCapture && action <= TipAction::kRefund;
}
constexpr bool IsKnown(IncomeAction action) {
  return action >= IncomeAction::kFreeze && action <= IncomeAction::kRefund;
}
constexpr bool IsKnown(IncomeScopeKind kind) {
  return kind >= IncomeScopeKind::kTip && kind <= IncomeScopeKind::kEverything;
}

// Numbers in the dress of an enum: every value is one.
constexpr bool IsKnown(Day) { return true; }
constexpr bool IsKnown(Month) { return true; }
constexpr bool IsKnown(CallerId) { return true; }

}  // namespace tipgate
