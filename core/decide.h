#pragma once

#include <optional>

#include "core/entry.h"
#include "core/record.h"
#include "core/state.h"
#include "core/tip_parties.h"

namespace tipgate {

// Decisions: pure functions of the state and the entry's moment. Nothing changes but `entry`'s
// pools, where slices of the result go. The sequencer folds the result in; a dry run does not;
// verification compares it with what is stored.
//
// The state has a policy and a catalogue.

// All tip rules; the reply's amounts are those after the decision is folded in.
TipRecord DecideTip(const State& state, const TipRequest& request, Entry* entry);

// The same where the parties were found already; `tip` is an empty record, which may stand in the
// entry.
void DecideTip(const State& state, const TipRequest& request, const KnownTipParties& parties,
               Entry* entry, TipRecord* tip);

// The same for a dry run, which is not folded in: amount_max and count_max are what may be sent
// now, totals those that the tip would lead to.
TipRecord CheckTip(const State& state, const TipRequest& request, Entry* entry);

// What a caller asks for in AuthorizeRecharge.
struct RechargeRequest {
  Intent intent;
  ActorName app = {};  // as in TipRequest
  PayerId payer;
  Money amount;
  int64_t hold_ms = 0;  // 0: the policy's
};

RechargeRecord DecideRecharge(const State& state, const RechargeRequest& request, Entry* entry);

// The same for a dry run; amounts as CheckTip tells them.
RechargeRecord CheckRecharge(const State& state, const RechargeRequest& request, Entry* entry);

// Of a held recharge, or of an expired one, which is decided afresh.
RechargeRecord DecideCapture(const State& state, const Intent& intent, const Recharge& recharge,
                             Entry* entry);

// Void or expiry of a held recharge.
RechargeRecord DecideRelease(const State& state, RechargeAction action, const Intent& intent,
                             const Recharge& recharge, const Entry& entry);

// What a caller asks for in RefundRecharge.
struct RechargeRefundRequest {
  Intent intent;
  RecordId recharge;
  ActorName actor;
  Money amount;
  CaseNote note;
  // What the store knew of the recharge before the command entered.
  std::optional<Recharge> looked_up;
};

// Why a recharge cannot be refunded so; then there is no decision. Rule R15.
enum class RechargeRefusal {
  kNone,
  kNotInWallet,
  kAboveLeft,  // more than is left of it
  kSpent,      // more than the payer's balance
};
RechargeRefusal WhyRefundRefused(const State& state, const RechargeRefundRequest& request,
                                 const Recharge& recharge);
RechargeRecord DecideRechargeRefund(const State& state, const RechargeRefundRequest& request,
                                    const Recharge& recharge, Entry* entry);

// What a caller asks for in OpenSession.
struct SessionRequest {
  Intent intent;
  SessionId session;
  StreamerId streamer;
  bool was_opened = false;  // found in the store before the command entered
};

SessionRecord DecideOpenSession(const State& state, const SessionRequest& request, Entry* entry);

// Of an open session.
SessionRecord DecideCloseSession(const State& state, const Intent& intent, const Session& session,
                                 const Entry& entry);

// When facts count as observed: as requested, but not after now; 0 was not told and counts as now.
int64_t ObserveTimeMs(int64_t requested_ms, const Moment& now);

// Of a known payer. A pause never shortens another one: nobody can end it early.
PauseRecord DecidePause(const PauseRecord& request, const Payer& payer, const Entry& entry);

// The same for a cooling-off that staff start.
CoolingOffRecord DecideCoolingOff(const State& state, const CoolingOffRecord& request,
                                  const Entry& entry);

// A payer's own limits: lower at once, higher after the policy's delay, and only with a
// confirmation.
SelfLimitsRecord DecideSelfLimits(const State& state, const SelfLimitsRecord& request,
                                  Entry* entry);

// A payer's preferences. Reminders go off only with a confirmation (rule W4).
PreferencesRecord DecidePreferences(const State& state, const PreferencesRecord& request,
                                    Entry* entry);

// A start carries the token that was drawn for it. Each refused completion is an attempt, the last
// of which makes the token void.
ConfirmationRecord DecideConfirmation(const State& state, const ConfirmationRecord& request,
                                      const Entry& entry);

// Why a payer cannot be frozen or unfrozen; then there is no decision.
enum class FreezeRefusal {
  kNone,
  kNotFrozen,
  kOtherCase,  // frozen, but not for this case
  kSameApprover,
  kFull,  // as many cases as may freeze a payer do already
};
FreezeRefusal WhyFreezeRefused(const State& state, const PayerFreezeRecord& request);

// Freezes; or unfreezes, which two different people must ask for. Of each case by itself: a payer
// is frozen until none is left.
PayerFreezeRecord DecidePayerFreeze(const State& state, const PayerFreezeRecord& request);

}  // namespace tipgate
