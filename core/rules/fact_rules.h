#pragma once

#include <cstdint>

#include "core/calendar.h"
#include "core/payer.h"
#include "core/policy.h"
#include "core/streamer.h"

namespace tipgate {

// What the facts about people mean. Unknown or outdated facts never open a door (rule F1).

// Under 18 on the local date, by birth date or band (rules T2, F2). False for whom nothing is
// known: real-name verification, which needs an age, refuses them.
bool IsMinor(const Payer* payer, const Moment& now);

// Within what a minor may pay (rule T2, profile tiered_2026): from 8 years on, with a guardian's
// consent. Null for minors who may not pay at all, and for those who are none.
const MinorLimits* LimitsOfMinor(const Payer* payer, const Policy& policy, const Moment& now);

// The first moment at which facts observed then are too old; INT64_MAX if facts do not age (rule
// F1).
int64_t OutdatedFromMs(int64_t observe_time_ms, const Policy& policy);

// Known, real-name verified, of known age, by facts that are not older than the policy wants (rules
// T4, F1).
bool IsVerified(const Payer* payer, const Policy& policy, const Moment& now);

// Known, verified, and old enough: 18, or 16-17 with guardian consent (rule T7).
bool IsAvailable(const Streamer* streamer, const Policy& policy, const Moment& now);

}  // namespace tipgate
