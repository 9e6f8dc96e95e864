// The adapter: the words of the oracle in those of the core.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/command.h"
#include "core/decide_income.h"
#include "core/policy.h"
#include "core/record.h"
#include "tests/oracle/control_requests.h"
#include "tests/oracle/income_requests.h"
#include "tests/oracle/policy.h"
#include "tests/oracle/requests.h"

namespace tipgate::differ {

Policy ToCore(const oracle::Policy& policy);
GiftCatalogPtr ToCore(const std::vector<oracle::Gift>& gifts);
Intent ToIntent(const std::string& key, std::optional<int64_t> create_time_ms = std::nullopt);

TipRequest ToCore(const oracle::TipRequest& request);
RechargeRequest ToCore(const oracle::AuthorizeRechargeRequest& request);
RechargeChange ToCore(const oracle::CaptureRechargeRequest& request);
RechargeChange ToCore(const oracle::VoidRechargeRequest& request);
RechargeRefundRequest ToCore(const oracle::RefundRechargeRequest& request);
PayerRecord ToCore(const oracle::PutPayerRequest& request);
StreamerRecord ToCore(const oracle::PutStreamerRequest& request);
PauseRecord ToCore(const oracle::PausePayerRequest& request);
SelfLimitsRecord ToCore(const oracle::SetSelfLimitsRequest& request);
PreferencesRecord ToCore(const oracle::SetPreferencesRequest& request);
ConfirmationRecord ToCore(const oracle::StartConfirmationRequest& request);  // without a token
ConfirmationRecord ToCore(const oracle::CompleteConfirmationRequest& request);
CoolingOffRecord ToCore(const oracle::StartCoolingOffRequest& request);
PayerFreezeRecord ToCore(const oracle::FreezePayerRequest& request);
PayerFreezeRecord ToCore(const oracle::UnfreezePayerRequest& request);
StopRecord ToCore(const oracle::EmergencyStopRequest& request);
StopRecord ToCore(const oracle::LiftStopRequest& request);
SanctionRecord ToCore(const oracle::SanctionStreamerRequest& request);
SanctionRecord ToCore(const oracle::LiftSanctionRequest& request);
TipChangeRequest ToCore(const oracle::CaptureTipRequest& request);
TipChangeRequest ToCore(const oracle::VoidTipRequest& request);
TipChangeRequest ToCore(const oracle::RefundTipRequest& request);
IncomeJobRequest ToCore(const oracle::FreezeIncomeRequest& request);
IncomeJobRequest ToCore(const oracle::ReleaseIncomeRequest& request);
ManualDelayRecord ToCore(const oracle::SetManualDelayRequest& request);
SessionRequest ToCore(const oracle::OpenSessionRequest& request);
CloseRequest ToCore(const oracle::CloseSessionRequest& request);

// The text of a token that the oracle knows by a number; of 0: none.
ConfirmationToken ToToken(int64_t number);

}  // namespace tipgate::differ
