// The rules about what someone has stopped: T1, T5, T8.
#pragma once

#include <cstdint>

#include "tests/oracle/world.h"

namespace tipgate::oracle {

// T1. A stop covers the tip.
void TipStopped(const World& world, const TipQuestion& question, Violations& violations);

// R1. The same for a recharge: a stop of everything, or of the app.
void RechargeStopped(const World& world, const std::string& app, Violations& violations);

// T5, R5. Frozen by a case.
void PayerFrozen(const World& world, int64_t payer_id, Violations& violations);

// Not lifted, and not over.
bool IsInForce(const Sanction& sanction, int64_t now_ms);

// T8, S2. A sanction suspends receiving.
void StreamerSuspended(const World& world, int64_t now_ms, int64_t streamer_id,
                       Violations& violations);

}  // namespace tipgate::oracle
