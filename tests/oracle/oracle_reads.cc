// What one may look up: everything is summed up when asked for.
#include <algorithm>
#include <tuple>

#include "tests/oracle/confirmation_rules.h"
#include "tests/oracle/control_rules.h"
#include "tests/oracle/cooling_off.h"
#include "tests/oracle/facts.h"
#include "tests/oracle/invariant.h"
#include "tests/oracle/limits.h"
#include "tests/oracle/oracle.h"
#include "tests/oracle/session_rules.h"
#include "tests/oracle/settlement.h"
#include "tests/oracle/tip_life.h"
#include "tests/oracle/totals.h"
#include "tests/oracle/wallet.h"

namespace tipgate::oracle {
namespace {

Usage UsageOf(EffectiveLimit limit, int64_t used, int64_t reset_time_ms) {
  return {.limit = limit.amount,
          .origin = limit.origin,
          .used = used,
          .left = LeftOf(limit.amount, used),
          .reset_time_ms = reset_time_ms};
}

std::optional<GateView> GateOf(const World& world, int64_t now_ms, int64_t payer_id, Period period,
                               int64_t limit, int permille) {
  if (permille == 0) return std::nullopt;
  return GateView{.threshold = GateThreshold(limit, permille),
                  .is_passed = GateIsPassed(world, now_ms, payer_id, period)};
}

void AddTip(const Tip& tip, Totals& totals) {
  ++totals.tips_accepted;
  totals.accepted += tip.amount;
  totals.reminders += static_cast<int64_t>(tip.reminders.size());
  const int64_t remaining = RemainingAmount(tip);
  if (tip.state == TipState::kHeld) totals.held += remaining;
  if (tip.state == TipState::kPending) totals.pending += remaining;
  if (tip.state == TipState::kFrozen) totals.frozen += remaining;
  if (tip.state == TipState::kSettled) totals.settled += remaining;
  totals.voided += tip.released;
  totals.refunded += RefundedAmount(tip);
}

void AddRecharge(const Recharge& recharge, Totals& totals) {
  totals.recharge_authorized += recharge.amount;
  totals.recharge_refunded += recharge.refunded;
  switch (recharge.state) {
    case RechargeState::kHeld:
      totals.recharge_held += recharge.amount;
      break;
    case RechargeState::kCaptured:
      totals.recharge_captured += recharge.amount;
      break;
    case RechargeState::kVoided:
      totals.recharge_voided += recharge.amount;
      break;
    case RechargeState::kExpired:
    case RechargeState::kReturned:
      totals.recharge_expired += recharge.amount;
      break;
    case RechargeState::kNone:
    case RechargeState::kRejected:
      Require(false, "only accepted recharges are in the history");
  }
}

}  // namespace

PayerView Oracle::GetPayer(int64_t now_ms, int64_t payer_id) {
  Advance(now_ms);
  const auto payer = world_.payers.find(payer_id);
  if (payer == world_.payers.end()) return {.error = ErrorReason::kNotFound};
  const int64_t day_end_ms = world_.calendar->NextDayStart(now_ms);
  const int64_t month_end_ms = world_.calendar->NextMonthStart(now_ms);
  PayerView view;
  const EffectiveLimit tip_max = TipMaxWithBand(world_, now_ms, payer_id);
  view.tip_max = tip_max.amount;
  view.tip_max_origin = tip_max.origin;
  view.tip_day = UsageOf(DayLimitWithBand(world_, now_ms, payer_id),
                         TipDayTotal(world_, now_ms, payer_id), day_end_ms);
  view.tip_month = UsageOf(MonthLimit(world_, now_ms, payer_id),
                           TipMonthTotal(world_, now_ms, payer_id), month_end_ms);
  view.recharge_day = UsageOf(RechargeDayLimitWithBand(world_, now_ms, payer_id),
                              RechargeDayTotal(world_, now_ms, payer_id), day_end_ms);
  view.recharge_month = UsageOf({world_.policy->recharge.month_limit, LimitOrigin::kPolicy},
                                RechargeMonthTotal(world_, now_ms, payer_id), month_end_ms);
  const std::optional<int64_t> pause_end_ms = payer->second.pause_end_ms;
  if (pause_end_ms && now_ms < *pause_end_ms) view.pause_end_ms = pause_end_ms;
  view.cooling_off_end_ms = CoolingOffEnd(world_, now_ms, payer_id);
  view.balance = WalletBalance(world_, payer_id);
  view.reminders_are_on = payer->second.reminders_are_on;
  view.public_display = payer->second.public_display;
  for (const auto& [case_reference, identity] : payer->second.freezes) {
    view.freezes += case_reference + ":" + identity + " ";
  }
  view.self_tip_max = ViewOf(payer->second.self.tip_max, now_ms);
  view.self_day = ViewOf(payer->second.self.day, now_ms);
  view.self_month = ViewOf(payer->second.self.month, now_ms);
  const ConfirmPolicy& confirm = world_.policy->confirm;
  view.day_gate =
      GateOf(world_, now_ms, payer_id, Period::kDay, view.tip_day.limit, confirm.day_permille);
  view.month_gate = GateOf(world_, now_ms, payer_id, Period::kMonth, view.tip_month.limit,
                           confirm.month_permille);
  return view;
}

StreamerView Oracle::GetStreamer(int64_t now_ms, int64_t streamer_id) {
  Advance(now_ms);
  if (!world_.streamers.contains(streamer_id)) return {.error = ErrorReason::kNotFound};
  StreamerView view;
  for (const Tip& tip : world_.tips) {
    if (tip.request.streamer_id != streamer_id) continue;
    const int64_t remaining = RemainingAmount(tip);
    if (tip.state == TipState::kPending) view.pending += remaining;
    if (tip.state == TipState::kFrozen) view.frozen += remaining;
    if (tip.state == TipState::kSettled) view.settled += remaining;
  }
  view.income = StreamerIncome(world_, streamer_id);
  view.receivable = StreamerReceivable(world_, streamer_id);
  view.open_session_id = OpenSessionOf(world_, streamer_id);
  view.sessions_today = SessionsOnDay(world_, now_ms, streamer_id);
  Violations violations;
  StreamerSuspended(world_, now_ms, streamer_id, violations);
  view.is_suspended = !violations.empty();
  if (view.is_suspended) view.suspended_end_ms = violations.front().retry_time_ms;
  for (const auto& [sanction_id, sanction] : world_.sanctions) {
    const bool is_shown = sanction.streamer_id == streamer_id && IsInForce(sanction, now_ms);
    if (is_shown) view.sanctions.push_back(sanction_id);
  }
  return view;
}

StopsView Oracle::ListStops(int64_t now_ms) {
  Advance(now_ms);
  StopsView view;
  for (const Stop& stop : world_.stops) {
    view.stops.push_back({.scope = stop.scope,
                          .start_ms = stop.start_ms,
                          .identity = stop.identity,
                          .first_identity = stop.lift_identity});
  }
  const auto place_of = [](const StopView& stop) {
    return std::tie(stop.scope.kind, stop.scope.id, stop.scope.app);
  };
  std::sort(view.stops.begin(), view.stops.end(),
            [&](const StopView& a, const StopView& b) { return place_of(a) < place_of(b); });
  return view;
}

SessionView Oracle::GetSession(int64_t now_ms, int64_t session_id) {
  Advance(now_ms);
  const auto session = world_.sessions.find(session_id);
  if (session == world_.sessions.end()) return {.error = ErrorReason::kNotFound};
  SessionView view{.max_end_time_ms = SessionMaxEnd(world_, session->second),
                   .close_time_ms = session->second.close_time_ms,
                   .received = SessionTotal(world_, session_id),
                   .received_max = SessionReceivedMax(world_, session->second)};
  if (!SessionIsForgotten(session->second, now_ms)) return view;
  // Shown as it was opened.
  const TierPolicy& tier = session->second.tier;
  view.max_end_time_ms = session->second.open_time_ms + tier.session_duration_max_ms;
  view.received_max = 0;
  for (const TierPolicy& other : world_.policy->tiers) {
    if (other.name == tier.name) view.received_max = other.session_received_max;
  }
  return view;
}

TipView Oracle::GetTip(int64_t now_ms, int64_t tip_id) {
  Advance(now_ms);
  const Tip* tip = FindTip(tip_id);
  if (tip == nullptr) return {.error = ErrorReason::kNotFound};
  return {.state = tip->state,
          .amount = RemainingAmount(*tip),
          .released = tip->released,
          .refunded = RefundedAmount(*tip),
          .settle_time_ms = tip->settle_time_ms,
          .streamer_share = tip->streamer_share,
          .agency_share = tip->agency_share,
          .platform_share = tip->platform_share,
          .streamer_netted = tip->streamer_netted,
          .agency_netted = tip->agency_netted};
}

AgencyView Oracle::GetAgency(int64_t now_ms, int64_t agency_id) {
  Advance(now_ms);
  return {.income = AgencyIncome(world_, agency_id),
          .receivable = AgencyReceivable(world_, agency_id)};
}

Totals Oracle::GetTotals(int64_t now_ms) {
  Advance(now_ms);
  Totals totals{.tips_rejected = world_.tips_rejected};
  for (const Tip& tip : world_.tips) AddTip(tip, totals);
  for (const auto& [recharge_id, recharge] : world_.recharges) AddRecharge(recharge, totals);
  for (const auto& [payer_id, payer] : world_.payers) {
    totals.balances += WalletBalance(world_, payer_id);
  }
  Require(totals.accepted == totals.held + totals.pending + totals.frozen + totals.settled +
                                 totals.voided + totals.refunded,
          "every accepted fen of tips is in exactly one state");
  Require(totals.recharge_authorized == totals.recharge_held + totals.recharge_captured +
                                            totals.recharge_voided + totals.recharge_expired,
          "every authorized fen of recharges is in exactly one state");
  return totals;
}

}  // namespace tipgate::oracle
