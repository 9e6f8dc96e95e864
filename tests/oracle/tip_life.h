// The life of an accepted tip (rules.md 6): at each moment amount = released + refunded +
// remaining, and what remains is in the state that the tip is in.
#pragma once

#include <cstdint>

#include "tests/oracle/world.h"

namespace tipgate::oracle {

// Sum of the refunds of a tip.
int64_t RefundedAmount(const Tip& tip);

// What is neither released nor refunded.
int64_t RemainingAmount(const Tip& tip);

// Void, expiry, and what a capture leaves: the amount goes back to the payer, and to every limit if
// the policy says so.
void ReleaseAmount(World& world, Tip& tip, int64_t amount);

// What remains waits for its settle time from now on.
void MakePending(const World& world, Tip& tip, int64_t now_ms);

// Voids every held tip whose time is over.
void ExpireHeldTips(World& world, int64_t now_ms);

// Throws if the tip breaks an invariant.
void RequireAddsUp(const Tip& tip);

}  // namespace tipgate::oracle
