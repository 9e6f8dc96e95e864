#include "server/tip_change_conversion.h"

#include "server/record_conversion.h"
#include "server/request_fields.h"
#include "server/time_conversion.h"

namespace tipgate {
namespace {

static_assert(static_cast<int>(TipState::kRejected) == v1::TIP_STATE_REJECTED);
static_assert(static_cast<int>(TipState::kPending) == v1::TIP_STATE_PENDING);
static_assert(static_cast<int>(TipState::kSettled) == v1::TIP_STATE_SETTLED);
static_assert(static_cast<int>(TipState::kHeld) == v1::TIP_STATE_HELD);
static_assert(static_cast<int>(TipState::kFrozen) == v1::TIP_STATE_FROZEN);
static_assert(static_cast<int>(TipState::kVoided) == v1::TIP_STATE_VOIDED);
static_assert(static_cast<int>(TipState::kRefunded) == v1::TIP_STATE_REFUNDED);

template <typename MessageType>
void ReadTip(const MessageType& message, TipAction action, FieldChecks* checks,
             TipChangeRequest* request) {
  ReadKey(message.idempotency_key(), checks, &request->intent);
  checks->Id("tip_id", message.tip_id());
  request->action = action;
  request->tip = RecordId(message.tip_id());
}

void ReadPart(const v1::RefundTipRequest& message, FieldChecks* checks, TipChangeRequest* request) {
  switch (message.part_case()) {
    case v1::RefundTipRequest::kAmountMinor:
      checks->Range("amount_minor", message.amount_minor(), 1, kNoMax);
      request->amount = Money(message.amount_minor());
      return;
    case v1::RefundTipRequest::kPermille:
      checks->Range("permille", message.permille(), 1, kPermilleMax);
      request->permille = message.permille();
      return;
    case v1::RefundTipRequest::PART_NOT_SET:
      break;
  }
  checks->That(false, "part", "one of amount_minor and permille must be set");
}

void FillChange(const TipChangeRecord& record, const Entry& entry, v1::TipChange* out) {
  const Tip& after = entry.View(record.after).front();
  const TipState state = StateAfter(record, after);
  out->set_tip_id(after.id.value());
  out->set_outcome(static_cast<v1::Outcome>(record.outcome));
  FillViolations(entry.View(record.violations), out->mutable_violations());
  out->set_state(static_cast<v1::TipState>(state));
  out->set_amount_minor(record.amount.minor());
  out->set_left_minor(after.left().minor());
  out->set_released_minor(after.released.minor());
  out->set_refunded_minor(after.refunded.minor());
  if (state == TipState::kPending) {
    SetUnixMs(after.settle_time_ms, out->mutable_settle_time());
  }
  SetUnixMs(entry.moment.time_ms, out->mutable_decide_time());
  out->set_policy_version(record.policy_version);
  out->set_to_balance_minor(ToBalance(record, after).minor());
}

}  // namespace

std::optional<CallError> Convert(const v1::CaptureTipRequest& message, TipChangeRequest* request) {
  FieldChecks checks;
  ReadTip(message, TipAction::kCapture, &checks, request);
  if (message.has_amount_minor()) {
    checks.Range("amount_minor", message.amount_minor(), 1, kNoMax);
    request->amount = Money(message.amount_minor());
  }
  return checks.TakeFault();
}

std::optional<CallError> Convert(const v1::VoidTipRequest& message, TipChangeRequest* request) {
  FieldChecks checks;
  ReadTip(message, TipAction::kVoid, &checks, request);
  return checks.TakeFault();
}

std::optional<CallError> Convert(const v1::RefundTipRequest& message, TipChangeRequest* request) {
  FieldChecks checks;
  ReadTip(message, TipAction::kRefund, &checks, request);
  ReadPart(message, &checks, request);
  ReadCase(message.case_reference(), &checks, &request->note);
  ReadReason(message.reason(), 1, &checks, &request->note);
  return checks.TakeFault();
}

void FillResponse(const TipChangeRecord& record, const Entry& entry, RecordId,
                  v1::CaptureTipResponse* out) {
  FillChange(record, entry, out->mutable_change());
}

void FillResponse(const TipChangeRecord& record, const Entry& entry, RecordId,
                  v1::VoidTipResponse* out) {
  FillChange(record, entry, out->mutable_change());
}

void FillResponse(const TipChangeRecord& record, const Entry& entry, RecordId,
                  v1::RefundTipResponse* out) {
  FillChange(record, entry, out->mutable_change());
}

void FillTipLife(const Tip& tip, const Totals& totals, v1::Tip* out) {
  const TipState state = StateOf(tip, totals);
  out->set_state(static_cast<v1::TipState>(state));
  out->set_released_minor(tip.released.minor());
  out->set_refunded_minor(tip.refunded.minor());
  out->set_left_minor(tip.left().minor());
  out->set_paid_from_balance(tip.is_paid_from_wallet);
  if (tip.expire_time_ms != 0) SetUnixMs(tip.expire_time_ms, out->mutable_expire_time());
  if (tip.pending_time_ms == 0) return;
  SetUnixMs(tip.settle_time_ms, out->mutable_settle_time());
  out->set_agency_id(tip.terms.agency.value());
  if (state != TipState::kSettled && tip.refunded_settled == Money()) return;
  const IncomeShares shares = tip.terms.SharesOf(tip.left() + tip.refunded_settled);
  out->set_streamer_share_minor(shares.streamer.minor());
  out->set_agency_share_minor(shares.agency.minor());
  out->set_platform_share_minor(shares.platform.minor());
}

}  // namespace tipgate
