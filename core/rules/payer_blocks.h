#pragma once

#include <vector>

#include "core/calendar.h"
#include "core/decision.h"
#include "core/payer.h"
#include "core/payer_controls.h"
#include "core/policy.h"

namespace tipgate {

// The rules that refuse a payer every tip at this moment, whatever its amount and to whom: of T2 to
// T6 and T15, in this order.
std::vector<RejectionCode> RulesAgainst(const Payer& payer, const PayerControls& controls,
                                        const Policy& policy, const Moment& now);

}  // namespace tipgate
