#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "core/command.h"
#include "core/record.h"
#include "server/call_error.h"
#include "server/field_faults.h"
#include "tipgate/v1/proposal.pb.h"

namespace tipgate {

// From requests about policies to what the core gets; the first fault of a field that is wrong.

// Who asks in these is not part of the message.
std::optional<CallError> Convert(const v1::ProposePolicyRequest& message, ProposalRecord* request);
std::optional<CallError> Convert(const v1::ApprovePolicyRequest& message,
                                 ProposalStepRecord* request);
std::optional<CallError> Convert(const v1::WithdrawProposalRequest& message,
                                 ProposalStepRecord* request);
// The policy is the caller's to find.
std::optional<CallError> Convert(const v1::RollBackPolicyRequest& message, ProposalRecord* request);
std::optional<CallError> Convert(const v1::PutGiftsRequest& message, CatalogRecord* request);

std::optional<CallError> Convert(const v1::ListPoliciesRequest& message, PolicyPage* page);

// What GetPolicy may name a policy by: a version (0: that in force) or a proposal.
using PolicyName = std::variant<int32_t, RecordId>;
std::optional<CallError> Convert(const v1::GetPolicyRequest& message, PolicyName* name);

// Everything that is wrong with a policy by itself, its fields below "policy".
std::vector<FieldFault> FaultsOf(const v1::TippingPolicy& policy);

// The fault as an error about a field of the request.
CallError ToCallError(const FieldFault& fault);

// Names the gift that is too dear.
CallError ErrorOf(const GiftsCommand& command, const RequestError& error);

}  // namespace tipgate
