#include "core/decide_policy.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "core/policy_continuity.h"

namespace tipgate {
namespace {

constexpr RequestError kTooManyOpenError{
    ErrorReason::kCapacityReached, "",
    "as many proposals are open as there may be, 64; approve or withdraw one first"};
constexpr RequestError kEffectiveTimeError{ErrorReason::kInvalidField, "effective_time",
                                           "effective_time: must be at most 366 days ahead"};
constexpr RequestError kCurrencyError{
    ErrorReason::kWrongState, "policy.currency",
    "policy.currency: must stay the one in which the amounts of this data directory are counted"};
constexpr RequestError kTimeZoneError{
    ErrorReason::kWrongState, "policy.time_zone",
    "policy.time_zone: must stay the one in which the days of this data directory are counted"};
constexpr RequestError kTierDelayError{
    ErrorReason::kWrongState, "policy.tiers",
    "policy.tiers: has one settle_delay too many: all policies of this data directory together may "
    "have 165 besides whole days"};
constexpr RequestError kDelayClassError{
    ErrorReason::kWrongState, "policy.settle_delays",
    "policy.settle_delays: has one settle_delay too many: all policies of this data directory "
    "together may have 165 besides whole days"};
constexpr RequestError kProposalUnknownError{ErrorReason::kNotFound, "proposal_id",
                                             "proposal_id: no such proposal"};
constexpr RequestError kNotProposedError{ErrorReason::kWrongState, "proposal_id",
                                         "proposal_id: is approved already, or withdrawn"};
constexpr RequestError kNotOpenError{ErrorReason::kWrongState, "proposal_id",
                                     "proposal_id: has come into force, or is withdrawn already"};
constexpr RequestError kSameApproverError{
    ErrorReason::kWrongState, "proposal_id",
    "proposal_id: a second person must approve it, not the one who proposed it"};

// The first misfit, as an error; nothing: the policy fits.
std::optional<RequestError> WhyMisfit(const State& state, const Policy& policy) {
  const std::vector<PolicyMisfit> misfits =
      FindPolicyMisfits(state.policy.get(), state.totals.cursors, policy);
  if (misfits.empty()) return std::nullopt;
  switch (misfits.front().kind) {
    case PolicyMisfitKind::kCurrency:
      return kCurrencyError;
    case PolicyMisfitKind::kTimeZone:
      return kTimeZoneError;
    case PolicyMisfitKind::kTierDelay:
      return kTierDelayError;
    case PolicyMisfitKind::kDelayClass:
      break;
  }
  return kDelayClassError;
}

}  // namespace

std::optional<RequestError> WhyProposalRefused(const State& state, const ProposalRecord& request,
                                               int64_t now_ms) {
  if (request.requested_time_ms > now_ms + kEffectiveAheadMaxMs) return kEffectiveTimeError;
  if (state.policies.open_count() >= PolicyBook::kOpenMax) return kTooManyOpenError;
  return WhyMisfit(state, *request.policy);
}

std::optional<RequestError> WhyStepRefused(const State& state, const ProposalStepRecord& request) {
  const Proposal* const proposal = state.policies.Find(request.proposal);
  if (proposal == nullptr || proposal->proposer.empty()) return kProposalUnknownError;
  if (request.step == ProposalStep::kWithdraw) {
    return proposal->is_open() ? std::nullopt : std::optional(kNotOpenError);
  }
  if (proposal->state != ProposalState::kProposed) return kNotProposedError;
  if (proposal->proposer == request.actor) return kSameApproverError;  // rule V1
  return WhyMisfit(state, *proposal->policy);
}

ProposalStepRecord DecideStep(const State& state, const ProposalStepRecord& request,
                              int64_t now_ms) {
  ProposalStepRecord record = request;
  record.effective_time_ms = 0;
  if (request.step == ProposalStep::kApprove) {
    const Proposal& proposal = *state.policies.Find(request.proposal);
    record.effective_time_ms = std::max(proposal.effective_time_ms, now_ms);
  }
  return record;
}

// Rule V2.
bool IsActivationDue(const Proposal& proposal, int64_t now_ms) {
  return proposal.state == ProposalState::kApproved && proposal.effective_time_ms <= now_ms;
}

Record DecideActivation(const State& state, const Proposal& proposal) {
  if (WhyMisfit(state, *proposal.policy).has_value()) {
    return ProposalStepRecord{
        .step = ProposalStep::kFail, .intent = {}, .actor = {}, .proposal = proposal.id};
  }
  auto policy = std::make_shared<Policy>(*proposal.policy);
  policy->version = NextPolicyVersion(state);
  return PolicyRecord{.proposal = proposal.id, .policy = std::move(policy)};
}

int32_t NextPolicyVersion(const State& state) {
  return state.policy == nullptr ? 1 : state.policy->version + 1;
}

// Rule V4.
std::optional<size_t> FindGiftTooDear(const State& state, const GiftCatalog& catalog) {
  for (size_t i = 0; i < catalog.gifts().size(); ++i) {
    if (catalog.gifts()[i].unit_price > state.policy->gift_price_max) return i;
  }
  return std::nullopt;
}

}  // namespace tipgate
