// Limits of one payer as people read them.
#pragma once

#include <string>

#include "tipgate/v1/payer.pb.h"

namespace tipgate {

// "tip 50.00, day 100.00"; empty if there are none.
std::string LimitsText(const v1::PayerLimits& limits);

// "100.00", "100.00, 200.00 from 2026-05-01T20:00:00+08:00", "100.00, none from ..."; empty if
// there is none.
std::string SelfLimitText(const v1::SelfLimit& limit);

}  // namespace tipgate
