#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "core/command.h"
#include "core/decide.h"
#include "core/record.h"
#include "server/history.h"
#include "server/rpc.h"
#include "tipgate/v1/payer.pb.h"
#include "tipgate/v1/recharge.pb.h"
#include "tipgate/v1/session.pb.h"
#include "tipgate/v1/streamer.pb.h"
#include "tipgate/v1/tip.pb.h"

namespace tipgate {

// From what callers send to what the core takes. Each function checks every field against its
// comment in the proto; the first one that breaks it is the result, else nothing. Times are cut to
// milliseconds.

// The most tips in one batch.
inline constexpr int kTipsMax = 8'192;

enum class KeyUse { kRequired, kIgnored };

// The field of the fault is that in TipIntent.
std::optional<CallError> Convert(const v1::TipIntent& intent, KeyUse key_use, TipRequest* request);

std::optional<CallError> Convert(const v1::AuthorizeRechargeRequest& message,
                                 RechargeRequest* request);
std::optional<CallError> Convert(const v1::AuthorizeRechargeRequest& message, KeyUse key_use,
                                 RechargeRequest* request);
std::optional<CallError> Convert(const v1::CaptureRechargeRequest& message,
                                 RechargeChange* request);
std::optional<CallError> Convert(const v1::VoidRechargeRequest& message, RechargeChange* request);
std::optional<CallError> Convert(const v1::PausePayerRequest& message, PauseRecord* request);
std::optional<CallError> Convert(const v1::SetSelfLimitsRequest& message,
                                 SelfLimitsRecord* request);
std::optional<CallError> Convert(const v1::SetPreferencesRequest& message,
                                 PreferencesRecord* request);
// The token of a start is drawn by the caller.
std::optional<CallError> Convert(const v1::StartConfirmationRequest& message,
                                 ConfirmationRecord* request);
std::optional<CallError> Convert(const v1::CompleteConfirmationRequest& message,
                                 ConfirmationRecord* request);
// Who asks in these is not part of the message.
std::optional<CallError> Convert(const v1::FreezePayerRequest& message, PayerFreezeRecord* request);
std::optional<CallError> Convert(const v1::UnfreezePayerRequest& message,
                                 PayerFreezeRecord* request);
std::optional<CallError> Convert(const v1::StartCoolingOffRequest& message,
                                 CoolingOffRecord* request);
std::optional<CallError> Convert(const v1::RefundRechargeRequest& message,
                                 RechargeRefundRequest* request);
std::optional<CallError> Convert(const v1::OpenSessionRequest& message, SessionRequest* request);
std::optional<CallError> Convert(const v1::CloseSessionRequest& message, CloseRequest* request);

// What GetTip may name a tip by.
using TipName = std::variant<RecordId, IdempotencyKey>;
std::optional<CallError> Convert(const v1::GetTipRequest& message, TipName* name);

// A page of tips.
struct ListRequest {
  TipFilter filter;
  int page_size = 0;
  RecordId next;  // where the page begins; unset: at the newest tip
};
std::optional<CallError> Convert(const v1::ListTipsRequest& message, ListRequest* request);

std::optional<CallError> Convert(const v1::GetRechargeRequest& message, RecordId* recharge);
std::optional<CallError> Convert(const v1::GetPayerRequest& message, PayerId* id);
std::optional<CallError> Convert(const v1::GetStreamerRequest& message, StreamerId* id);
std::optional<CallError> Convert(const v1::GetAgencyRequest& message, AgencyId* id);
std::optional<CallError> Convert(const v1::GetSessionRequest& message, SessionId* id);

}  // namespace tipgate
