#pragma once

#include "tipgate/v1/audit.grpc.pb.h"
#include "tipgate/v1/payer.grpc.pb.h"
#include "tipgate/v1/policy_service.grpc.pb.h"
#include "tipgate/v1/recharge.grpc.pb.h"
#include "tipgate/v1/session.grpc.pb.h"
#include "tipgate/v1/streamer.grpc.pb.h"
#include "tipgate/v1/tip.grpc.pb.h"

namespace tipgate {

// A unary call of the contract: whose it is, how it is made, and what comes back.
template <typename ServiceType, typename ResponseType, auto kStubMethod>
struct UnaryCall {
  using Stub = typename ServiceType::Stub;
  using Response = ResponseType;
  static constexpr auto kMethod = kStubMethod;
};

// Which call a request message belongs to.
template <typename Request>
struct CallOf;

template <>
struct CallOf<v1::AuthorizeTipRequest>
    : UnaryCall<v1::TipService, v1::AuthorizeTipResponse, &v1::TipService::Stub::AuthorizeTip> {};
template <>
struct CallOf<v1::AuthorizeTipsRequest>
    : UnaryCall<v1::TipService, v1::AuthorizeTipsResponse, &v1::TipService::Stub::AuthorizeTips> {};
template <>
struct CallOf<v1::CheckTipRequest>
    : UnaryCall<v1::TipService, v1::CheckTipResponse, &v1::TipService::Stub::CheckTip> {};
template <>
struct CallOf<v1::GetTipRequest>
    : UnaryCall<v1::TipService, v1::GetTipResponse, &v1::TipService::Stub::GetTip> {};
template <>
struct CallOf<v1::ListTipsRequest>
    : UnaryCall<v1::TipService, v1::ListTipsResponse, &v1::TipService::Stub::ListTips> {};
template <>
struct CallOf<v1::AuthorizeRechargeRequest>
    : UnaryCall<v1::RechargeService, v1::AuthorizeRechargeResponse,
                &v1::RechargeService::Stub::AuthorizeRecharge> {};
template <>
struct CallOf<v1::CaptureRechargeRequest>
    : UnaryCall<v1::RechargeService, v1::CaptureRechargeResponse,
                &v1::RechargeService::Stub::CaptureRecharge> {};
template <>
struct CallOf<v1::VoidRechargeRequest> : UnaryCall<v1::RechargeService, v1::VoidRechargeResponse,
                                                   &v1::RechargeService::Stub::VoidRecharge> {};
template <>
struct CallOf<v1::CheckRechargeRequest> : UnaryCall<v1::RechargeService, v1::CheckRechargeResponse,
                                                    &v1::RechargeService::Stub::CheckRecharge> {};
template <>
struct CallOf<v1::RefundRechargeRequest>
    : UnaryCall<v1::RechargeService, v1::RefundRechargeResponse,
                &v1::RechargeService::Stub::RefundRecharge> {};
template <>
struct CallOf<v1::GetRechargeRequest> : UnaryCall<v1::RechargeService, v1::GetRechargeResponse,
                                                  &v1::RechargeService::Stub::GetRecharge> {};
template <>
struct CallOf<v1::SetPreferencesRequest> : UnaryCall<v1::PayerService, v1::SetPreferencesResponse,
                                                     &v1::PayerService::Stub::SetPreferences> {};
template <>
struct CallOf<v1::PutPayerRequest>
    : UnaryCall<v1::PayerService, v1::PutPayerResponse, &v1::PayerService::Stub::PutPayer> {};
template <>
struct CallOf<v1::GetPayerRequest>
    : UnaryCall<v1::PayerService, v1::GetPayerResponse, &v1::PayerService::Stub::GetPayer> {};
template <>
struct CallOf<v1::PutStreamerRequest> : UnaryCall<v1::StreamerService, v1::PutStreamerResponse,
                                                  &v1::StreamerService::Stub::PutStreamer> {};
template <>
struct CallOf<v1::GetStreamerRequest> : UnaryCall<v1::StreamerService, v1::GetStreamerResponse,
                                                  &v1::StreamerService::Stub::GetStreamer> {};
template <>
struct CallOf<v1::GetAgencyRequest>
    : UnaryCall<v1::StreamerService, v1::GetAgencyResponse, &v1::StreamerService::Stub::GetAgency> {
};
template <>
struct CallOf<v1::PausePayerRequest>
    : UnaryCall<v1::PayerService, v1::PausePayerResponse, &v1::PayerService::Stub::PausePayer> {};
template <>
struct CallOf<v1::SetSelfLimitsRequest> : UnaryCall<v1::PayerService, v1::SetSelfLimitsResponse,
                                                    &v1::PayerService::Stub::SetSelfLimits> {};
template <>
struct CallOf<v1::StartConfirmationRequest>
    : UnaryCall<v1::PayerService, v1::StartConfirmationResponse,
                &v1::PayerService::Stub::StartConfirmation> {};
template <>
struct CallOf<v1::CompleteConfirmationRequest>
    : UnaryCall<v1::PayerService, v1::CompleteConfirmationResponse,
                &v1::PayerService::Stub::CompleteConfirmation> {};
template <>
struct CallOf<v1::FreezePayerRequest>
    : UnaryCall<v1::PayerService, v1::FreezePayerResponse, &v1::PayerService::Stub::FreezePayer> {};
template <>
struct CallOf<v1::UnfreezePayerRequest> : UnaryCall<v1::PayerService, v1::UnfreezePayerResponse,
                                                    &v1::PayerService::Stub::UnfreezePayer> {};
template <>
struct CallOf<v1::StartCoolingOffRequest> : UnaryCall<v1::PayerService, v1::StartCoolingOffResponse,
                                                      &v1::PayerService::Stub::StartCoolingOff> {};
template <>
struct CallOf<v1::SanctionStreamerRequest>
    : UnaryCall<v1::StreamerService, v1::SanctionStreamerResponse,
                &v1::StreamerService::Stub::SanctionStreamer> {};
template <>
struct CallOf<v1::LiftSanctionRequest> : UnaryCall<v1::StreamerService, v1::LiftSanctionResponse,
                                                   &v1::StreamerService::Stub::LiftSanction> {};
template <>
struct CallOf<v1::EmergencyStopRequest> : UnaryCall<v1::PolicyService, v1::EmergencyStopResponse,
                                                    &v1::PolicyService::Stub::EmergencyStop> {};
template <>
struct CallOf<v1::LiftStopRequest>
    : UnaryCall<v1::PolicyService, v1::LiftStopResponse, &v1::PolicyService::Stub::LiftStop> {};
template <>
struct CallOf<v1::ListStopsRequest>
    : UnaryCall<v1::PolicyService, v1::ListStopsResponse, &v1::PolicyService::Stub::ListStops> {};
template <>
struct CallOf<v1::CaptureTipRequest>
    : UnaryCall<v1::TipService, v1::CaptureTipResponse, &v1::TipService::Stub::CaptureTip> {};
template <>
struct CallOf<v1::VoidTipRequest>
    : UnaryCall<v1::TipService, v1::VoidTipResponse, &v1::TipService::Stub::VoidTip> {};
template <>
struct CallOf<v1::RefundTipRequest>
    : UnaryCall<v1::TipService, v1::RefundTipResponse, &v1::TipService::Stub::RefundTip> {};
template <>
struct CallOf<v1::FreezeIncomeRequest> : UnaryCall<v1::StreamerService, v1::FreezeIncomeResponse,
                                                   &v1::StreamerService::Stub::FreezeIncome> {};
template <>
struct CallOf<v1::ReleaseIncomeRequest> : UnaryCall<v1::StreamerService, v1::ReleaseIncomeResponse,
                                                    &v1::StreamerService::Stub::ReleaseIncome> {};
template <>
struct CallOf<v1::RefundTipsRequest> : UnaryCall<v1::StreamerService, v1::RefundTipsResponse,
                                                 &v1::StreamerService::Stub::RefundTips> {};
template <>
struct CallOf<v1::GetIncomeJobRequest> : UnaryCall<v1::StreamerService, v1::GetIncomeJobResponse,
                                                   &v1::StreamerService::Stub::GetIncomeJob> {};
template <>
struct CallOf<v1::ListIncomeJobsRequest>
    : UnaryCall<v1::StreamerService, v1::ListIncomeJobsResponse,
                &v1::StreamerService::Stub::ListIncomeJobs> {};
template <>
struct CallOf<v1::DelayIncomeRequest> : UnaryCall<v1::StreamerService, v1::DelayIncomeResponse,
                                                  &v1::StreamerService::Stub::DelayIncome> {};
template <>
struct CallOf<v1::OpenSessionRequest> : UnaryCall<v1::SessionService, v1::OpenSessionResponse,
                                                  &v1::SessionService::Stub::OpenSession> {};
template <>
struct CallOf<v1::CloseSessionRequest> : UnaryCall<v1::SessionService, v1::CloseSessionResponse,
                                                   &v1::SessionService::Stub::CloseSession> {};
template <>
struct CallOf<v1::GetSessionRequest>
    : UnaryCall<v1::SessionService, v1::GetSessionResponse, &v1::SessionService::Stub::GetSession> {
};
template <>
struct CallOf<v1::GetServerInfoRequest> : UnaryCall<v1::AuditService, v1::GetServerInfoResponse,
                                                    &v1::AuditService::Stub::GetServerInfo> {};
template <>
struct CallOf<v1::ListRejectionCodesRequest>
    : UnaryCall<v1::AuditService, v1::ListRejectionCodesResponse,
                &v1::AuditService::Stub::ListRejectionCodes> {};
template <>
struct CallOf<v1::ListBackupsRequest>
    : UnaryCall<v1::AuditService, v1::ListBackupsResponse, &v1::AuditService::Stub::ListBackups> {};

template <>
struct CallOf<v1::ProposePolicyRequest> : UnaryCall<v1::PolicyService, v1::ProposePolicyResponse,
                                                    &v1::PolicyService::Stub::ProposePolicy> {};
template <>
struct CallOf<v1::ValidatePolicyRequest> : UnaryCall<v1::PolicyService, v1::ValidatePolicyResponse,
                                                     &v1::PolicyService::Stub::ValidatePolicy> {};
template <>
struct CallOf<v1::ApprovePolicyRequest> : UnaryCall<v1::PolicyService, v1::ApprovePolicyResponse,
                                                    &v1::PolicyService::Stub::ApprovePolicy> {};
template <>
struct CallOf<v1::WithdrawProposalRequest>
    : UnaryCall<v1::PolicyService, v1::WithdrawProposalResponse,
                &v1::PolicyService::Stub::WithdrawProposal> {};
template <>
struct CallOf<v1::RollBackPolicyRequest> : UnaryCall<v1::PolicyService, v1::RollBackPolicyResponse,
                                                     &v1::PolicyService::Stub::RollBackPolicy> {};
template <>
struct CallOf<v1::ListPoliciesRequest> : UnaryCall<v1::PolicyService, v1::ListPoliciesResponse,
                                                   &v1::PolicyService::Stub::ListPolicies> {};
template <>
struct CallOf<v1::GetPolicyRequest>
    : UnaryCall<v1::PolicyService, v1::GetPolicyResponse, &v1::PolicyService::Stub::GetPolicy> {};
template <>
struct CallOf<v1::PutGiftsRequest>
    : UnaryCall<v1::PolicyService, v1::PutGiftsResponse, &v1::PolicyService::Stub::PutGifts> {};
template <>
struct CallOf<v1::ListGiftsRequest>
    : UnaryCall<v1::PolicyService, v1::ListGiftsResponse, &v1::PolicyService::Stub::ListGifts> {};

template <typename Request>
using ResponseTo = typename CallOf<Request>::Response;

}  // namespace tipgate
