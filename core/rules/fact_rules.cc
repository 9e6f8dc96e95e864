#include "core/rules/fact_rules.h"

#include <limits>

namespace tipgate {
namespace {

bool IsOutdated(int64_t observe_time_ms, const Policy& policy, const Moment& now) {
  return now.time_ms >= OutdatedFromMs(observe_time_ms, policy);
}

bool IsUnder18(AgeBand band) {
  switch (band) {
    case AgeBand::kUnder8:
    case AgeBand::k8To15:
    case AgeBand::k16To17:
      return true;
    case AgeBand::kUnknown:
    case AgeBand::kAdult:
      return false;
  }
  return true;
}

}  // namespace

int64_t OutdatedFromMs(int64_t observe_time_ms, const Policy& policy) {
  if (policy.facts_max_age_ms == 0) return std::numeric_limits<int64_t>::max();
  return observe_time_ms + policy.facts_max_age_ms + 1;
}

bool IsMinor(const Payer* payer, const Moment& now) {
  return payer != nullptr && IsUnder18(payer->age.BandOn(now.day));
}

const MinorLimits* LimitsOfMinor(const Payer* payer, const Policy& policy, const Moment& now) {
  if (policy.minor_profile == MinorProfile::kStrict) return nullptr;
  if (payer == nullptr || !payer->has_guardian_consent) return nullptr;
  switch (payer->age.BandOn(now.day)) {
    case AgeBand::k8To15:
      return &policy.limits_8_to_15;
    case AgeBand::k16To17:
      return &policy.limits_16_to_17;
    case AgeBand::kUnknown:
    case AgeBand::kUnder8:
    case AgeBand::kAdult:
      return nullptr;
  }
  return nullptr;
}

bool IsVerified(const Payer* payer, const Policy& policy, const Moment& now) {
  return payer != nullptr && payer->is_verified && payer->age.is_known() &&
         !IsOutdated(payer->observe_time_ms, policy, now);
}

bool IsAvailable(const Streamer* streamer, const Policy& policy, const Moment& now) {
  if (streamer == nullptr || !streamer->is_verified) return false;
  if (IsOutdated(streamer->observe_time_ms, policy, now)) return false;
  const AgeBand band = streamer->age.BandOn(now.day);
  return band == AgeBand::kAdult || (band == AgeBand::k16To17 && streamer->has_guardian_consent);
}

}  // namespace tipgate
