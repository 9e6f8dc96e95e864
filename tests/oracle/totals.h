// What counts against the limits: sums over the list of everything that was accepted.
#pragma once

#include <cstdint>

#include "tests/oracle/world.h"

namespace tipgate::oracle {

// What a tip counts against every limit.
int64_t CountedAmount(const Tip& tip);

// The payer's tips of the local day or month in which the time lies.
int64_t TipDayTotal(const World& world, int64_t now_ms, int64_t payer_id);
int64_t TipMonthTotal(const World& world, int64_t now_ms, int64_t payer_id);

// T19. All that a session has received.
int64_t SessionTotal(const World& world, int64_t session_id);

// R10. The payer's held and captured recharges of the local day or month in which the time lies.
int64_t RechargeDayTotal(const World& world, int64_t now_ms, int64_t payer_id);
int64_t RechargeMonthTotal(const World& world, int64_t now_ms, int64_t payer_id);

}  // namespace tipgate::oracle
