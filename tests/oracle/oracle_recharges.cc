// Recharges, from authorization to capture, void or expiry.
#include "tests/oracle/invariant.h"
#include "tests/oracle/limits.h"
#include "tests/oracle/oracle.h"
#include "tests/oracle/recharge_rules.h"
#include "tests/oracle/totals.h"
#include "tests/oracle/wallet.h"

namespace tipgate::oracle {
namespace {

constexpr int64_t kRechargeMax = 100'000'000'000'000;

bool IsWellFormed(const AuthorizeRechargeRequest& request) {
  const bool hold_is_well_formed =
      !request.hold_ms || (*request.hold_ms >= kSecondMs && *request.hold_ms <= 24 * kHourMs);
  return request.payer_id > 0 && request.amount >= 1 && request.amount <= kRechargeMax &&
         hold_is_well_formed;
}

}  // namespace

// The totals after the decision, and what would pass next.
RechargeResult Oracle::TellRecharge(int64_t now_ms, int64_t recharge_id,
                                    const RechargeQuestion& question) const {
  const int64_t payer_id = question.payer_id;
  RechargeResult result{.recharge_id = recharge_id, .outcome = Outcome::kAccepted};
  result.amount = question.amount;
  result.amount_max = RechargeAmountMax(world_, now_ms, question);
  result.day_total = RechargeDayTotal(world_, now_ms, payer_id);
  result.day_left =
      LeftOf(RechargeDayLimitWithBand(world_, now_ms, payer_id).amount, result.day_total);
  result.month_total = RechargeMonthTotal(world_, now_ms, payer_id);
  result.month_left = LeftOf(world_.policy->recharge.month_limit, result.month_total);
  result.decide_time_ms = now_ms;
  result.policy_version = world_.policy->version;
  if (world_.policy->wallet_managed) result.balance = WalletBalance(world_, payer_id);
  return result;
}

RechargeResult Oracle::CheckRecharge(int64_t now_ms, const AuthorizeRechargeRequest& request) {
  Advance(now_ms);
  if (request.idempotency_key.size() > 64 || !IsWellFormed(request)) {
    return {.error = ErrorReason::kInvalidField};
  }
  const ErrorReason error = CreateTimeError(now_ms, request.create_time_ms);
  if (error != ErrorReason::kNone) return {.error = error};
  const RechargeQuestion question{request.app, request.payer_id, request.amount};
  RechargeResult result = TellRecharge(now_ms, 0, question);
  result.violations = RechargeViolations(world_, now_ms, question);
  if (!result.violations.empty()) {
    result.outcome = Outcome::kRejected;
    result.state = RechargeState::kRejected;
    result.retry_time_ms = RechargeRetryTime(world_, now_ms, question);
    return result;
  }
  result.state = RechargeState::kHeld;
  result.expire_time_ms = now_ms + request.hold_ms.value_or(world_.policy->recharge.hold_ms);
  result.day_total += request.amount;
  result.day_left -= request.amount;
  result.month_total += request.amount;
  result.month_left -= request.amount;
  return result;
}

RechargeResult Oracle::AuthorizeRecharge(int64_t now_ms, const AuthorizeRechargeRequest& request,
                                         int64_t recharge_id) {
  Advance(now_ms);
  return Once<RechargeResult>(request, IsWellFormed(request), [&]() -> RechargeResult {
    const ErrorReason error = CreateTimeError(now_ms, request.create_time_ms);
    if (error != ErrorReason::kNone) return {.error = error};
    const RechargeQuestion question{request.app, request.payer_id, request.amount};
    const Violations violations = RechargeViolations(world_, now_ms, question);
    if (!violations.empty()) {
      RechargeResult result = TellRecharge(now_ms, recharge_id, question);
      result.outcome = Outcome::kRejected;
      result.violations = violations;
      result.state = RechargeState::kRejected;
      result.retry_time_ms = RechargeRetryTime(world_, now_ms, question);
      return result;
    }
    Require(!world_.recharges.contains(recharge_id), "a recharge id is given once");
    const int64_t hold_ms = request.hold_ms.value_or(world_.policy->recharge.hold_ms);
    world_.recharges[recharge_id] = {.payer_id = request.payer_id,
                                     .amount = request.amount,
                                     .app = request.app,
                                     .day = world_.calendar->DayAt(now_ms),
                                     .month = world_.calendar->MonthAt(now_ms),
                                     .state = RechargeState::kHeld,
                                     .expire_time_ms = now_ms + hold_ms};
    world_.recharges_of_payer[request.payer_id].push_back(recharge_id);
    RechargeResult result = TellRecharge(now_ms, recharge_id, question);
    result.state = RechargeState::kHeld;
    result.expire_time_ms = now_ms + hold_ms;
    return result;
  });
}

// R12.
Recharge* Oracle::FindRecharge(int64_t now_ms, int64_t recharge_id) {
  constexpr int64_t kMemoryMs = 7 * kDayMs;
  const auto found = world_.recharges.find(recharge_id);
  if (found == world_.recharges.end()) return nullptr;
  const Recharge& recharge = found->second;
  const bool is_forgotten =
      recharge.state != RechargeState::kHeld && now_ms >= recharge.close_time_ms + kMemoryMs;
  return is_forgotten ? nullptr : &found->second;
}

// R11. The hold is gone: decided afresh, and counted in the periods of this decision.
RechargeResult Oracle::CaptureLate(int64_t now_ms, int64_t recharge_id) {
  Recharge& recharge = world_.recharges.at(recharge_id);
  const RechargeQuestion question{recharge.app, recharge.payer_id, recharge.amount};
  const Violations violations = RechargeViolations(world_, now_ms, question);
  if (violations.empty()) {
    recharge.state = RechargeState::kCaptured;
    recharge.close_time_ms = now_ms;
    recharge.adds_to_wallet = world_.policy->wallet_managed;
    recharge.day = world_.calendar->DayAt(now_ms);
    recharge.month = world_.calendar->MonthAt(now_ms);
    RechargeResult result = TellRecharge(now_ms, recharge_id, question);
    result.state = RechargeState::kCaptured;
    return result;
  }
  recharge.state = RechargeState::kReturned;
  RechargeResult result = TellRecharge(now_ms, recharge_id, question);
  result.outcome = Outcome::kRejected;
  result.violations = violations;
  result.state = RechargeState::kReturned;
  result.return_money = true;
  return result;
}

RechargeResult Oracle::CaptureRecharge(int64_t now_ms, const CaptureRechargeRequest& request) {
  Advance(now_ms);
  return Once<RechargeResult>(request, request.recharge_id > 0, [&]() -> RechargeResult {
    Recharge* const found = FindRecharge(now_ms, request.recharge_id);
    if (found == nullptr) return {.error = ErrorReason::kNotFound};
    Recharge& recharge = *found;
    if (recharge.state == RechargeState::kExpired) return CaptureLate(now_ms, request.recharge_id);
    if (recharge.state != RechargeState::kHeld) return {.error = ErrorReason::kWrongState};
    recharge.state = RechargeState::kCaptured;
    recharge.close_time_ms = now_ms;
    recharge.adds_to_wallet = world_.policy->wallet_managed;
    RechargeResult result = TellRecharge(now_ms, request.recharge_id,
                                         {recharge.app, recharge.payer_id, recharge.amount});
    result.state = RechargeState::kCaptured;
    return result;
  });
}

RechargeResult Oracle::VoidRecharge(int64_t now_ms, const VoidRechargeRequest& request) {
  Advance(now_ms);
  return Once<RechargeResult>(request, request.recharge_id > 0, [&]() -> RechargeResult {
    Recharge* const found = FindRecharge(now_ms, request.recharge_id);
    if (found == nullptr) return {.error = ErrorReason::kNotFound};
    Recharge& recharge = *found;
    if (recharge.state != RechargeState::kHeld) return {.error = ErrorReason::kWrongState};
    recharge.state = RechargeState::kVoided;
    recharge.close_time_ms = now_ms;
    RechargeResult result = TellRecharge(now_ms, request.recharge_id,
                                         {recharge.app, recharge.payer_id, recharge.amount});
    result.state = RechargeState::kVoided;
    return result;
  });
}

// Rules.md 7. What is unspent of the balance can go back, up to the recharge; the limits get
// nothing back.
RechargeResult Oracle::RefundRecharge(int64_t now_ms, const RefundRechargeRequest& request) {
  Advance(now_ms);
  const bool is_well_formed = request.recharge_id > 0 && request.amount >= 1 &&
                              !request.reason.empty() && !request.case_reference.empty();
  return Once<RechargeResult>(request, is_well_formed, [&]() -> RechargeResult {
    const auto found = world_.recharges.find(request.recharge_id);
    const bool is_known =
        found != world_.recharges.end() &&
        (found->second.adds_to_wallet || FindRecharge(now_ms, request.recharge_id) != nullptr);
    if (!is_known) return {.error = ErrorReason::kNotFound};
    Recharge& recharge = found->second;
    if (!world_.policy->wallet_managed || !recharge.adds_to_wallet ||
        request.amount > recharge.amount - recharge.refunded ||
        request.amount > WalletBalance(world_, recharge.payer_id)) {
      return {.error = ErrorReason::kWrongState};
    }
    recharge.refunded += request.amount;
    recharge.close_time_ms = now_ms;
    RechargeResult result = TellRecharge(now_ms, request.recharge_id,
                                         {recharge.app, recharge.payer_id, recharge.amount});
    result.state = recharge.state;
    result.refunded = recharge.refunded;
    return result;
  });
}

}  // namespace tipgate::oracle
