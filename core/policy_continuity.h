#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "core/policy.h"
#include "core/totals.h"

namespace tipgate {

// What of a policy does not fit the journal that it is to join: the currency in which it counts,
// the time zone of its days, and one settle delay more than it may have (kPolicyDelaysMax).
enum class PolicyMisfitKind { kCurrency, kTimeZone, kTierDelay, kDelayClass };
struct PolicyMisfit {
  PolicyMisfitKind kind{};
  size_t index = 0;  // of the tier or the delay class
};

// All misfits. `before` is the policy in force, null if there is none yet; `cursors` are those of
// the settle delays that the journal has had.
std::vector<PolicyMisfit> FindPolicyMisfits(const Policy* before,
                                            absl::Span<const SettleCursor> cursors,
                                            const Policy& policy);

}  // namespace tipgate
