// Payers and streamers: facts and pauses.
#include <algorithm>

#include "tests/oracle/oracle.h"

namespace tipgate::oracle {
namespace {

// An age is required of a verified person, and never told twice.
bool AgeIsWellFormed(bool real_name_verified, const std::optional<BirthDate>& birth_date,
                     AgeBand age_band) {
  const bool has_band = age_band != AgeBand::kUnknown;
  if (birth_date && has_band) return false;
  return birth_date || has_band || !real_name_verified;
}

// UK. To pause, or to exclude oneself.
bool IsPauseDuration(int64_t duration_ms) {
  return duration_ms == 24 * kHourMs || duration_ms == 7 * kDayMs || duration_ms == 30 * kDayMs ||
         duration_ms == 42 * kDayMs ||
         (duration_ms >= 184 * kDayMs && duration_ms <= 3660 * kDayMs);
}

}  // namespace

ChangeResult Oracle::PutPayer(int64_t now_ms, const PutPayerRequest& request) {
  Advance(now_ms);
  PayerFacts facts = request.facts;
  const int64_t observe_time_ms = facts.observe_time_ms.value_or(now_ms);
  facts.observe_time_ms = observe_time_ms;
  const bool is_well_formed =
      request.payer_id > 0 && observe_time_ms <= now_ms &&
      AgeIsWellFormed(facts.real_name_verified, facts.birth_date, facts.age_band) &&
      (facts.payer_tier.empty() || world_.policy->payer_tiers.contains(facts.payer_tier));
  return Once<ChangeResult>(request, is_well_formed, [&]() -> ChangeResult {
    const auto known = world_.payers.find(request.payer_id);
    if (known != world_.payers.end() && *known->second.facts.observe_time_ms > observe_time_ms) {
      return {.error = ErrorReason::kWrongState};
    }
    world_.payers[request.payer_id].facts = facts;
    return {};
  });
}

ChangeResult Oracle::PutStreamer(int64_t now_ms, const PutStreamerRequest& request) {
  Advance(now_ms);
  StreamerFacts facts = request.facts;
  const int64_t observe_time_ms = facts.observe_time_ms.value_or(now_ms);
  facts.observe_time_ms = observe_time_ms;
  const auto& tiers = world_.policy->tiers;
  const bool has_tier = std::any_of(
      tiers.begin(), tiers.end(), [&](const TierPolicy& tier) { return tier.name == facts.tier; });
  const bool is_well_formed =
      request.streamer_id > 0 && observe_time_ms <= now_ms && has_tier && facts.agency_id >= 0 &&
      facts.payer_id >= 0 &&
      AgeIsWellFormed(facts.real_name_verified, facts.birth_date, facts.age_band);
  return Once<ChangeResult>(request, is_well_formed, [&]() -> ChangeResult {
    const auto known = world_.streamers.find(request.streamer_id);
    if (known != world_.streamers.end() && *known->second.facts.observe_time_ms > observe_time_ms) {
      return {.error = ErrorReason::kWrongState};
    }
    world_.streamers[request.streamer_id].facts = facts;
    return {};
  });
}

PausePayerResult Oracle::PausePayer(int64_t now_ms, const PausePayerRequest& request) {
  Advance(now_ms);
  const bool is_well_formed = request.payer_id > 0 && IsPauseDuration(request.duration_ms);
  return Once<PausePayerResult>(request, is_well_formed, [&]() -> PausePayerResult {
    const auto payer = world_.payers.find(request.payer_id);
    if (payer == world_.payers.end()) return {.error = ErrorReason::kNotFound};
    std::optional<int64_t>& end_ms = payer->second.pause_end_ms;
    end_ms = std::max(end_ms.value_or(0), now_ms + request.duration_ms);
    return {.pause_end_ms = *end_ms};
  });
}

}  // namespace tipgate::oracle
