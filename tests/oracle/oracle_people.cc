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

// When facts count as observed: not later than now, however far ahead the teller's clock is.
int64_t ObserveTime(int64_t now_ms, std::optional<int64_t> told_ms) {
  return std::min(now_ms, told_ms.value_or(now_ms));
}

// What observe_time says against the clock, and against the facts that are known already.
ErrorReason ObserveTimeError(int64_t now_ms, std::optional<int64_t> told_ms,
                             std::optional<int64_t> known_ms) {
  if (told_ms && *told_ms > now_ms + kMinuteMs) return ErrorReason::kInvalidField;
  if (known_ms && *known_ms > ObserveTime(now_ms, told_ms)) return ErrorReason::kWrongState;
  return ErrorReason::kNone;
}

// P1. To pause, or to exclude oneself.
bool IsPauseDuration(int64_t duration_ms) {
  return duration_ms == 24 * kHourMs || duration_ms == 7 * kDayMs || duration_ms == 30 * kDayMs ||
         duration_ms == 42 * kDayMs ||
         (duration_ms >= 184 * kDayMs && duration_ms <= 3660 * kDayMs);
}

}  // namespace

// F3.
ChangeResult Oracle::PutPayer(int64_t now_ms, const PutPayerRequest& request) {
  Advance(now_ms);
  const PayerFacts& facts = request.facts;
  const bool is_well_formed =
      request.payer_id > 0 &&
      AgeIsWellFormed(facts.real_name_verified, facts.birth_date, facts.age_band);
  return Once<ChangeResult>(request, is_well_formed, [&]() -> ChangeResult {
    const bool has_tier =
        facts.payer_tier.empty() || world_.policy->payer_tiers.contains(facts.payer_tier);
    if (!has_tier) return {.error = ErrorReason::kInvalidField};
    const auto known = world_.payers.find(request.payer_id);
    const ErrorReason error = ObserveTimeError(
        now_ms, facts.observe_time_ms,
        known == world_.payers.end() ? std::nullopt : known->second.facts.observe_time_ms);
    if (error != ErrorReason::kNone) return {.error = error};
    PayerFacts& put = world_.payers[request.payer_id].facts;
    put = facts;
    put.observe_time_ms = ObserveTime(now_ms, facts.observe_time_ms);
    return {};
  });
}

ChangeResult Oracle::PutStreamer(int64_t now_ms, const PutStreamerRequest& request) {
  Advance(now_ms);
  const StreamerFacts& facts = request.facts;
  const bool is_well_formed =
      request.streamer_id > 0 && facts.agency_id >= 0 && facts.payer_id >= 0 &&
      AgeIsWellFormed(facts.real_name_verified, facts.birth_date, facts.age_band);
  return Once<ChangeResult>(request, is_well_formed, [&]() -> ChangeResult {
    const auto& tiers = world_.policy->tiers;
    const bool has_tier = std::any_of(tiers.begin(), tiers.end(), [&](const TierPolicy& tier) {
      return tier.name == facts.tier;
    });
    if (!has_tier) return {.error = ErrorReason::kInvalidField};
    const auto known = world_.streamers.find(request.streamer_id);
    const ErrorReason error = ObserveTimeError(
        now_ms, facts.observe_time_ms,
        known == world_.streamers.end() ? std::nullopt : known->second.facts.observe_time_ms);
    if (error != ErrorReason::kNone) return {.error = error};
    StreamerFacts& put = world_.streamers[request.streamer_id].facts;
    put = facts;
    put.observe_time_ms = ObserveTime(now_ms, facts.observe_time_ms);
    return {};
  });
}

// P2.
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
