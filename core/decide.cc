#include "core/decide.h"

#include <algorithm>

#include "core/decide_income.h"
#include "core/rules/cooling_off.h"
#include "core/rules/fact_rules.h"
#include "core/rules/limit.h"
#include "core/rules/session_rules.h"
#include "core/rules/tip_rules.h"
#include "core/rules/violations.h"

namespace tipgate {
namespace {

// Rules W1, W2: the thresholds of one period that an accepted tip takes the total to or past, and
// that are above what was told already (W3): so a limit or a list that changes within the period
// repeats none. Products are exact: a permille is at most 1,000 and amounts are at most
// kPolicyAmountMax.
void NoteReminders(const Policy& policy, Period period, Money limit, Money before, Money after,
                   int32_t permille_told, Entry* entry, Slice<Reminder>* reminders) {
  for (const int32_t permille : policy.reminder_permille) {
    const Money threshold(limit.minor() * permille);  // in thousandths of a minor unit
    const bool crosses =
        Money(before.minor() * 1000) < threshold && Money(after.minor() * 1000) >= threshold;
    if (crosses && permille > permille_told) {
      entry->Add(*reminders, {.period = period, .permille = permille});
    }
  }
}

TipContext MakeTipContext(const State& state, const TipRequest& request, const Moment& now) {
  const Payer* const payer = state.FindPayer(request.payer);
  const PayerControls* const controls = ControlsOf(state, payer);
  const Streamer* const streamer = state.streamers.Find(request.streamer);
  const Session* const session = FindKnown(state.sessions, request.session, now.time_ms);
  const Policy& policy = *state.policy;
  const TierName tier_name = session == nullptr || streamer == nullptr
                                 ? TierName()
                                 : TierNameOf(*session, streamer->tier, policy);
  const Tier* const tier = policy.FindTier(tier_name);
  return {.request = request,
          .now = now,
          .policy = policy,
          .stops = state.stops,
          .gift = state.catalog->Find(request.gift),
          .payer = payer,
          .controls = controls,
          .recent = state.policy->cooling_off.window_ms == 0
                        ? nullptr
                        : FindKnown(state.recent_tips, request.payer, now.time_ms),
          .minor_limits = LimitsOfMinor(payer, *state.policy, now),
          .limits = EffectiveLimits(*state.policy, controls, now.time_ms),
          .streamer = streamer,
          .session = session,
          .tier_name = tier_name,
          .tier = tier,
          .session_end_ms = session == nullptr ? 0 : MaxEndTimeMs(*session, tier, policy),
          .amount = request.amount(),
          .day_total = payer == nullptr ? Money() : payer->tips.DayTotal(now),
          .month_total = payer == nullptr ? Money() : payer->tips.MonthTotal(now)};
}

// The first moment at which this tip is refused however much time has cured.
int64_t TipHoldsUntilMs(const TipContext& context) {
  return std::min({FactsHoldUntilMs(context.payer, context.policy),
                   FactsHoldUntilMs(context.streamer, context.policy), context.session_end_ms});
}

// When the same tip would pass: once its violations are cured, and the gates that stand again by
// then let it through. 0: never.
int64_t TipRetryTimeMs(const TipContext& context, absl::Span<const Violation> violations) {
  const int64_t cured_from_ms = CuredFromMs(violations);
  if (cured_from_ms == 0) return 0;
  const int64_t retry_time_ms = GatesPassFromMs(context, cured_from_ms);
  return retry_time_ms < TipHoldsUntilMs(context) ? retry_time_ms : 0;
}

void NoteTipReminders(const TipContext& context, Entry* entry, TipRecord* tip) {
  const Payer& payer = *context.payer;
  tip->reminders = entry->Open<Reminder>();
  if (context.controls != nullptr && context.controls->has_reminders_off) return;  // rule W4
  NoteReminders(context.policy, Period::kDay, DayLimitOf(context).amount, context.day_total,
                tip->day_total, payer.tips.day == context.now.day ? payer.day_permille_told : 0,
                entry, &tip->reminders);
  NoteReminders(context.policy, Period::kMonth, context.limits.month_limit.amount,
                context.month_total, tip->month_total,
                payer.tips.month == context.now.month ? payer.month_permille_told : 0, entry,
                &tip->reminders);
}

// Of the hold that was asked for, or that a cooling-off demands (rule O4): of both the longer one.
// 0: the tip is not held.
int64_t ExpireTimeMs(const TipContext& context) {
  const int64_t now_ms = context.now.time_ms;
  const Policy& policy = context.policy;
  const TipRequest& request = context.request;
  int64_t hold_ms = 0;
  if (request.is_hold) hold_ms = request.hold_ms != 0 ? request.hold_ms : policy.tip_life.hold_ms;
  if (HoldsTips(policy.cooling_off, context.controls, now_ms)) {
    hold_ms = std::max(hold_ms, policy.cooling_off.hold_ms);
  }
  return hold_ms == 0 ? 0 : now_ms + hold_ms;
}

// `will_count`: false for a dry run, after which as much may be sent as before it.
TipRecord Decide(const State& state, const TipRequest& request, bool will_count, Entry* entry) {
  const TipContext context = MakeTipContext(state, request, entry->moment);
  TipRecord tip;
  tip.request = request;
  tip.violations = entry->Open<Violation>();
  const bool refuses_any_amount = NoteViolations(TipRules(), context, entry, &tip.violations);
  const bool is_accepted = tip.violations.count == 0;
  const Money counted = is_accepted ? context.amount : Money();

  tip.outcome = is_accepted ? Outcome::kAccepted : Outcome::kRejected;
  tip.policy_version = context.policy.version;
  const CoolingOffPolicy& cooling_off = context.policy.cooling_off;
  if (is_accepted) {
    tip.cooling_off_end_ms =
        CoolingOffEndMs(cooling_off, context.recent, context.amount, context.now.time_ms);
    tip.enters_window = cooling_off.window_ms != 0;
  }
  const bool will_cool_off = will_count && tip.cooling_off_end_ms != 0 && cooling_off.hold_ms == 0;
  const bool refuses_the_next = refuses_any_amount || will_cool_off;
  tip.amount_max =
      refuses_the_next ? Money() : TipAmountMax(context, will_count ? counted : Money());
  tip.count_max = CountWithin(tip.amount_max, request.unit_price);
  tip.day_total = context.day_total + counted;
  tip.month_total = context.month_total + counted;
  tip.day_left = Left(DayLimitOf(context).amount, tip.day_total);
  tip.month_left = Left(context.limits.month_limit.amount, tip.month_total);
  if (context.policy.keeps_balances()) tip.balance = BalanceOf(context.payer) - counted;
  if (context.payer != nullptr) tip.previous_of_payer = context.payer->last_tip;
  if (context.streamer != nullptr) tip.previous_of_streamer = context.streamer->last_tip;
  if (context.session != nullptr) tip.previous_of_session = context.session->last_tip;
  if (is_accepted) {
    tip.expire_time_ms = ExpireTimeMs(context);
    if (!tip.is_held()) {
      tip.terms = TermsOf(context.policy, *context.streamer, context.tier_name, context.amount);
    }
    NoteTipReminders(context, entry, &tip);
  } else {
    tip.retry_time_ms = TipRetryTimeMs(context, entry->View(tip.violations));
  }
  return tip;
}

}  // namespace

TipRecord DecideTip(const State& state, const TipRequest& request, Entry* entry) {
  return Decide(state, request, /*will_count=*/true, entry);
}

TipRecord CheckTip(const State& state, const TipRequest& request, Entry* entry) {
  return Decide(state, request, /*will_count=*/false, entry);
}

SessionRecord DecideOpenSession(const State& state, const SessionRequest& request, Entry* entry) {
  const Moment& now = entry->moment;
  const Streamer* const streamer = state.streamers.Find(request.streamer);
  const Tier* const tier = streamer == nullptr ? nullptr : state.policy->FindTier(streamer->tier);
  const SessionContext context{
      .now = now, .policy = *state.policy, .streamer = streamer, .tier = tier};
  SessionRecord record;
  record.action = SessionAction::kOpen;
  record.intent = request.intent;
  record.session = request.session;
  record.streamer = request.streamer;
  record.policy_version = state.policy->version;
  record.violations = entry->Open<Violation>();
  NoteViolations(SessionRules(), context, entry, &record.violations);
  record.retry_time_ms =
      RetryTimeMs(entry->View(record.violations), FactsHoldUntilMs(streamer, *state.policy));
  record.outcome = record.violations.count == 0 ? Outcome::kAccepted : Outcome::kRejected;
  if (record.outcome == Outcome::kRejected) return record;
  record.tier = tier->name;  // rule S7
  record.open_time_ms = now.time_ms;
  record.max_end_time_ms = now.time_ms + tier->session_duration_max_ms;
  record.received_max = tier->session_received_max;
  return record;
}

int64_t ObserveTimeMs(int64_t requested_ms, const Moment& now) {
  return requested_ms == 0 ? now.time_ms : std::min(requested_ms, now.time_ms);
}

SessionRecord DecideCloseSession(const State& state, const Intent& intent, const Session& session,
                                 const Entry& entry) {
  const Policy& policy = *state.policy;
  const Streamer* const streamer = state.streamers.Find(session.streamer);
  const TierName tier_name =
      TierNameOf(session, streamer == nullptr ? TierName() : streamer->tier, policy);
  const Tier* const tier = policy.FindTier(tier_name);
  SessionRecord record;
  record.action = SessionAction::kClose;
  record.intent = intent;
  record.session = session.id;
  record.streamer = session.streamer;
  record.outcome = Outcome::kAccepted;
  record.policy_version = policy.version;
  record.tier = tier_name;
  record.open_time_ms = session.open_time_ms;
  record.max_end_time_ms = MaxEndTimeMs(session, tier, policy);
  record.received = session.received;
  record.received_max = tier == nullptr ? Money() : tier->session_received_max;
  TIPGATE_CHECK(entry.moment.time_ms >= session.open_time_ms);
  return record;
}

}  // namespace tipgate
