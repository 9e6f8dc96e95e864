// Deciding on tips.
#include <algorithm>

#include "tests/oracle/cooling_off.h"
#include "tests/oracle/invariant.h"
#include "tests/oracle/limits.h"
#include "tests/oracle/oracle.h"
#include "tests/oracle/settlement.h"
#include "tests/oracle/tip_life.h"
#include "tests/oracle/tip_rules.h"
#include "tests/oracle/totals.h"
#include "tests/oracle/wallet.h"

namespace tipgate::oracle {
namespace {

constexpr int64_t kUnitPriceMax = 10'000'000'000;
constexpr int64_t kCountMax = 9'999;

// A hold lasts 1 s .. 24 h, and nobody says how long who does not ask for one.
bool HoldIsWellFormed(const TipRequest& request) {
  if (!request.hold_ttl_ms) return true;
  return request.hold && *request.hold_ttl_ms >= kSecondMs && *request.hold_ttl_ms <= 24 * kHourMs;
}

bool IsWellFormed(const TipRequest& request) {
  return request.payer_id > 0 && request.streamer_id > 0 && request.session_id > 0 &&
         request.gift_id > 0 && request.unit_price >= 1 && request.unit_price <= kUnitPriceMax &&
         request.count >= 1 && request.count <= kCountMax && HoldIsWellFormed(request);
}

TipQuestion QuestionOf(const TipRequest& request) {
  return {.app = request.app,
          .payer_id = request.payer_id,
          .streamer_id = request.streamer_id,
          .session_id = request.session_id,
          .gift_id = request.gift_id,
          .unit_price = request.unit_price,
          .amount = request.unit_price * request.count};
}

// When the hold expires, if the tip is held: because that was asked for, because a cooling-off
// holds (T15), or for both; then the longer one counts.
std::optional<int64_t> ExpireTime(const World& world, int64_t now_ms, const TipRequest& request) {
  const Policy& policy = *world.policy;
  std::optional<int64_t> hold_ms;
  if (request.hold) hold_ms = request.hold_ttl_ms.value_or(policy.tip_hold_ttl_ms);
  if (!CoolingOffBlocks(world) && CoolingOffEnd(world, now_ms, request.payer_id)) {
    hold_ms = std::max(hold_ms.value_or(0), policy.cooling_off->hold_ttl_ms);
  }
  return hold_ms ? std::optional<int64_t>(now_ms + *hold_ms) : std::nullopt;
}

}  // namespace

void Oracle::TellTotals(int64_t now_ms, const TipQuestion& question, TipResult& result) const {
  const int64_t payer_id = question.payer_id;
  result.amount_max = TipAmountMax(world_, now_ms, question);
  result.count_max = std::min(kCountMax, result.amount_max / question.unit_price);
  result.day_total = TipDayTotal(world_, now_ms, payer_id);
  result.day_left = LeftOf(DayLimitWithBand(world_, now_ms, payer_id).amount, result.day_total);
  result.month_total = TipMonthTotal(world_, now_ms, payer_id);
  result.month_left = LeftOf(MonthLimit(world_, now_ms, payer_id).amount, result.month_total);
  if (world_.policy->wallet_managed) result.balance = WalletBalance(world_, payer_id);
}

TipResult Oracle::DecideTip(int64_t now_ms, const TipRequest& request) const {
  const TipQuestion question = QuestionOf(request);
  TipResult result{
      .outcome = Outcome::kRejected,
      .violations = TipViolations(world_, now_ms, question),
      .amount = question.amount,
      .decide_time_ms = now_ms,
      .policy_version = world_.policy->version,
  };
  if (!result.violations.empty()) {
    result.retry_time_ms = TipRetryTime(world_, now_ms, question);
    return result;
  }
  result.outcome = Outcome::kAccepted;
  result.reminders = RemindersOf(world_, now_ms, question);
  result.cooling_off_end_ms = CoolingOffAfter(world_, now_ms, question.payer_id, question.amount);
  result.expire_time_ms = ExpireTime(world_, now_ms, request);
  if (!result.expire_time_ms) {
    result.settle_time_ms = now_ms + SettleDelay(world_, request.session_id, question.amount);
  }
  return result;
}

void Oracle::CountTip(int64_t now_ms, const TipRequest& request, const TipResult& result) {
  const bool has_window = world_.policy->cooling_off && world_.policy->cooling_off->window_ms > 0;
  if (has_window) MakeRoomInWindow(world_, now_ms, request.payer_id);
  const std::size_t place = world_.tips.size();
  Require(world_.tip_places.emplace(result.tip_id, place).second, "a tip id is given once");
  world_.tips.push_back({
      .request = request,
      .amount = result.amount,
      .accept_time_ms = now_ms,
      .day = world_.calendar->DayAt(now_ms),
      .month = world_.calendar->MonthAt(now_ms),
      .reminders = result.reminders,
      .enters_window = has_window,
      .is_paid_from_wallet = world_.policy->wallet_managed,
      .state = TipState::kHeld,
      .expire_time_ms = result.expire_time_ms.value_or(now_ms),
  });
  Tip& tip = world_.tips.back();
  if (!result.expire_time_ms) MakePending(world_, tip, now_ms);
  world_.tips_of_payer[request.payer_id].push_back(place);
  world_.tips_of_session[request.session_id].push_back(place);
  if (result.cooling_off_end_ms) {
    world_.cooling_offs.push_back({request.payer_id, *result.cooling_off_end_ms});
  }
}

TipResult Oracle::AuthorizeTip(int64_t now_ms, const TipRequest& request, int64_t tip_id) {
  Advance(now_ms);
  return Once<TipResult>(request, IsWellFormed(request), [&]() -> TipResult {
    const ErrorReason error = CreateTimeError(now_ms, request.create_time_ms);
    if (error != ErrorReason::kNone) return {.error = error};
    TipResult result = DecideTip(now_ms, request);
    result.tip_id = tip_id;
    if (result.outcome == Outcome::kAccepted) {
      CountTip(now_ms, request, result);
    } else {
      ++world_.tips_rejected;
    }
    TellTotals(now_ms, QuestionOf(request), result);
    return result;
  });
}

TipResult Oracle::CheckTip(int64_t now_ms, const TipRequest& request) {
  Advance(now_ms);
  if (request.idempotency_key.size() > 64 || !IsWellFormed(request)) {
    return {.error = ErrorReason::kInvalidField};
  }
  const ErrorReason error = CreateTimeError(now_ms, request.create_time_ms);
  if (error != ErrorReason::kNone) return {.error = error};
  TipResult result = DecideTip(now_ms, request);
  const TipQuestion question = QuestionOf(request);
  TellTotals(now_ms, question, result);
  if (result.outcome == Outcome::kAccepted) {
    result.day_total += question.amount;
    result.day_left -= question.amount;
    result.month_total += question.amount;
    result.month_left -= question.amount;
    if (result.balance) *result.balance -= question.amount;
  }
  return result;
}

}  // namespace tipgate::oracle
