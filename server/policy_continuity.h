#pragma once

#include "absl/status/status.h"
#include "core/policy.h"
#include "core/state.h"
#include "server/yaml_message.h"

namespace tipgate {

// What a policy must keep of the journal that it joins: the currency in which it counts, the time
// zone of its days, and not too many different settle delays. FAILED_PRECONDITION with the place in
// the policy's file, and what is expected there.
absl::Status CheckPolicyContinuity(const State& state, const Policy& policy,
                                   const YamlLocations& locations);

}  // namespace tipgate
