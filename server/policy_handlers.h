#pragma once

#include "server/rpc.h"
#include "server/service_context.h"

namespace tipgate {

// The calls of PolicyService about policies and gifts.
RpcHandler ProposePolicyHandler(ServiceContext* context);
RpcHandler ValidatePolicyHandler(ServiceContext* context);
RpcHandler ApprovePolicyHandler(ServiceContext* context);
RpcHandler WithdrawProposalHandler(ServiceContext* context);
RpcHandler RollBackPolicyHandler(ServiceContext* context);
RpcHandler ListPoliciesHandler(ServiceContext* context);
RpcHandler GetPolicyHandler(ServiceContext* context);
RpcHandler PutGiftsHandler(ServiceContext* context);
RpcHandler ListGiftsHandler(ServiceContext* context);

}  // namespace tipgate
