// T15: the pause that large or many tips bring (rules.md 5).
#pragma once

#include <cstdint>
#include <optional>

#include "tests/oracle/world.h"

namespace tipgate::oracle {

// When the payer's cooling-off ends; none if there is none at that time.
std::optional<int64_t> CoolingOffEnd(const World& world, int64_t now_ms, int64_t payer_id);

// True if tips are refused in a cooling-off, false if they are held instead.
bool CoolingOffBlocks(const World& world);

// The payer cools off, and the mode is to refuse.
void CoolingOffStands(const World& world, int64_t now_ms, int64_t payer_id, Violations& violations);

// O1, O2. When the cooling-off ends that an accepted tip begins, not counted yet; none if it begins
// none.
std::optional<int64_t> CoolingOffAfter(const World& world, int64_t now_ms, int64_t payer_id,
                                       int64_t amount);

// O2. A tip is about to enter: where 64 are in the window of an hour, the oldest leaves it for
// good, whatever is voided later.
void MakeRoomInWindow(World& world, int64_t now_ms, int64_t payer_id);

// Before a part of the tip is released: of tips of one moment and amount it is not told which have
// left, so it is another one of those.
void ComeBackToWindow(World& world, Tip& tip);

}  // namespace tipgate::oracle
