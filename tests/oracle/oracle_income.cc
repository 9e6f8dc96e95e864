// Income as a whole: settlement, freeze and release, manual delays.
#include <algorithm>

#include "tests/oracle/oracle.h"
#include "tests/oracle/settlement.h"
#include "tests/oracle/tip_life.h"

namespace tipgate::oracle {
namespace {

bool IsWellFormed(const IncomeScope& scope, const std::string& case_reference) {
  const bool has_id = scope.kind != IncomeKind::kCase && scope.kind != IncomeKind::kEverything;
  return has_id == (scope.id != 0) && !case_reference.empty();
}

// A single tip must have been accepted; of everything else there may be none.
bool IsThere(const World& world, const IncomeScope& scope) {
  return scope.kind != IncomeKind::kTip || world.tip_places.contains(scope.id);
}

// Of kCase the case alone says which.
bool Covers(const IncomeScope& scope, int64_t tip_id, const Tip& tip) {
  if (tip.accept_time_ms < scope.start_ms) return false;
  if (scope.end_ms != 0 && tip.accept_time_ms >= scope.end_ms) return false;
  switch (scope.kind) {
    case IncomeKind::kTip:
      return scope.id == tip_id;
    case IncomeKind::kSession:
      return scope.id == tip.request.session_id;
    case IncomeKind::kStreamer:
      return scope.id == tip.request.streamer_id;
    case IncomeKind::kAgency:
      return scope.id == tip.agency_id;
    case IncomeKind::kPayer:
      return scope.id == tip.request.payer_id;
    case IncomeKind::kCase:
    case IncomeKind::kEverything:
      return true;
  }
  return false;
}

// Rule L7.
void Freeze(Tip& tip, const std::string& case_reference, IncomeResult& result) {
  if (tip.state == TipState::kPending) {
    tip.state = TipState::kFrozen;
    ++result.count;
    result.amount += RemainingAmount(tip);
  }
  if (tip.state == TipState::kFrozen) tip.freeze_cases.insert(case_reference);
  RequireAddsUp(tip);
}

// Rule L8.
void Release(Tip& tip, const std::string& case_reference, IncomeResult& result) {
  if (tip.state != TipState::kFrozen || tip.freeze_cases.erase(case_reference) == 0) return;
  if (tip.freeze_cases.empty()) {
    tip.state = TipState::kPending;
    ++result.count;
    result.amount += RemainingAmount(tip);
  }
  RequireAddsUp(tip);
}

bool IsFrozenBy(const Tip& tip, const std::string& case_reference) {
  return tip.state == TipState::kFrozen && tip.freeze_cases.contains(case_reference);
}

// Rule L9, of an order; 0: nothing.
int64_t RefundOfOrder(const IncomeOrder& order, const Tip& tip) {
  const bool can_be_refunded = tip.state == TipState::kPending || tip.state == TipState::kFrozen ||
                               tip.state == TipState::kSettled;
  if (!can_be_refunded) return 0;
  return std::min(ShareOf(tip.amount - tip.released, order.permille), RemainingAmount(tip));
}

// Rules L7, L8, L9: whether the order changes the tip as it is now.
bool IsChanged(const IncomeOrder& order, int64_t tip_id, const Tip& tip) {
  constexpr size_t kCasesMax = 4;
  if (!Covers(order.scope, tip_id, tip)) return false;
  const bool is_of_case = IsFrozenBy(tip, order.case_reference);
  switch (order.action) {
    case OrderAction::kFreeze:
      if (tip.state == TipState::kPending) return true;
      return tip.state == TipState::kFrozen && !is_of_case && tip.freeze_cases.size() < kCasesMax;
    case OrderAction::kRelease:
      return is_of_case;
    case OrderAction::kRefund:
      if (order.scope.kind == IncomeKind::kCase && !is_of_case) return false;
      return RefundOfOrder(order, tip) > 0;
  }
  return false;
}

}  // namespace

void Oracle::Settle(int64_t now_ms) {
  Advance(now_ms);
  SettleDue(world_, now_ms);
}

IncomeResult Oracle::SettleTips(int64_t now_ms, const std::vector<int64_t>& tip_ids) {
  Advance(now_ms);
  IncomeResult result;
  for (const int64_t tip_id : tip_ids) {
    Tip* tip = FindTip(tip_id);
    const bool is_due =
        tip != nullptr && tip->state == TipState::kPending && tip->settle_time_ms <= now_ms;
    if (!is_due) return {.error = ErrorReason::kWrongState};
    ++result.count;
    result.amount += RemainingAmount(*tip);
    SettleTip(world_, *tip);
  }
  return result;
}

std::vector<int64_t> Oracle::TipsOfOrder(int64_t now_ms, const IncomeOrder& order) {
  Advance(now_ms);
  std::vector<int64_t> tip_ids;
  for (const auto& [tip_id, place] : world_.tip_places) {
    if (IsChanged(order, tip_id, world_.tips[place])) tip_ids.push_back(tip_id);
  }
  return tip_ids;
}

IncomeResult Oracle::CarryOut(int64_t now_ms, const IncomeOrder& order, int64_t tip_id) {
  Advance(now_ms);
  Tip* tip = FindTip(tip_id);
  if (tip == nullptr || !IsChanged(order, tip_id, *tip)) {
    return {.error = ErrorReason::kWrongState};
  }
  IncomeResult result;
  switch (order.action) {
    case OrderAction::kFreeze:
      Freeze(*tip, order.case_reference, result);
      break;
    case OrderAction::kRelease:
      Release(*tip, order.case_reference, result);
      break;
    case OrderAction::kRefund:
      result = {.count = 1, .amount = RefundOfOrder(order, *tip)};
      AddRefund(*tip, result.amount);
      break;
  }
  return result;
}

IncomeResult Oracle::FreezeIncome(int64_t now_ms, const FreezeIncomeRequest& request) {
  Advance(now_ms);
  const bool is_well_formed = IsWellFormed(request.scope, request.case_reference) &&
                              request.scope.kind != IncomeKind::kCase;
  return Once<IncomeResult>(request, is_well_formed, [&]() -> IncomeResult {
    if (!IsThere(world_, request.scope)) return {.error = ErrorReason::kNotFound};
    IncomeResult result;
    for (const auto& [tip_id, place] : world_.tip_places) {
      Tip& tip = world_.tips[place];
      if (Covers(request.scope, tip_id, tip)) Freeze(tip, request.case_reference, result);
    }
    return result;
  });
}

IncomeResult Oracle::ReleaseIncome(int64_t now_ms, const ReleaseIncomeRequest& request) {
  Advance(now_ms);
  const bool is_well_formed = IsWellFormed(request.scope, request.case_reference);
  return Once<IncomeResult>(request, is_well_formed, [&]() -> IncomeResult {
    if (!IsThere(world_, request.scope)) return {.error = ErrorReason::kNotFound};
    IncomeResult result;
    for (const auto& [tip_id, place] : world_.tip_places) {
      Tip& tip = world_.tips[place];
      if (Covers(request.scope, tip_id, tip)) Release(tip, request.case_reference, result);
    }
    return result;
  });
}

// Rule I3.
ChangeResult Oracle::SetManualDelay(int64_t now_ms, const SetManualDelayRequest& request) {
  Advance(now_ms);
  const bool is_well_formed = request.streamer_id > 0 && request.delay_ms >= 0;
  return Once<ChangeResult>(request, is_well_formed, [&]() -> ChangeResult {
    if (!world_.streamers.contains(request.streamer_id)) return {.error = ErrorReason::kNotFound};
    world_.manual_delays_ms[request.streamer_id] = request.delay_ms;
    return {};
  });
}

}  // namespace tipgate::oracle
