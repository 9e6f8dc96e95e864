#include "tests/oracle/tip_rules.h"

#include "tests/oracle/confirmation_rules.h"
#include "tests/oracle/control_rules.h"
#include "tests/oracle/cooling_off.h"
#include "tests/oracle/facts.h"
#include "tests/oracle/limits.h"
#include "tests/oracle/payer_rules.h"
#include "tests/oracle/search.h"
#include "tests/oracle/totals.h"
#include "tests/oracle/wallet.h"

namespace tipgate::oracle {
namespace {

// The session that the tip names, if the gate still knows it and it is the streamer's own.
const Session* OwnSession(const World& world, int64_t now_ms, const TipQuestion& question) {
  const auto found = world.sessions.find(question.session_id);
  if (found == world.sessions.end() || SessionIsForgotten(found->second, now_ms)) return nullptr;
  return found->second.streamer_id == question.streamer_id ? &found->second : nullptr;
}

void StreamerUnavailable(const World& world, int64_t now_ms, const TipQuestion& question,
                         Violations& violations) {  // T7
  if (StreamerIsAvailable(world, now_ms, question.streamer_id)) return;
  violations.push_back({.code = Code::kStreamerUnavailable});
}

void SessionNotOpen(const World& world, int64_t now_ms, const TipQuestion& question,
                    Violations& violations) {  // T9
  const Session* session = OwnSession(world, now_ms, question);
  if (session != nullptr && !session->close_time_ms) return;
  violations.push_back({.code = Code::kSessionNotOpen});
}

void SessionOvertime(const World& world, int64_t now_ms, const TipQuestion& question,
                     Violations& violations) {  // T10
  const Session* session = OwnSession(world, now_ms, question);
  if (session == nullptr || now_ms < SessionMaxEnd(world, *session)) return;
  violations.push_back({.code = Code::kSessionOvertime});
}

void SelfTip(const World& world, const TipQuestion& question, Violations& violations) {  // T11
  const auto streamer = world.streamers.find(question.streamer_id);
  if (streamer == world.streamers.end()) return;
  if (streamer->second.facts.payer_id != question.payer_id) return;
  violations.push_back({.code = Code::kSelfTip});
}

void GiftUnknown(const World& world, const TipQuestion& question,
                 Violations& violations) {  // T12
  const auto gift = world.gifts.find(question.gift_id);
  if (gift == world.gifts.end() || gift->second.is_disabled) {
    violations.push_back({.code = Code::kGiftUnknown});
  } else if (gift->second.unit_price != question.unit_price) {
    violations.push_back({.code = Code::kGiftUnknown,
                          .origin = LimitOrigin::kPolicy,
                          .limit = gift->second.unit_price,
                          .requested = question.unit_price});
  }
}

void GiftPriceCap(const World& world, const TipQuestion& question,
                  Violations& violations) {  // T13
  if (question.unit_price <= world.policy->gift_price_max) return;
  violations.push_back({.code = Code::kGiftPriceCap,
                        .origin = LimitOrigin::kPolicy,
                        .limit = world.policy->gift_price_max,
                        .requested = question.unit_price});
}

void TipCap(const World& world, int64_t now_ms, const TipQuestion& question,
            Violations& violations) {  // T14
  const auto refuses_at = [&](int64_t time_ms) {
    return question.amount > TipMax(world, time_ms, question.payer_id).amount;
  };
  if (!refuses_at(now_ms)) return;
  const EffectiveLimit limit = TipMax(world, now_ms, question.payer_id);
  violations.push_back(
      {.code = Code::kTipCap,
       .origin = limit.origin,
       .limit = limit.amount,
       .requested = question.amount,
       .retry_time_ms = FirstCure(now_ms, RaiseTimes(world, question.payer_id), refuses_at)});
}

void DayLimitPassed(const World& world, int64_t now_ms, const TipQuestion& question,
                    Violations& violations) {  // T16
  const auto refuses_at = [&](int64_t time_ms) {
    return TipDayTotal(world, time_ms, question.payer_id) + question.amount >
           DayLimit(world, time_ms, question.payer_id).amount;
  };
  if (!refuses_at(now_ms)) return;
  std::vector<int64_t> times_ms = RaiseTimes(world, question.payer_id);
  times_ms.push_back(world.calendar->NextDayStart(now_ms));
  const EffectiveLimit limit = DayLimit(world, now_ms, question.payer_id);
  violations.push_back({.code = Code::kDayLimit,
                        .origin = limit.origin,
                        .limit = limit.amount,
                        .used = TipDayTotal(world, now_ms, question.payer_id),
                        .requested = question.amount,
                        .retry_time_ms = FirstCure(now_ms, times_ms, refuses_at)});
}

void MonthLimitPassed(const World& world, int64_t now_ms, const TipQuestion& question,
                      Violations& violations) {  // T17
  const auto refuses_at = [&](int64_t time_ms) {
    return TipMonthTotal(world, time_ms, question.payer_id) + question.amount >
           MonthLimit(world, time_ms, question.payer_id).amount;
  };
  if (!refuses_at(now_ms)) return;
  std::vector<int64_t> times_ms = RaiseTimes(world, question.payer_id);
  times_ms.push_back(world.calendar->NextMonthStart(now_ms));
  const EffectiveLimit limit = MonthLimit(world, now_ms, question.payer_id);
  violations.push_back({.code = Code::kMonthLimit,
                        .origin = limit.origin,
                        .limit = limit.amount,
                        .used = TipMonthTotal(world, now_ms, question.payer_id),
                        .requested = question.amount,
                        .retry_time_ms = FirstCure(now_ms, times_ms, refuses_at)});
}

void SessionCap(const World& world, int64_t now_ms, const TipQuestion& question,
                Violations& violations) {  // T19
  const Session* session = OwnSession(world, now_ms, question);
  if (session == nullptr) return;
  const int64_t limit = SessionReceivedMax(world, *session);
  const int64_t received = SessionTotal(world, question.session_id);
  if (received + question.amount <= limit) return;
  violations.push_back({.code = Code::kSessionCap,
                        .origin = LimitOrigin::kTier,
                        .limit = limit,
                        .used = received,
                        .requested = question.amount});
}

// That threshold, or one above it, in this period.
bool WasTold(const World& world, int64_t now_ms, int64_t payer_id, const Reminder& reminder) {
  const auto places = world.tips_of_payer.find(payer_id);
  if (places == world.tips_of_payer.end()) return false;
  for (const std::size_t place : places->second) {
    const Tip& tip = world.tips[place];
    const bool is_this_period = reminder.period == Period::kDay
                                    ? tip.day == world.calendar->DayAt(now_ms)
                                    : tip.month == world.calendar->MonthAt(now_ms);
    if (!is_this_period) continue;
    for (const Reminder& told : tip.reminders) {
      if (told.period == reminder.period && told.permille >= reminder.permille) return true;
    }
  }
  return false;
}

// Rules.md 3. The thresholds, in exact thousandths, that the total reaches from below.
std::vector<Reminder> Reached(const World& world, Period period, int64_t limit, int64_t total,
                              int64_t amount) {
  std::vector<Reminder> reached;
  for (const int permille : world.policy->reminder_permille) {
    const bool was_below = total * 1000 < limit * permille;
    const bool is_below = (total + amount) * 1000 < limit * permille;
    if (was_below && !is_below) reached.push_back({period, permille});
  }
  return reached;
}

}  // namespace

Violations TipViolations(const World& world, int64_t now_ms, const TipQuestion& question) {
  Violations violations;
  const auto day_total_at = [&](int64_t time_ms) {
    return TipDayTotal(world, time_ms, question.payer_id);
  };
  TipStopped(world, question, violations);
  MinorBlocked(world, now_ms, question.payer_id, question.amount, day_total_at, violations);
  YouthMode(world, question.payer_id, violations);
  RealNameRequired(world, now_ms, question.payer_id, violations);
  PayerFrozen(world, question.payer_id, violations);
  PayerPaused(world, now_ms, question.payer_id, violations);
  StreamerUnavailable(world, now_ms, question, violations);
  StreamerSuspended(world, now_ms, question.streamer_id, violations);
  SessionNotOpen(world, now_ms, question, violations);
  SessionOvertime(world, now_ms, question, violations);
  SelfTip(world, question, violations);
  GiftUnknown(world, question, violations);
  GiftPriceCap(world, question, violations);
  TipCap(world, now_ms, question, violations);
  CoolingOffStands(world, now_ms, question.payer_id, violations);
  DayLimitPassed(world, now_ms, question, violations);
  MonthLimitPassed(world, now_ms, question, violations);
  ConfirmationRequired(world, now_ms, question, violations);
  SessionCap(world, now_ms, question, violations);
  InsufficientBalance(world, question.payer_id, question.amount, violations);
  return violations;
}

int64_t TipAmountMax(const World& world, int64_t now_ms, TipQuestion question) {
  return LargestPassing(world.policy->tip_max, [&](int64_t amount) {
    question.amount = amount;
    return TipViolations(world, now_ms, question).empty();
  });
}

std::optional<int64_t> TipRetryTime(const World& world, int64_t now_ms, TipQuestion question) {
  question.age_time_ms = now_ms;
  return RetryTime(now_ms,
                   [&](int64_t time_ms) { return TipViolations(world, time_ms, question); });
}

// W1, W2, W3.
std::vector<Reminder> RemindersOf(const World& world, int64_t now_ms, const TipQuestion& question) {
  const int64_t payer_id = question.payer_id;
  if (!world.payers.at(payer_id).reminders_are_on) return {};
  std::vector<Reminder> reached =
      Reached(world, Period::kDay, DayLimitWithBand(world, now_ms, payer_id).amount,
              TipDayTotal(world, now_ms, payer_id), question.amount);
  const std::vector<Reminder> reached_of_month =
      Reached(world, Period::kMonth, MonthLimit(world, now_ms, payer_id).amount,
              TipMonthTotal(world, now_ms, payer_id), question.amount);
  reached.insert(reached.end(), reached_of_month.begin(), reached_of_month.end());
  std::vector<Reminder> reminders;
  for (const Reminder& reminder : reached) {
    if (!WasTold(world, now_ms, payer_id, reminder)) reminders.push_back(reminder);
  }
  return reminders;
}

}  // namespace tipgate::oracle
