#pragma once

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "core/policy.h"
#include "core/state.h"
#include "core/totals.h"
#include "server/field_faults.h"
#include "yaml/yaml_message.h"

namespace tipgate {

// Finds what of a policy does not fit the journal that it is to join (core/policy_continuity.h).
// `before` is the policy in force, null if there is none.
void CheckPolicyContinuity(const Policy* before, absl::Span<const SettleCursor> cursors,
                           const Policy& policy, FieldFaults* faults);

// The same as FAILED_PRECONDITION with the place in the policy's file, and what is expected there.
absl::Status CheckPolicyContinuity(const State& state, const Policy& policy,
                                   const YamlLocations& locations);

}  // namespace tipgate
