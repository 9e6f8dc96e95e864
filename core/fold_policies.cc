#include "core/folder.h"

namespace tipgate {

// Null if the policies contain the record already.
PolicyBook* Folder::ClaimPolicies() {
  if (!Claim(state_.policies)) return nullptr;
  state_.policies.is_dirty = true;
  return &state_.policies;
}

void Folder::operator()(const ProposalRecord& record) {
  PolicyBook* const policies = ClaimPolicies();
  if (policies == nullptr) return;
  Proposal& proposal = policies->Add(id_);
  proposal.state = ProposalState::kProposed;
  proposal.restored_version = record.restored_version;
  proposal.proposer = record.actor;
  proposal.propose_time_ms = now_.time_ms;
  proposal.effective_time_ms = record.requested_time_ms;
  proposal.note = record.note;
  proposal.policy = record.policy;
}

void Folder::operator()(const ProposalStepRecord& record) {
  PolicyBook* const policies = ClaimPolicies();
  if (policies == nullptr) return;
  Proposal* const proposal = policies->Find(record.proposal);
  TIPGATE_CHECK(proposal != nullptr);
  TIPGATE_CHECK(proposal->is_open());
  if (record.step == ProposalStep::kApprove) {
    proposal->state = ProposalState::kApproved;
    proposal->approver = record.actor;
    proposal->approve_time_ms = now_.time_ms;
    proposal->effective_time_ms = record.effective_time_ms;
    state_.PushDue(DueOf(*proposal));
  } else {
    proposal->state = ProposalState::kWithdrawn;
    proposal->withdrawer = record.actor;
    proposal->end_time_ms = now_.time_ms;
    proposal->policy = nullptr;
  }
  policies->NoteNextActivation();
}

void Folder::operator()(const PolicyRecord& record) {
  state_.policy = record.policy;
  if (Claim(state_.totals)) state_.totals.policy_record = id_;
  PolicyBook* const policies = ClaimPolicies();
  if (policies == nullptr) return;
  if (Proposal* const before = policies->active()) {
    before->state = ProposalState::kSuperseded;
    before->end_time_ms = now_.time_ms;
  }
  Proposal* const proposal =
      record.proposal.is_set() ? policies->Find(record.proposal) : &policies->Add(id_);
  TIPGATE_CHECK(proposal != nullptr);
  if (!record.proposal.is_set()) {
    proposal->propose_time_ms = now_.time_ms;
    proposal->effective_time_ms = now_.time_ms;
  }
  proposal->state = ProposalState::kActive;
  proposal->version = record.policy->version;
  proposal->activate_time_ms = now_.time_ms;
  proposal->policy = nullptr;
  policies->NoteNextActivation();
}

void Folder::operator()(const CatalogRecord& record) {
  state_.catalog = record.catalog;
  if (Claim(state_.totals)) state_.totals.catalog_record = id_;
  PolicyBook* const policies = ClaimPolicies();
  if (policies == nullptr) return;
  policies->gifts_version = record.version;
  policies->gifts_actor = record.actor;
}

}  // namespace tipgate
