#include "tests/simulation/approval_book.h"

#include <algorithm>
#include <utility>

namespace tipgate::simulation {

void ApprovalBook::Propose(RecordId id, const ProposalRecord& record,
                           const oracle::Policy& policy) {
  proposals_[id] = {.proposer = record.actor,
                    .requested_time_ms = record.requested_time_ms,
                    .policy = policy,
                    .effective_time_ms = std::nullopt};
}

std::string ApprovalBook::Step(const ProposalStepRecord& step, int64_t time_ms) {
  const auto it = proposals_.find(step.proposal);
  if (it == proposals_.end()) return "a proposal that does not wait goes on";
  Proposal& proposal = it->second;
  switch (step.step) {
    case ProposalStep::kApprove:
      if (proposal.effective_time_ms.has_value()) return "a proposal is approved twice";
      if (proposal.proposer == step.actor) return "a proposal is approved by its proposer";
      proposal.effective_time_ms = std::max(proposal.requested_time_ms, time_ms);
      if (step.effective_time_ms == proposal.effective_time_ms) return "";
      return "a policy is to come into force at another time";
    case ProposalStep::kWithdraw:
      proposals_.erase(it);
      return "";
    case ProposalStep::kFail:
      break;
  }
  return "a policy that fits does not come into force";
}

std::optional<ApprovalBook::Active> ApprovalBook::Activate(const PolicyRecord& record,
                                                           int64_t time_ms) {
  const auto it = proposals_.find(record.proposal);
  if (it == proposals_.end()) return std::nullopt;
  const std::optional<int64_t> effective_time_ms = it->second.effective_time_ms;
  if (!effective_time_ms.has_value() || *effective_time_ms > time_ms) return std::nullopt;
  Active active{.policy = std::move(it->second.policy), .effective_time_ms = *effective_time_ms};
  proposals_.erase(it);
  return active;
}

bool ApprovalBook::HasDue(int64_t time_ms) const {
  return std::any_of(proposals_.begin(), proposals_.end(), [time_ms](const auto& waiting) {
    const std::optional<int64_t> effective_time_ms = waiting.second.effective_time_ms;
    return effective_time_ms.has_value() && *effective_time_ms <= time_ms;
  });
}

}  // namespace tipgate::simulation
