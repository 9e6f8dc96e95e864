#include "tests/oracle/facts.h"

namespace tipgate::oracle {
namespace {

AgeBand BandOfYears(int years) {
  if (years < 8) return AgeBand::kUnder8;
  if (years < 16) return AgeBand::k8To15;
  if (years < 18) return AgeBand::k16To17;
  return AgeBand::kAdult;
}

AgeBand Band(const World& world, int64_t now_ms, const std::optional<BirthDate>& birth_date,
             AgeBand told) {
  if (!birth_date) return told;
  return BandOfYears(world.calendar->AgeAt(*birth_date, now_ms));
}

// F1. Older than, not as old as.
bool IsTooOld(const World& world, int64_t now_ms, int64_t observe_time_ms) {
  const std::optional<int64_t> max_age_ms = world.policy->facts_max_age_ms;
  return max_age_ms && now_ms - observe_time_ms > *max_age_ms;
}

const TierPolicy* FindTier(const World& world, const std::string& name) {
  for (const TierPolicy& tier : world.policy->tiers) {
    if (tier.name == name) return &tier;
  }
  return nullptr;
}

}  // namespace

AgeBand AgeBandOf(const World& world, int64_t now_ms, const PayerFacts& facts) {
  return Band(world, now_ms, facts.birth_date, facts.age_band);
}

bool PayerIsVerified(const World& world, int64_t now_ms, int64_t payer_id) {
  const auto found = world.payers.find(payer_id);
  if (found == world.payers.end()) return false;
  const PayerFacts& facts = found->second.facts;
  return facts.real_name_verified && !IsTooOld(world, now_ms, *facts.observe_time_ms);
}

AgeBand PayerAgeBand(const World& world, int64_t now_ms, int64_t payer_id) {
  const auto found = world.payers.find(payer_id);
  if (found == world.payers.end()) return AgeBand::kUnknown;
  return AgeBandOf(world, now_ms, found->second.facts);
}

std::optional<MinorLimits> BandLimits(const World& world, int64_t now_ms, int64_t payer_id) {
  const MinorPolicy& minors = world.policy->minors;
  const auto payer = world.payers.find(payer_id);
  if (payer == world.payers.end() || !payer->second.facts.guardian_consent) return std::nullopt;
  if (minors.profile != MinorProfile::kTiered2026) return std::nullopt;
  const AgeBand band = PayerAgeBand(world, now_ms, payer_id);
  if (band == AgeBand::k8To15) return minors.age_8_to_15;
  if (band == AgeBand::k16To17) return minors.age_16_to_17;
  return std::nullopt;
}

bool StreamerIsAvailable(const World& world, int64_t now_ms, int64_t streamer_id) {
  const auto found = world.streamers.find(streamer_id);
  if (found == world.streamers.end()) return false;
  const StreamerFacts& facts = found->second.facts;
  if (!facts.real_name_verified || IsTooOld(world, now_ms, *facts.observe_time_ms)) return false;
  const AgeBand band = Band(world, now_ms, facts.birth_date, facts.age_band);
  return band == AgeBand::kAdult || (band == AgeBand::k16To17 && facts.guardian_consent);
}

const TierPolicy* TierOf(const World& world, int64_t streamer_id) {
  const auto found = world.streamers.find(streamer_id);
  if (found == world.streamers.end()) return nullptr;
  return FindTier(world, found->second.facts.tier);
}

const TierPolicy* SessionTier(const World& world, const Session& session) {
  if (world.policy->tier_change_at_once) return TierOf(world, session.streamer_id);
  return FindTier(world, session.tier.name);
}

int64_t SessionReceivedMax(const World& world, const Session& session) {
  const TierPolicy* tier = SessionTier(world, session);
  return tier == nullptr ? 0 : tier->session_received_max;
}

int64_t SessionMaxEnd(const World& world, const Session& session) {
  const TierPolicy* tier = SessionTier(world, session);
  const bool is_of_now = world.policy->tier_change_at_once && tier != nullptr;
  return session.open_time_ms + (is_of_now ? tier : &session.tier)->session_duration_max_ms;
}

// S8.
bool SessionIsForgotten(const Session& session, int64_t now_ms) {
  constexpr int64_t kMemoryMs = 31 * kDayMs;
  return session.close_time_ms && now_ms >= *session.close_time_ms + kMemoryMs;
}

}  // namespace tipgate::oracle
