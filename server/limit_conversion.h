#pragma once

#include <cstdint>

#include "core/payer_controls.h"
#include "core/policy.h"
#include "core/record.h"
#include "tipgate/v1/decision.pb.h"
#include "tipgate/v1/payer.pb.h"

namespace tipgate {

// Limits of one payer between the contract, where one that is not set is left out, and the core.
PayerLimits ToPayerLimits(const v1::PayerLimits& message);
void FillLimits(const PayerLimits& limits, v1::PayerLimits* out);

// The limits that a payer has set for themself, as they are at `time_ms`. False if there are none
// and no raise waits.
bool FillSelfLimits(const SelfLimit& tip_max, const SelfLimit& day_limit,
                    const SelfLimit& month_limit, int64_t time_ms, v1::SelfLimits* out);

}  // namespace tipgate
