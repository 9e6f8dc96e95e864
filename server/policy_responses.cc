#include "server/policy_responses.h"

#include <string>

#include "server/time_conversion.h"

namespace tipgate {
namespace {

static_assert(static_cast<int>(ProposalState::kProposed) == v1::POLICY_STATE_PROPOSED);
static_assert(static_cast<int>(ProposalState::kActive) == v1::POLICY_STATE_ACTIVE);
static_assert(static_cast<int>(ProposalState::kWithdrawn) == v1::POLICY_STATE_WITHDRAWN);

// A time that has not come yet is left out.
void SetTime(int64_t time_ms, v1::Proposal* out,
             google::protobuf::Timestamp* (v1::Proposal::*mutable_time)()) {
  if (time_ms != 0) SetUnixMs(time_ms, (out->*mutable_time)());
}

// As it was proposed, whatever has become of it since.
void FillProposed(const ProposalRecord& record, const Entry& entry, RecordId id,
                  v1::Proposal* out) {
  Proposal proposal;
  proposal.id = id;
  proposal.state = ProposalState::kProposed;
  proposal.restored_version = record.restored_version;
  proposal.proposer = record.actor;
  proposal.propose_time_ms = entry.moment.time_ms;
  proposal.effective_time_ms = record.requested_time_ms;
  proposal.note = record.note;
  FillProposal(proposal, out);
}

}  // namespace

void FillProposal(const Proposal& proposal, v1::Proposal* out) {
  out->set_proposal_id(proposal.id.value());
  out->set_state(static_cast<v1::PolicyState>(proposal.state));
  out->set_version(proposal.version);
  out->set_restored_version(proposal.restored_version);
  out->set_proposed_by(std::string(proposal.proposer.view()));
  SetTime(proposal.propose_time_ms, out, &v1::Proposal::mutable_propose_time);
  out->set_approved_by(std::string(proposal.approver.view()));
  SetTime(proposal.approve_time_ms, out, &v1::Proposal::mutable_approve_time);
  SetTime(proposal.effective_time_ms, out, &v1::Proposal::mutable_effective_time);
  SetTime(proposal.activate_time_ms, out, &v1::Proposal::mutable_activate_time);
  SetTime(proposal.end_time_ms, out, &v1::Proposal::mutable_end_time);
  out->set_withdrawn_by(std::string(proposal.withdrawer.view()));
  out->set_note(proposal.note);
}

void FillResponse(const ProposalRecord& record, const Entry& entry, RecordId id,
                  v1::ProposePolicyResponse* out) {
  FillProposed(record, entry, id, out->mutable_proposal());
}

void FillResponse(const ProposalRecord& record, const Entry& entry, RecordId id,
                  v1::RollBackPolicyResponse* out) {
  FillProposed(record, entry, id, out->mutable_proposal());
}

void FillResponse(const ProposalStepRecord& record, const Entry&, RecordId,
                  v1::ApprovePolicyResponse* out) {
  out->set_proposal_id(record.proposal.value());
  SetUnixMs(record.effective_time_ms, out->mutable_effective_time());
}

void FillResponse(const ProposalStepRecord& record, const Entry& entry, RecordId,
                  v1::WithdrawProposalResponse* out) {
  out->set_proposal_id(record.proposal.value());
  SetUnixMs(entry.moment.time_ms, out->mutable_withdraw_time());
}

void FillResponse(const CatalogRecord& record, const Entry& entry, RecordId,
                  v1::PutGiftsResponse* out) {
  out->set_gifts_version(record.version);
  SetUnixMs(entry.moment.time_ms, out->mutable_put_time());
}

}  // namespace tipgate
