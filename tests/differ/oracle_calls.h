// How each request is put to the oracle: `Ask(oracle, time, request, id that the gate gave)`.
#pragma once

#include <cstdint>

#include "tests/differ/requests.h"
#include "tests/oracle/oracle.h"

namespace tipgate::differ {

inline auto Ask(oracle::Oracle* oracle, int64_t now_ms, const oracle::TipRequest& request,
                int64_t id) {
  return oracle->AuthorizeTip(now_ms, request, id);
}
inline auto Ask(oracle::Oracle* oracle, int64_t now_ms, const CheckTipRequest& request, int64_t) {
  return oracle->CheckTip(now_ms, request.tip);
}
inline auto Ask(oracle::Oracle* oracle, int64_t now_ms,
                const oracle::AuthorizeRechargeRequest& request, int64_t id) {
  return oracle->AuthorizeRecharge(now_ms, request, id);
}
inline auto Ask(oracle::Oracle* oracle, int64_t now_ms,
                const oracle::CaptureRechargeRequest& request, int64_t) {
  return oracle->CaptureRecharge(now_ms, request);
}
inline auto Ask(oracle::Oracle* oracle, int64_t now_ms, const oracle::VoidRechargeRequest& request,
                int64_t) {
  return oracle->VoidRecharge(now_ms, request);
}
inline auto Ask(oracle::Oracle* oracle, int64_t now_ms, const CheckRechargeRequest& request,
                int64_t) {
  return oracle->CheckRecharge(now_ms, request.recharge);
}
inline auto Ask(oracle::Oracle* oracle, int64_t now_ms,
                const oracle::RefundRechargeRequest& request, int64_t) {
  return oracle->RefundRecharge(now_ms, request);
}
inline auto Ask(oracle::Oracle* oracle, int64_t now_ms, const oracle::PutPayerRequest& request,
                int64_t) {
  return oracle->PutPayer(now_ms, request);
}
inline auto Ask(oracle::Oracle* oracle, int64_t now_ms, const oracle::PutStreamerRequest& request,
                int64_t) {
  return oracle->PutStreamer(now_ms, request);
}
inline auto Ask(oracle::Oracle* oracle, int64_t now_ms, const oracle::PausePayerRequest& request,
                int64_t) {
  return oracle->PausePayer(now_ms, request);
}
inline auto Ask(oracle::Oracle* oracle, int64_t now_ms, const oracle::OpenSessionRequest& request,
                int64_t) {
  return oracle->OpenSession(now_ms, request);
}
inline auto Ask(oracle::Oracle* oracle, int64_t now_ms, const oracle::CloseSessionRequest& request,
                int64_t) {
  return oracle->CloseSession(now_ms, request);
}
inline auto Ask(oracle::Oracle* oracle, int64_t now_ms, const oracle::SetSelfLimitsRequest& request,
                int64_t) {
  return oracle->SetSelfLimits(now_ms, request);
}
inline auto Ask(oracle::Oracle* oracle, int64_t now_ms,
                const oracle::SetPreferencesRequest& request, int64_t) {
  return oracle->SetPreferences(now_ms, request);
}
inline auto Ask(oracle::Oracle* oracle, int64_t now_ms,
                const oracle::StartConfirmationRequest& request, int64_t id) {
  return oracle->StartConfirmation(now_ms, request, id);
}
inline auto Ask(oracle::Oracle* oracle, int64_t now_ms,
                const oracle::CompleteConfirmationRequest& request, int64_t) {
  return oracle->CompleteConfirmation(now_ms, request);
}
inline auto Ask(oracle::Oracle* oracle, int64_t now_ms,
                const oracle::StartCoolingOffRequest& request, int64_t) {
  return oracle->StartCoolingOff(now_ms, request);
}
inline auto Ask(oracle::Oracle* oracle, int64_t now_ms, const oracle::FreezePayerRequest& request,
                int64_t) {
  return oracle->FreezePayer(now_ms, request);
}
inline auto Ask(oracle::Oracle* oracle, int64_t now_ms, const oracle::UnfreezePayerRequest& request,
                int64_t) {
  return oracle->UnfreezePayer(now_ms, request);
}
inline auto Ask(oracle::Oracle* oracle, int64_t now_ms, const oracle::EmergencyStopRequest& request,
                int64_t) {
  return oracle->EmergencyStop(now_ms, request);
}
inline auto Ask(oracle::Oracle* oracle, int64_t now_ms, const oracle::LiftStopRequest& request,
                int64_t) {
  return oracle->LiftStop(now_ms, request);
}
inline auto Ask(oracle::Oracle* oracle, int64_t now_ms,
                const oracle::SanctionStreamerRequest& request, int64_t id) {
  return oracle->SanctionStreamer(now_ms, request, id);
}
inline auto Ask(oracle::Oracle* oracle, int64_t now_ms, const oracle::LiftSanctionRequest& request,
                int64_t) {
  return oracle->LiftSanction(now_ms, request);
}
inline auto Ask(oracle::Oracle* oracle, int64_t now_ms, const oracle::CaptureTipRequest& request,
                int64_t) {
  return oracle->CaptureTip(now_ms, request);
}
inline auto Ask(oracle::Oracle* oracle, int64_t now_ms, const oracle::VoidTipRequest& request,
                int64_t) {
  return oracle->VoidTip(now_ms, request);
}
inline auto Ask(oracle::Oracle* oracle, int64_t now_ms, const oracle::RefundTipRequest& request,
                int64_t) {
  return oracle->RefundTip(now_ms, request);
}
inline auto Ask(oracle::Oracle* oracle, int64_t now_ms, const oracle::FreezeIncomeRequest& request,
                int64_t) {
  return oracle->FreezeIncome(now_ms, request);
}
inline auto Ask(oracle::Oracle* oracle, int64_t now_ms, const oracle::ReleaseIncomeRequest& request,
                int64_t) {
  return oracle->ReleaseIncome(now_ms, request);
}
inline auto Ask(oracle::Oracle* oracle, int64_t now_ms,
                const oracle::SetManualDelayRequest& request, int64_t) {
  return oracle->SetManualDelay(now_ms, request);
}

}  // namespace tipgate::differ
