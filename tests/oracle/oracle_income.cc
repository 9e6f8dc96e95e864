// Income as a whole: settlement, freeze and release, manual delays.
#include "tests/oracle/oracle.h"
#include "tests/oracle/settlement.h"
#include "tests/oracle/tip_life.h"

namespace tipgate::oracle {
namespace {

bool IsWellFormed(const IncomeScope& scope, const std::string& case_reference) {
  return (scope.kind == IncomeKind::kCase) == (scope.id == 0) && !case_reference.empty();
}

// A single tip must have been accepted; of everything else there may be none.
bool IsThere(const World& world, const IncomeScope& scope) {
  return scope.kind != IncomeKind::kTip || world.tip_places.contains(scope.id);
}

// Of kCase the case alone says which.
bool Covers(const IncomeScope& scope, int64_t tip_id, const Tip& tip) {
  switch (scope.kind) {
    case IncomeKind::kTip:
      return scope.id == tip_id;
    case IncomeKind::kSession:
      return scope.id == tip.request.session_id;
    case IncomeKind::kStreamer:
      return scope.id == tip.request.streamer_id;
    case IncomeKind::kAgency:
      return scope.id == tip.agency_id;
    case IncomeKind::kCase:
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

}  // namespace

void Oracle::Settle(int64_t now_ms) {
  Advance(now_ms);
  SettleDue(world_, now_ms);
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
