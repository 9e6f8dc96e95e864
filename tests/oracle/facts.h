// What facts about people mean at a moment (rules.md 1).
#pragma once

#include <cstdint>
#include <optional>

#include "tests/oracle/world.h"

namespace tipgate::oracle {

// F2. By the birth date, else by the band that was told.
AgeBand AgeBandOf(const World& world, int64_t now_ms, const PayerFacts& facts);

// F1. Verified, and not by facts older than facts_max_age.
bool PayerIsVerified(const World& world, int64_t now_ms, int64_t payer_id);

// The band of a payer; unknown for an unknown payer.
AgeBand PayerAgeBand(const World& world, int64_t now_ms, int64_t payer_id);

// The limits of the payer's band, where the profile tiered_2026 has some for it and a guardian has
// consented.
std::optional<MinorLimits> BandLimits(const World& world, int64_t now_ms, int64_t payer_id);

// T7. Known, verified by facts that are not too old, and 18 or 16 with consent.
bool StreamerIsAvailable(const World& world, int64_t now_ms, int64_t streamer_id);

// The tier of the policy in force that the streamer's facts name; null if there is none.
const TierPolicy* TierOf(const World& world, int64_t streamer_id);

// What the policy in force says of a session's tier, which is the streamer's at its opening, or
// that of now where the policy applies tier changes at once; null if the policy has no such tier
// any more.
const TierPolicy* SessionTier(const World& world, const Session& session);
// The cap; 0 without a tier.
int64_t SessionReceivedMax(const World& world, const Session& session);
// Fixed at the opening, unless the policy applies tier changes at once.
int64_t SessionMaxEnd(const World& world, const Session& session);
// Closed so long ago that it counts as unknown.
bool SessionIsForgotten(const Session& session, int64_t now_ms);

}  // namespace tipgate::oracle
