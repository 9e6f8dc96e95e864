// Requests that the oracle has no type of its own for, and all that there are.
#pragma once

#include <variant>

#include "tests/differ/fields.h"
#include "tests/oracle/control_requests.h"
#include "tests/oracle/income_requests.h"
#include "tests/oracle/requests.h"

namespace tipgate::differ {

// A dry run.
struct CheckTipRequest {
  oracle::TipRequest tip = {};
};

template <>
struct FieldsOf<CheckTipRequest> {
  static constexpr std::tuple kList{Field{"tip", &CheckTipRequest::tip}};
};

struct CheckRechargeRequest {
  oracle::AuthorizeRechargeRequest recharge = {};
};

template <>
struct FieldsOf<CheckRechargeRequest> {
  static constexpr std::tuple kList{Field{"recharge", &CheckRechargeRequest::recharge}};
};

// Whatever may be asked in one call.
using AnyRequest = std::variant<
    oracle::TipRequest, oracle::CaptureTipRequest, oracle::VoidTipRequest, oracle::RefundTipRequest,
    oracle::AuthorizeRechargeRequest, oracle::CaptureRechargeRequest, oracle::VoidRechargeRequest,
    oracle::RefundRechargeRequest, oracle::PutPayerRequest, oracle::PutStreamerRequest,
    oracle::PausePayerRequest, oracle::OpenSessionRequest, oracle::CloseSessionRequest,
    oracle::SetSelfLimitsRequest, oracle::SetPreferencesRequest, oracle::StartConfirmationRequest,
    oracle::CompleteConfirmationRequest, oracle::StartCoolingOffRequest, oracle::FreezePayerRequest,
    oracle::UnfreezePayerRequest, oracle::EmergencyStopRequest, oracle::LiftStopRequest,
    oracle::SanctionStreamerRequest, oracle::LiftSanctionRequest, oracle::FreezeIncomeRequest,
    oracle::ReleaseIncomeRequest, oracle::SetManualDelayRequest, CheckTipRequest,
    CheckRechargeRequest>;

}  // namespace tipgate::differ
