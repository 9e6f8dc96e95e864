#pragma once

#include <cstdint>

#include "core/money.h"
#include "core/payer_controls.h"
#include "core/policy.h"
#include "core/recent_tips.h"

namespace tipgate {

// Rules T15, O1: the end of the cooling-off that an accepted tip of `amount` begins; 0 if it begins
// none. `recent`: the payer's accepted tips before it, null if there are none.
int64_t CoolingOffEndMs(const CoolingOffPolicy& policy, const RecentTips* recent, Money amount,
                        int64_t now_ms);

inline bool IsCoolingOff(const PayerControls* controls, int64_t now_ms) {
  return controls != nullptr && now_ms < controls->cooling_off_end_ms;
}

// Rule T15: true if it refuses what a payer tips now. `controls` may be null.
inline bool RefusesTips(const CoolingOffPolicy& policy, const PayerControls* controls,
                        int64_t now_ms) {
  return policy.hold_ms == 0 && IsCoolingOff(controls, now_ms);
}

// Rule O4: true if what a payer tips now is held, for hold_ms at least. `controls` may be null.
inline bool HoldsTips(const CoolingOffPolicy& policy, const PayerControls* controls,
                      int64_t now_ms) {
  return policy.hold_ms != 0 && IsCoolingOff(controls, now_ms);
}

}  // namespace tipgate
