#include "server/request_conversion.h"

#include <string>

#include "server/field_checks.h"
#include "server/request_fields.h"
#include "yaml/duration_text.h"

namespace tipgate {
namespace {

constexpr int64_t kHoldMinMs = kSecondMs;
constexpr int64_t kHoldMaxMs = kDayMs;
constexpr int64_t kExclusionMinMs = 184 * kDayMs;  // the longest six months
constexpr int64_t kExclusionMaxMs = 3'660 * kDayMs;
constexpr int64_t kCoolingOffMinMs = kSecondMs;
constexpr int64_t kCoolingOffMaxMs = 30 * kDayMs;
constexpr int64_t kPageSizeMax = 1'000;
constexpr int kPageSizeDefault = 100;

// Rule P1.
bool IsPauseMs(int64_t duration_ms) {
  return duration_ms == kDayMs || duration_ms == 7 * kDayMs || duration_ms == 30 * kDayMs ||
         duration_ms == 42 * kDayMs || duration_ms >= kExclusionMinMs;
}

// A payer and the key that every change of theirs has.
template <typename MessageType, typename RecordType>
void ReadPayer(const MessageType& message, FieldChecks* checks, RecordType* request) {
  ReadKey(message.idempotency_key(), checks, &request->intent);
  checks->Id("payer_id", message.payer_id());
  request->payer = PayerId(message.payer_id());
}

static_assert(static_cast<int>(LimitChangeKind::kSet) == v1::SELF_LIMIT_CHANGE_KIND_SET);
static_assert(static_cast<int>(LimitChangeKind::kRemove) == v1::SELF_LIMIT_CHANGE_KIND_REMOVE);
static_assert(static_cast<int>(LimitChangeKind::kWithdrawRaise) ==
              v1::SELF_LIMIT_CHANGE_KIND_WITHDRAW_RAISE);

SwitchChange ToSwitch(bool is_on) { return is_on ? SwitchChange::kOn : SwitchChange::kOff; }

// The paths of the fields of a SelfLimitChange.
struct LimitChangeFields {
  const char* kind;
  const char* limit;
};
constexpr LimitChangeFields kTipMaxChange = {.kind = "tip_max.kind",
                                             .limit = "tip_max.limit_minor"};
constexpr LimitChangeFields kDayLimitChange = {.kind = "day_limit.kind",
                                               .limit = "day_limit.limit_minor"};
constexpr LimitChangeFields kMonthLimitChange = {.kind = "month_limit.kind",
                                                 .limit = "month_limit.limit_minor"};

LimitChange ReadLimitChange(const LimitChangeFields& fields, const v1::SelfLimitChange& change,
                            FieldChecks* checks) {
  checks->That(v1::SelfLimitChangeKind_IsValid(change.kind()) &&
                   change.kind() != v1::SELF_LIMIT_CHANGE_KIND_UNSPECIFIED,
               fields.kind, "must be SET, REMOVE or WITHDRAW_RAISE");
  const bool sets = change.kind() == v1::SELF_LIMIT_CHANGE_KIND_SET;
  checks->That(change.has_limit_minor() == sets, fields.limit,
               sets ? "must be set" : "must be left out unless kind is SET");
  checks->Range(fields.limit, change.limit_minor(), 0, kPolicyAmountMax.minor());
  return {.kind = static_cast<LimitChangeKind>(change.kind()),
          .amount = Money(change.limit_minor())};
}

template <typename MessageType>
void ReadConfirmation(const MessageType& message, ConfirmationAction action, FieldChecks* checks,
                      ConfirmationRecord* request) {
  ReadPayer(message, checks, request);
  checks->That(v1::ConfirmationScope_IsValid(message.scope()) &&
                   message.scope() != v1::CONFIRMATION_SCOPE_UNSPECIFIED,
               "scope", "must be DAY_GATE, MONTH_GATE, SELF_LIMITS or REMINDERS");
  request->action = action;
  request->scope = static_cast<ConfirmationScope>(message.scope());
}

template <typename MessageType>
std::optional<CallError> ConvertFreeze(const MessageType& message, FreezeAction action,
                                       PayerFreezeRecord* request) {
  FieldChecks checks;
  ReadPayer(message, &checks, request);
  checks.Bytes("case_reference", message.case_reference(), 1, CaseName::kSizeMax);
  SetText(message.case_reference(), &request->case_name);
  request->action = action;
  return checks.TakeFault();
}

template <typename MessageType>
std::optional<CallError> ConvertChange(const MessageType& message, RechargeAction action,
                                       RechargeChange* request) {
  FieldChecks checks;
  ReadKey(message.idempotency_key(), &checks, &request->intent);
  checks.Id("recharge_id", message.recharge_id());
  request->action = action;
  request->recharge = RecordId(message.recharge_id());
  return checks.TakeFault();
}

// At most one of the ids may be set.
void ReadWhose(const v1::ListTipsRequest& message, FieldChecks* checks, TipFilter* filter) {
  checks->Range("payer_id", message.payer_id(), 0, kNoMax);
  checks->Range("streamer_id", message.streamer_id(), 0, kNoMax);
  checks->Range("session_id", message.session_id(), 0, kNoMax);
  const bool has_payer = message.payer_id() != 0;
  const bool has_streamer = message.streamer_id() != 0;
  const bool has_session = message.session_id() != 0;
  constexpr char kOnlyOne[] = "at most one of payer_id, streamer_id and session_id may be set";
  checks->That(!has_streamer || !has_payer, "streamer_id", kOnlyOne);
  checks->That(!has_session || (!has_payer && !has_streamer), "session_id", kOnlyOne);
  if (has_payer) filter->of = PayerId(message.payer_id());
  if (has_streamer) filter->of = StreamerId(message.streamer_id());
  if (has_session) filter->of = SessionId(message.session_id());
}

template <typename IdType>
std::optional<CallError> ConvertId(const char* field, int64_t value, IdType* id) {
  FieldChecks checks;
  checks.Id(field, value);
  *id = IdType(value);
  return checks.TakeFault();
}

}  // namespace

std::optional<CallError> Convert(const v1::TipIntent& intent, KeyUse key_use, TipRequest* request) {
  FieldChecks checks;
  if (key_use == KeyUse::kRequired) ReadKey(intent.idempotency_key(), &checks, &request->intent);
  checks.Id("payer_id", intent.payer_id());
  checks.Id("streamer_id", intent.streamer_id());
  checks.Id("session_id", intent.session_id());
  checks.Id("gift_id", intent.gift_id());
  checks.Range("unit_price_minor", intent.unit_price_minor(), 1, kUnitPriceMax.minor());
  checks.Range("count", intent.count(), 1, kCountMax);
  if (intent.has_create_time()) {
    request->intent.create_time_ms = ReadToldTime("create_time", intent.create_time(), &checks);
  }
  request->is_hold = intent.hold();
  if (intent.has_hold_ttl()) {
    checks.That(intent.hold(), "hold_ttl", "must be left out without hold");
    request->hold_ms = checks.DurationMs("hold_ttl", intent.hold_ttl(), kHoldMinMs, kHoldMaxMs);
  }
  request->payer = PayerId(intent.payer_id());
  request->streamer = StreamerId(intent.streamer_id());
  request->session = SessionId(intent.session_id());
  request->gift = GiftId(intent.gift_id());
  request->unit_price = Money(intent.unit_price_minor());
  request->count = intent.count();
  return checks.TakeFault();
}

std::optional<CallError> Convert(const v1::AuthorizeRechargeRequest& message,
                                 RechargeRequest* request) {
  return Convert(message, KeyUse::kRequired, request);
}

std::optional<CallError> Convert(const v1::AuthorizeRechargeRequest& message, KeyUse key_use,
                                 RechargeRequest* request) {
  FieldChecks checks;
  if (key_use == KeyUse::kRequired) ReadKey(message.idempotency_key(), &checks, &request->intent);
  checks.Id("payer_id", message.payer_id());
  checks.Range("amount_minor", message.amount_minor(), 1, kRechargeAmountMax.minor());
  if (message.has_hold_duration()) {
    request->hold_ms =
        checks.DurationMs("hold_duration", message.hold_duration(), kHoldMinMs, kHoldMaxMs);
  }
  if (message.has_create_time()) {
    request->intent.create_time_ms = ReadToldTime("create_time", message.create_time(), &checks);
  }
  request->payer = PayerId(message.payer_id());
  request->amount = Money(message.amount_minor());
  return checks.TakeFault();
}

std::optional<CallError> Convert(const v1::CaptureRechargeRequest& message,
                                 RechargeChange* request) {
  return ConvertChange(message, RechargeAction::kCapture, request);
}

std::optional<CallError> Convert(const v1::VoidRechargeRequest& message, RechargeChange* request) {
  return ConvertChange(message, RechargeAction::kVoid, request);
}

std::optional<CallError> Convert(const v1::RefundRechargeRequest& message,
                                 RechargeRefundRequest* request) {
  FieldChecks checks;
  ReadKey(message.idempotency_key(), &checks, &request->intent);
  checks.Id("recharge_id", message.recharge_id());
  checks.Range("amount_minor", message.amount_minor(), 1, kRechargeAmountMax.minor());
  ReadCase(message.case_reference(), &checks, &request->note);
  ReadReason(message.reason(), 1, &checks, &request->note);
  request->recharge = RecordId(message.recharge_id());
  request->amount = Money(message.amount_minor());
  return checks.TakeFault();
}

std::optional<CallError> Convert(const v1::GetRechargeRequest& message, RecordId* recharge) {
  FieldChecks checks;
  checks.Id("recharge_id", message.recharge_id());
  *recharge = RecordId(message.recharge_id());
  return checks.TakeFault();
}

std::optional<CallError> Convert(const v1::PausePayerRequest& message, PauseRecord* request) {
  FieldChecks checks;
  ReadPayer(message, &checks, request);
  checks.That(message.has_duration(), "duration", "must be set");
  request->duration_ms = checks.DurationMs("duration", message.duration(), kDayMs, kExclusionMaxMs);
  checks.That(IsPauseMs(request->duration_ms), "duration",
              "must be 24 h, 7, 30 or 42 days to pause, or 184 .. 3,660 days to exclude oneself");
  return checks.TakeFault();
}

std::optional<CallError> Convert(const v1::SetSelfLimitsRequest& message,
                                 SelfLimitsRecord* request) {
  FieldChecks checks;
  ReadPayer(message, &checks, request);
  checks.That(message.has_tip_max() || message.has_day_limit() || message.has_month_limit(),
              "tip_max", "at least one of tip_max, day_limit and month_limit must be set");
  if (message.has_tip_max()) {
    request->tip_max_change = ReadLimitChange(kTipMaxChange, message.tip_max(), &checks);
  }
  if (message.has_day_limit()) {
    request->day_limit_change = ReadLimitChange(kDayLimitChange, message.day_limit(), &checks);
  }
  if (message.has_month_limit()) {
    request->month_limit_change =
        ReadLimitChange(kMonthLimitChange, message.month_limit(), &checks);
  }
  checks.Bytes("confirmation_token", message.confirmation_token(), 0, ConfirmationToken::kSizeMax);
  SetText(message.confirmation_token(), &request->token);
  return checks.TakeFault();
}

std::optional<CallError> Convert(const v1::SetPreferencesRequest& message,
                                 PreferencesRecord* request) {
  FieldChecks checks;
  ReadPayer(message, &checks, request);
  checks.That(message.has_reminders() || message.has_public_display_allowed(), "reminders",
              "must be set, or public_display_allowed");
  checks.Bytes("confirmation_token", message.confirmation_token(), 0, ConfirmationToken::kSizeMax);
  SetText(message.confirmation_token(), &request->token);
  if (message.has_reminders()) request->reminders_change = ToSwitch(message.reminders());
  if (message.has_public_display_allowed()) {
    request->public_display_change = ToSwitch(message.public_display_allowed());
  }
  return checks.TakeFault();
}

std::optional<CallError> Convert(const v1::StartConfirmationRequest& message,
                                 ConfirmationRecord* request) {
  FieldChecks checks;
  ReadConfirmation(message, ConfirmationAction::kStart, &checks, request);
  return checks.TakeFault();
}

std::optional<CallError> Convert(const v1::CompleteConfirmationRequest& message,
                                 ConfirmationRecord* request) {
  FieldChecks checks;
  ReadConfirmation(message, ConfirmationAction::kComplete, &checks, request);
  checks.Bytes("token", message.token(), 1, ConfirmationToken::kSizeMax);
  checks.Bytes("proof_reference", message.proof_reference(), 1, ProofName::kSizeMax);
  SetText(message.token(), &request->token);
  SetText(message.proof_reference(), &request->proof);
  return checks.TakeFault();
}

std::optional<CallError> Convert(const v1::FreezePayerRequest& message,
                                 PayerFreezeRecord* request) {
  return ConvertFreeze(message, FreezeAction::kFreeze, request);
}

std::optional<CallError> Convert(const v1::UnfreezePayerRequest& message,
                                 PayerFreezeRecord* request) {
  return ConvertFreeze(message, FreezeAction::kUnfreeze, request);
}

std::optional<CallError> Convert(const v1::StartCoolingOffRequest& message,
                                 CoolingOffRecord* request) {
  FieldChecks checks;
  ReadPayer(message, &checks, request);
  checks.That(message.has_duration(), "duration", "must be set");
  request->duration_ms =
      checks.DurationMs("duration", message.duration(), kCoolingOffMinMs, kCoolingOffMaxMs);
  return checks.TakeFault();
}

std::optional<CallError> Convert(const v1::OpenSessionRequest& message, SessionRequest* request) {
  FieldChecks checks;
  ReadKey(message.idempotency_key(), &checks, &request->intent);
  checks.Id("session_id", message.session_id());
  checks.Id("streamer_id", message.streamer_id());
  request->session = SessionId(message.session_id());
  request->streamer = StreamerId(message.streamer_id());
  return checks.TakeFault();
}

std::optional<CallError> Convert(const v1::CloseSessionRequest& message, CloseRequest* request) {
  FieldChecks checks;
  ReadKey(message.idempotency_key(), &checks, &request->intent);
  checks.Id("session_id", message.session_id());
  request->session = SessionId(message.session_id());
  return checks.TakeFault();
}

std::optional<CallError> Convert(const v1::GetTipRequest& message, TipName* name) {
  FieldChecks checks;
  switch (message.name_case()) {
    case v1::GetTipRequest::kTipId:
      checks.Id("tip_id", message.tip_id());
      *name = RecordId(message.tip_id());
      break;
    case v1::GetTipRequest::kIdempotencyKey: {
      Intent intent;
      ReadKey(message.idempotency_key(), &checks, &intent);
      *name = intent.key;
      break;
    }
    case v1::GetTipRequest::NAME_NOT_SET:
      checks.That(false, "name", "tip_id or idempotency_key must be set");
      break;
  }
  return checks.TakeFault();
}

std::optional<CallError> Convert(const v1::ListTipsRequest& message, ListRequest* request) {
  TipFilter& filter = request->filter;
  FieldChecks checks;
  ReadWhose(message, &checks, &filter);
  if (message.has_start_time()) {
    filter.start_time_ms = ReadBound("start_time", message.start_time(), &checks);
  }
  if (message.has_end_time()) {
    filter.end_time_ms = ReadBound("end_time", message.end_time(), &checks);
  }
  checks.Range("page_size", message.page_size(), 0, kPageSizeMax);
  request->page_size = message.page_size() == 0 ? kPageSizeDefault : message.page_size();
  if (!message.page_token().empty()) {
    const std::optional<RecordId> next = ParsePageToken(filter, message.page_token());
    checks.That(next.has_value(), "page_token",
                "must be next_page_token of the page before, with all other fields as then");
    request->next = next.value_or(RecordId());
  }
  return checks.TakeFault();
}

std::optional<CallError> Convert(const v1::GetPayerRequest& message, PayerId* id) {
  return ConvertId("payer_id", message.payer_id(), id);
}

std::optional<CallError> Convert(const v1::GetStreamerRequest& message, StreamerId* id) {
  return ConvertId("streamer_id", message.streamer_id(), id);
}

std::optional<CallError> Convert(const v1::GetAgencyRequest& message, AgencyId* id) {
  return ConvertId("agency_id", message.agency_id(), id);
}

std::optional<CallError> Convert(const v1::GetSessionRequest& message, SessionId* id) {
  return ConvertId("session_id", message.session_id(), id);
}

}  // namespace tipgate
