// Policy, gifts and the clock.
#include "tests/oracle/invariant.h"
#include "tests/oracle/oracle.h"
#include "tests/oracle/tip_life.h"

namespace tipgate::oracle {

Oracle::Oracle(std::optional<int64_t> key_retention_ms) : key_retention_ms_(key_retention_ms) {}

// R13.
void Oracle::Advance(int64_t now_ms) {
  Require(now_ms >= now_ms_, "time does not go back");
  Require(world_.policy.has_value(), "there is a policy");
  now_ms_ = now_ms;
  ExpireHolds(now_ms);
}

void Oracle::ExpireHolds(int64_t due_ms) {
  ExpireHeldTips(world_, due_ms);
  for (auto& [recharge_id, recharge] : world_.recharges) {
    if (recharge.state == RechargeState::kHeld && recharge.expire_time_ms <= due_ms) {
      recharge.state = RechargeState::kExpired;
      recharge.close_time_ms = now_ms_;
    }
  }
}

void Oracle::ActivatePolicy(int64_t now_ms, const Policy& policy,
                            std::optional<int64_t> effective_ms) {
  Require(!world_.policy || now_ms >= now_ms_, "time does not go back");
  now_ms_ = now_ms;
  if (world_.policy) {
    ExpireHolds(effective_ms.value_or(now_ms));
    Require(policy.version > world_.policy->version, "versions ascend");
  }
  world_.policy = policy;
  world_.calendar.emplace(policy.time_zone);
}

// Rule V4: a catalogue of its own, which replaces the one before.
ErrorReason Oracle::PutGifts(int64_t now_ms, const std::vector<Gift>& gifts) {
  Advance(now_ms);
  constexpr int64_t kUnitPriceMax = 10'000'000'000;
  std::map<int64_t, Gift> catalogue;
  for (const Gift& gift : gifts) {
    const bool is_valid = gift.gift_id > 0 && gift.unit_price >= 1 &&
                          gift.unit_price <= kUnitPriceMax && !gift.random_reward &&
                          gift.unit_price <= world_.policy->gift_price_max;
    if (!is_valid || !catalogue.emplace(gift.gift_id, gift).second) {
      return ErrorReason::kInvalidField;
    }
  }
  world_.gifts = catalogue;
  return ErrorReason::kNone;
}

ErrorReason Oracle::CreateTimeError(int64_t now_ms, std::optional<int64_t> create_time_ms) const {
  if (!create_time_ms) return ErrorReason::kNone;
  if (*create_time_ms > now_ms + kMinuteMs) return ErrorReason::kInvalidField;
  if (key_retention_ms_ && *create_time_ms < now_ms - *key_retention_ms_) {
    return ErrorReason::kCreateTimeTooOld;
  }
  return ErrorReason::kNone;
}

}  // namespace tipgate::oracle
