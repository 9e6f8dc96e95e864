#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/error.h"
#include "core/record.h"
#include "core/state.h"

namespace tipgate {

// Decisions about policies: pure functions of the state and the time, as those of core/decide.h.

// A proposal may be this much ahead of its time.
inline constexpr int64_t kEffectiveAheadMaxMs = int64_t{366} * 24 * 3'600'000;

// Why a proposal is refused; nothing: it is not. A time that is past means at once.
std::optional<RequestError> WhyProposalRefused(const State& state, const ProposalRecord& request,
                                               int64_t now_ms);

// Why a proposal cannot be approved or withdrawn. Who approves must not be who proposed.
std::optional<RequestError> WhyStepRefused(const State& state, const ProposalStepRecord& request);

// The step of a proposal, which was not refused.
ProposalStepRecord DecideStep(const State& state, const ProposalStepRecord& request,
                              int64_t now_ms);

// True if the proposal is to come into force now.
bool IsActivationDue(const Proposal& proposal, int64_t now_ms);

// What becomes of a proposal that is due: a PolicyRecord with the next version, or a
// ProposalStepRecord that says that it no longer fits.
Record DecideActivation(const State& state, const Proposal& proposal);

// The version that the next policy has.
int32_t NextPolicyVersion(const State& state);

// The first gift that is dearer than the policy in force lets one be.
std::optional<size_t> FindGiftTooDear(const State& state, const GiftCatalog& catalog);

}  // namespace tipgate
