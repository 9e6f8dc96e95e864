// What becomes of accepted tips: capture, void, refund.
#include "tests/oracle/limits.h"
#include "tests/oracle/oracle.h"
#include "tests/oracle/settlement.h"
#include "tests/oracle/tip_life.h"
#include "tests/oracle/totals.h"

namespace tipgate::oracle {
namespace {

TipLifeResult ResultOf(const Tip& tip) {
  TipLifeResult result{.outcome = Outcome::kAccepted, .state = tip.state};
  result.amount = RemainingAmount(tip);
  result.released = tip.released;
  result.refunded = RefundedAmount(tip);
  if (tip.state == TipState::kPending) result.settle_time_ms = tip.settle_time_ms;
  return result;
}

void AboveSelfLimit(Code code, std::optional<int64_t> limit, int64_t used, int64_t amount,
                    Violations& violations) {
  if (!limit || used + amount <= *limit) return;
  violations.push_back({.code = code,
                        .origin = LimitOrigin::kSelf,
                        .limit = *limit,
                        .used = used,
                        .requested = amount});
}

// Rule L4. Lowering works at once, also for holds that are not captured yet; no other rule is
// asked again.
Violations CaptureViolations(const World& world, int64_t now_ms, const Tip& tip, int64_t amount) {
  Violations violations;
  const int64_t payer_id = tip.request.payer_id;
  const SelfLimits& self = world.payers.at(payer_id).self;
  AboveSelfLimit(Code::kTipCap, SelfLimitAt(self.tip_max, now_ms), 0, amount, violations);
  int64_t day_used = 0;  // In the periods of its acceptance, as long as they run.
  int64_t month_used = 0;
  if (tip.day == world.calendar->DayAt(now_ms)) {
    day_used = TipDayTotal(world, now_ms, payer_id) - tip.amount;
  }
  if (tip.month == world.calendar->MonthAt(now_ms)) {
    month_used = TipMonthTotal(world, now_ms, payer_id) - tip.amount;
  }
  AboveSelfLimit(Code::kDayLimit, SelfLimitAt(self.day, now_ms), day_used, amount, violations);
  AboveSelfLimit(Code::kMonthLimit, SelfLimitAt(self.month, now_ms), month_used, amount,
                 violations);
  return violations;
}

}  // namespace

Tip* Oracle::FindTip(int64_t tip_id) {
  const auto place = world_.tip_places.find(tip_id);
  return place == world_.tip_places.end() ? nullptr : &world_.tips[place->second];
}

TipLifeResult Oracle::CaptureTip(int64_t now_ms, const CaptureTipRequest& request) {
  Advance(now_ms);
  const bool is_well_formed = request.tip_id > 0 && request.amount.value_or(1) >= 1;
  return Once<TipLifeResult>(request, is_well_formed, [&]() -> TipLifeResult {
    Tip* tip = FindTip(request.tip_id);
    if (tip == nullptr) return {.error = ErrorReason::kNotFound};
    const int64_t amount = request.amount.value_or(tip->amount);
    if (tip->state != TipState::kHeld || amount > tip->amount) {
      return {.error = ErrorReason::kWrongState};
    }
    const Violations violations = CaptureViolations(world_, now_ms, *tip, amount);
    if (!violations.empty()) {
      TipLifeResult result = ResultOf(*tip);
      result.outcome = Outcome::kRejected;
      result.violations = violations;
      return result;
    }
    ReleaseAmount(world_, *tip, tip->amount - amount);
    MakePending(world_, *tip, now_ms);
    return ResultOf(*tip);
  });
}

// Rule L5.
TipLifeResult Oracle::VoidTip(int64_t now_ms, const VoidTipRequest& request) {
  Advance(now_ms);
  return Once<TipLifeResult>(request, request.tip_id > 0, [&]() -> TipLifeResult {
    Tip* tip = FindTip(request.tip_id);
    if (tip == nullptr) return {.error = ErrorReason::kNotFound};
    const bool is_in_remorse =
        tip->state == TipState::kPending && now_ms < tip->remorse_end_ms && tip->refunds.empty();
    if (tip->state != TipState::kHeld && !is_in_remorse) {
      return {.error = ErrorReason::kWrongState};
    }
    ReleaseAmount(world_, *tip, RemainingAmount(*tip));
    return ResultOf(*tip);
  });
}

// Rule L9.
TipLifeResult Oracle::RefundTip(int64_t now_ms, const RefundTipRequest& request) {
  Advance(now_ms);
  const bool has_one = request.amount.has_value() != request.permille.has_value();
  const bool is_well_formed = request.tip_id > 0 && has_one && request.amount.value_or(1) >= 1 &&
                              request.permille.value_or(1) >= 1 &&
                              request.permille.value_or(1) <= 1000 && !request.reason.empty() &&
                              !request.case_reference.empty();
  return Once<TipLifeResult>(request, is_well_formed, [&]() -> TipLifeResult {
    Tip* tip = FindTip(request.tip_id);
    if (tip == nullptr) return {.error = ErrorReason::kNotFound};
    const bool can_be_refunded = tip->state == TipState::kPending ||
                                 tip->state == TipState::kFrozen ||
                                 tip->state == TipState::kSettled;
    const int64_t amount =
        request.amount ? *request.amount : ShareOf(tip->amount - tip->released, *request.permille);
    if (!can_be_refunded || amount < 1 || amount > RemainingAmount(*tip)) {
      return {.error = ErrorReason::kWrongState};
    }
    AddRefund(*tip, amount);
    return ResultOf(*tip);
  });
}

}  // namespace tipgate::oracle
