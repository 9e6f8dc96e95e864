#include "tests/oracle/control_rules.h"

#include <algorithm>

namespace tipgate::oracle {
namespace {

bool CoversTip(const StopScope& scope, const TipQuestion& question) {
  switch (scope.kind) {
    case StopKind::kEverything:
      return true;
    case StopKind::kApp:
      return scope.app == question.app;
    case StopKind::kSession:
      return scope.id == question.session_id;
    case StopKind::kStreamer:
      return scope.id == question.streamer_id;
    case StopKind::kGift:
      return scope.id == question.gift_id;
  }
  return false;
}

}  // namespace

void TipStopped(const World& world, const TipQuestion& question, Violations& violations) {
  for (const Stop& stop : world.stops) {
    if (!CoversTip(stop.scope, question)) continue;
    violations.push_back({.code = Code::kEmergencyStop});
    return;
  }
}

void RechargeStopped(const World& world, const std::string& app, Violations& violations) {
  for (const Stop& stop : world.stops) {
    const StopScope& scope = stop.scope;
    const bool covers =
        scope.kind == StopKind::kEverything || (scope.kind == StopKind::kApp && scope.app == app);
    if (!covers) continue;
    violations.push_back({.code = Code::kEmergencyStop});
    return;
  }
}

void PayerFrozen(const World& world, int64_t payer_id, Violations& violations) {
  const auto payer = world.payers.find(payer_id);
  if (payer == world.payers.end() || payer->second.freezes.empty()) return;
  violations.push_back({.code = Code::kPayerFrozen});
}

bool IsInForce(const Sanction& sanction, int64_t now_ms) {
  return !sanction.is_lifted && (!sanction.end_ms || now_ms < *sanction.end_ms);
}

void StreamerSuspended(const World& world, int64_t now_ms, int64_t streamer_id,
                       Violations& violations) {
  bool is_suspended = false;
  bool has_end = true;
  int64_t last_end_ms = now_ms;
  for (const auto& [sanction_id, sanction] : world.sanctions) {
    if (sanction.streamer_id != streamer_id) continue;
    if (!sanction.suspends_receiving || !IsInForce(sanction, now_ms)) continue;
    is_suspended = true;
    has_end = has_end && sanction.end_ms.has_value();
    last_end_ms = std::max(last_end_ms, sanction.end_ms.value_or(now_ms));
  }
  if (!is_suspended) return;
  Violation violation{.code = Code::kStreamerSuspended};
  if (has_end) violation.retry_time_ms = last_end_ms;
  violations.push_back(violation);
}

}  // namespace tipgate::oracle
