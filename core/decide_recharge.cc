// Decisions about recharges.

#include <algorithm>

#include "core/decide.h"
#include "core/rules/limit.h"
#include "core/rules/recharge_rules.h"
#include "core/rules/violations.h"

namespace tipgate {
namespace {

RechargeContext MakeRechargeContext(const State& state, const ActorName& app, PayerId payer_id,
                                    Money amount, const Moment& now) {
  const Payer* const payer = state.FindPayer(payer_id);
  return {.now = now,
          .policy = *state.policy,
          .stops = state.stops,
          .app = app,
          .payer = payer,
          .controls = ControlsOf(state, payer),
          .minor_limits = LimitsOfMinor(payer, *state.policy, now),
          .amount = amount,
          .day_total = payer == nullptr ? Money() : payer->recharges.DayTotal(now),
          .month_total = payer == nullptr ? Money() : payer->recharges.MonthTotal(now)};
}

// Fills in what the payer has used, has left and could recharge, after `counted` has been counted
// (or taken back, if negative).
void NoteRechargeTotals(const RechargeContext& context, Money counted_day, Money counted_month,
                        RechargeRecord* record) {
  record->policy_version = context.policy.version;
  record->amount_max = RechargeAmountMax(context, counted_day, counted_month);
  record->day_total = context.day_total + counted_day;
  record->month_total = context.month_total + counted_month;
  record->day_left =
      Left(WithMinor({.amount = context.policy.recharge_day_limit}, context.minor_limits).amount,
           record->day_total);
  record->month_left = Left(context.policy.recharge_month_limit, record->month_total);
  if (context.policy.keeps_balances()) record->balance = BalanceOf(context.payer);
}

// Rule R14: a captured recharge is the payer's to spend.
void AddToWallet(RechargeRecord* record) {
  if (record->adds_to_wallet()) record->balance += record->amount;
}

// Runs the rules on a recharge that would be counted now.
void DecideCounting(const RechargeContext& context, Entry* entry, RechargeRecord* record) {
  record->violations = entry->Open<Violation>();
  NoteViolations(RechargeRules(), context, entry, &record->violations);
  const bool is_accepted = record->violations.count == 0;
  const Money counted = is_accepted ? context.amount : Money();
  record->outcome = is_accepted ? Outcome::kAccepted : Outcome::kRejected;
  record->retry_time_ms =
      RetryTimeMs(entry->View(record->violations), FactsHoldUntilMs(context.payer, context.policy));
  NoteRechargeTotals(context, counted, counted, record);
}

RechargeContext MakeRechargeContext(const State& state, const Recharge& recharge,
                                    const Moment& now) {
  return MakeRechargeContext(state, recharge.app, recharge.payer, recharge.amount, now);
}

// Of something that happens to a recharge, accepted unless rules are asked.
RechargeRecord MakeRecord(RechargeAction action, const Intent& intent, const Recharge& recharge) {
  RechargeRecord record;
  record.action = action;
  record.intent = intent;
  record.recharge = recharge.id;
  record.payer = recharge.payer;
  record.amount = recharge.amount;
  record.outcome = Outcome::kAccepted;
  record.expire_time_ms = recharge.expire_time_ms;
  record.counted_day = recharge.counted_day;
  record.counted_month = recharge.counted_month;
  return record;
}

}  // namespace

RechargeRecord DecideRecharge(const State& state, const RechargeRequest& request, Entry* entry) {
  const Moment& now = entry->moment;
  RechargeRecord record;
  record.action = RechargeAction::kAuthorize;
  record.intent = request.intent;
  record.app = request.app;
  record.payer = request.payer;
  record.amount = request.amount;
  record.hold_ms = request.hold_ms;
  DecideCounting(MakeRechargeContext(state, request.app, request.payer, request.amount, now), entry,
                 &record);
  record.state = RechargeState::kRejected;
  if (record.outcome == Outcome::kRejected) return record;
  record.state = RechargeState::kHeld;
  record.counted_day = now.day;
  record.counted_month = now.month;
  record.expire_time_ms =
      now.time_ms + (request.hold_ms != 0 ? request.hold_ms : state.policy->recharge_hold_ms);
  return record;
}

RechargeRecord CheckRecharge(const State& state, const RechargeRequest& request, Entry* entry) {
  RechargeRecord record = DecideRecharge(state, request, entry);
  const RechargeContext context =
      MakeRechargeContext(state, request.app, request.payer, request.amount, entry->moment);
  record.amount_max = RechargeAmountMax(context, Money(), Money());
  return record;
}

RechargeRecord DecideCapture(const State& state, const Intent& intent, const Recharge& recharge,
                             Entry* entry) {
  const Moment& now = entry->moment;
  const RechargeContext context = MakeRechargeContext(state, recharge, now);
  RechargeRecord record = MakeRecord(RechargeAction::kCapture, intent, recharge);
  record.is_late = recharge.state == RechargeState::kExpired;  // rule R11
  if (record.is_late) {
    DecideCounting(context, entry, &record);
    record.counted_day = now.day;
    record.counted_month = now.month;
  } else {
    record.violations = entry->Open<Violation>();
    NoteRechargeTotals(context, Money(), Money(), &record);
  }
  AddToWallet(&record);
  record.state = RechargeState::kCaptured;
  if (record.outcome == Outcome::kRejected) {
    record.state = RechargeState::kReturned;
    record.retry_time_ms = 0;  // the money goes back; there is nothing to try again
  }
  return record;
}

RechargeRecord DecideRelease(const State& state, RechargeAction action, const Intent& intent,
                             const Recharge& recharge, const Entry& entry) {
  const Moment& now = entry.moment;
  const RechargeContext context = MakeRechargeContext(state, recharge, now);
  const Money zero;
  RechargeRecord record = MakeRecord(action, intent, recharge);
  record.state = action == RechargeAction::kVoid ? RechargeState::kVoided : RechargeState::kExpired;
  const Money from_day = recharge.counted_day == now.day ? zero - recharge.amount : zero;
  const Money from_month = recharge.counted_month == now.month ? zero - recharge.amount : zero;
  NoteRechargeTotals(context, from_day, from_month, &record);
  return record;
}

RechargeRefusal WhyRefundRefused(const State& state, const RechargeRefundRequest& request,
                                 const Recharge& recharge) {
  if (!state.policy->keeps_balances() || !recharge.is_in_wallet) {
    return RechargeRefusal::kNotInWallet;
  }
  if (request.amount > recharge.amount - recharge.refunded) return RechargeRefusal::kAboveLeft;
  const bool is_spent = request.amount > BalanceOf(state.FindPayer(recharge.payer));
  return is_spent ? RechargeRefusal::kSpent : RechargeRefusal::kNone;
}

RechargeRecord DecideRechargeRefund(const State& state, const RechargeRefundRequest& request,
                                    const Recharge& recharge, Entry* entry) {
  RechargeRecord record = MakeRecord(RechargeAction::kRefund, request.intent, recharge);
  NoteRechargeTotals(MakeRechargeContext(state, recharge, entry->moment), Money(), Money(),
                     &record);
  record.actor = request.actor;
  record.state = recharge.state;
  record.refund = request.amount;
  record.balance -= request.amount;
  record.note = entry->AddOne(request.note);
  Recharge after = recharge;
  after.refunded += request.amount;
  after.close_time_ms = entry->moment.time_ms;
  after.changed = RecordId();
  after.is_dirty = false;
  record.after = entry->AddOne(after);
  return record;
}

}  // namespace tipgate
