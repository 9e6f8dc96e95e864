#pragma once

#include <string>
#include <vector>

#include "tests/differ/random.h"
#include "tests/oracle/policy.h"

namespace tipgate::differ {

// A valid policy with limits so small that a few tips reach them.
oracle::Policy RandomPolicy(const std::string& time_zone, Random* random);

// Changes one or two things of a policy, as an operator would.
oracle::Policy ChangedPolicy(const oracle::Policy& policy, Random* random);

// Gifts that may be imported under the policy. Gift 1 is on sale for 1 fen, so that any small
// amount can be tipped to the fen.
std::vector<oracle::Gift> RandomGifts(const oracle::Policy& policy, Random* random);

// Limits of one payer around those of the policy, most of them lower, some left out.
oracle::Limits RandomLimits(const oracle::Policy& policy, Random* random);

}  // namespace tipgate::differ
