#pragma once

#include "core/entry.h"
#include "core/proposal.h"
#include "core/record.h"
#include "tipgate/v1/proposal.pb.h"

namespace tipgate {

// From what the core has of policies to what callers get; see server/record_conversion.h.

void FillProposal(const Proposal& proposal, v1::Proposal* out);

void FillResponse(const ProposalRecord& record, const Entry& entry, RecordId id,
                  v1::ProposePolicyResponse* out);
void FillResponse(const ProposalRecord& record, const Entry& entry, RecordId id,
                  v1::RollBackPolicyResponse* out);
void FillResponse(const ProposalStepRecord& record, const Entry& entry, RecordId id,
                  v1::ApprovePolicyResponse* out);
void FillResponse(const ProposalStepRecord& record, const Entry& entry, RecordId id,
                  v1::WithdrawProposalResponse* out);
void FillResponse(const CatalogRecord& record, const Entry& entry, RecordId id,
                  v1::PutGiftsResponse* out);

}  // namespace tipgate
