#include "server/record_conversion.h"

#include <string>

#include "server/limit_conversion.h"
#include "server/time_conversion.h"
#include "yaml/duration_text.h"

namespace tipgate {
namespace {

static_assert(static_cast<int>(Outcome::kAccepted) == v1::OUTCOME_ACCEPTED);
static_assert(static_cast<int>(Outcome::kRejected) == v1::OUTCOME_REJECTED);
static_assert(static_cast<int>(LimitOrigin::kAgeBand) == v1::LIMIT_ORIGIN_AGE_BAND);
static_assert(static_cast<int>(LimitOrigin::kRisk) == v1::LIMIT_ORIGIN_RISK);
static_assert(static_cast<int>(Period::kMonth) == v1::PERIOD_MONTH);
static_assert(static_cast<int>(AgeBand::kAdult) == v1::AGE_BAND_ADULT);
static_assert(static_cast<int>(ConfirmationScope::kReminders) == v1::CONFIRMATION_SCOPE_REMINDERS);
static_assert(static_cast<int>(ConfirmationRefusal::kPolicyChanged) ==
              v1::CONFIRMATION_REFUSAL_POLICY_CHANGED);
static_assert(static_cast<int>(RechargeState::kReturned) == v1::RECHARGE_STATE_RETURNED);
static_assert(kRejectionCodesEnd == v1::RejectionCode_ARRAYSIZE);

std::string ToString(absl::string_view text) { return std::string(text); }

void FillIntent(const TipRequest& request, v1::TipIntent* out) {
  out->set_idempotency_key(ToString(request.intent.key.view()));
  out->set_payer_id(request.payer.value());
  out->set_streamer_id(request.streamer.value());
  out->set_session_id(request.session.value());
  out->set_gift_id(request.gift.value());
  out->set_unit_price_minor(request.unit_price.minor());
  out->set_count(request.count);
  if (request.intent.create_time_ms != 0) {
    SetUnixMs(request.intent.create_time_ms, out->mutable_create_time());
  }
  out->set_hold(request.is_hold);
  if (request.hold_ms != 0) SetMilliseconds(request.hold_ms, out->mutable_hold_ttl());
}

// What the facts of payers and of streamers have in common.
template <typename RecordType, typename FactsType>
void FillCommonFacts(const RecordType& record, FactsType* out) {
  out->set_real_name_verified(record.is_verified);
  if (record.age.has_birth_date()) {
    v1::Date* const date = out->mutable_birth_date();
    date->set_year(record.age.birth_date.year);
    date->set_month(record.age.birth_date.month);
    date->set_day(record.age.birth_date.day);
  } else if (record.age.band != AgeBand::kUnknown) {
    out->set_age_band(static_cast<v1::AgeBand>(record.age.band));
  }
  out->set_source(ToString(record.source.view()));
  SetUnixMs(record.observe_time_ms, out->mutable_observe_time());
}

void FillSession(const SessionRecord& record, v1::Session* out) {
  out->set_session_id(record.session.value());
  out->set_streamer_id(record.streamer.value());
  out->set_tier(ToString(record.tier.view()));
  SetUnixMs(record.open_time_ms, out->mutable_open_time());
  SetUnixMs(record.max_end_time_ms, out->mutable_max_end_time());
  out->set_received_minor(record.received.minor());
  out->set_received_max_minor(record.received_max.minor());
}

}  // namespace

void FillDecision(const RechargeRecord& record, const Entry& entry, RecordId id,
                  v1::RechargeDecision* out) {
  out->set_recharge_id(record.recharge.is_set() ? record.recharge.value() : id.value());
  out->set_outcome(static_cast<v1::Outcome>(record.outcome));
  FillViolations(entry.View(record.violations), out->mutable_violations());
  out->set_amount_minor(record.amount.minor());
  out->set_amount_max_minor(record.amount_max.minor());
  out->set_day_total_minor(record.day_total.minor());
  out->set_day_left_minor(record.day_left.minor());
  out->set_month_total_minor(record.month_total.minor());
  out->set_month_left_minor(record.month_left.minor());
  out->set_state(static_cast<v1::RechargeState>(record.state));
  if (record.state == RechargeState::kHeld) {
    SetUnixMs(record.expire_time_ms, out->mutable_expire_time());
  }
  if (record.retry_time_ms != 0) SetUnixMs(record.retry_time_ms, out->mutable_retry_time());
  SetUnixMs(entry.moment.time_ms, out->mutable_decide_time());
  out->set_policy_version(record.policy_version);
  if (record.balance != kNoBalance) out->set_balance_minor(record.balance.minor());
}

void FillDecision(const TipRecord& tip, const Entry& entry, RecordId id, v1::TipDecision* out) {
  out->set_tip_id(id.value());
  out->set_outcome(static_cast<v1::Outcome>(tip.outcome));
  FillViolations(entry.View(tip.violations), out->mutable_violations());
  out->set_amount_minor(tip.request.amount().minor());
  out->set_amount_max_minor(tip.amount_max.minor());
  out->set_count_max(tip.count_max);
  out->set_day_total_minor(tip.day_total.minor());
  out->set_day_left_minor(tip.day_left.minor());
  out->set_month_total_minor(tip.month_total.minor());
  out->set_month_left_minor(tip.month_left.minor());
  for (const Reminder& reminder : entry.View(tip.reminders)) {
    v1::Reminder* const added = out->add_reminders();
    added->set_period(static_cast<v1::Period>(reminder.period));
    added->set_threshold_permille(reminder.permille);
  }
  if (tip.is_held()) {
    SetUnixMs(tip.expire_time_ms, out->mutable_expire_time());
  } else if (tip.is_accepted()) {
    SetUnixMs(entry.moment.time_ms + tip.terms.settle_delay_ms, out->mutable_settle_time());
  }
  if (tip.retry_time_ms != 0) SetUnixMs(tip.retry_time_ms, out->mutable_retry_time());
  SetUnixMs(entry.moment.time_ms, out->mutable_decide_time());
  out->set_policy_version(tip.policy_version);
  if (tip.cooling_off_end_ms != 0) {
    SetUnixMs(tip.cooling_off_end_ms, out->mutable_cooling_off_end_time());
  }
  if (tip.balance != kNoBalance) out->set_balance_minor(tip.balance.minor());
}

void FillRecharge(const Recharge& recharge, v1::Recharge* out) {
  out->set_recharge_id(recharge.id.value());
  out->set_payer_id(recharge.payer.value());
  out->set_amount_minor(recharge.amount.minor());
  out->set_state(static_cast<v1::RechargeState>(recharge.state));
  SetUnixMs(recharge.expire_time_ms, out->mutable_expire_time());
  if (recharge.close_time_ms != 0) SetUnixMs(recharge.close_time_ms, out->mutable_close_time());
  out->set_in_balance(recharge.is_in_wallet);
  out->set_refunded_minor(recharge.refunded.minor());
}

void FillViolations(absl::Span<const Violation> violations,
                    google::protobuf::RepeatedPtrField<v1::Violation>* out) {
  for (const Violation& violation : violations) {
    v1::Violation* const added = out->Add();
    added->set_code(static_cast<v1::RejectionCode>(violation.code));
    added->set_limit_minor(violation.limit);
    added->set_used_minor(violation.used);
    added->set_requested_minor(violation.requested);
    added->set_origin(static_cast<v1::LimitOrigin>(violation.origin));
    if (violation.retry_time_ms != 0) {
      SetUnixMs(violation.retry_time_ms, added->mutable_retry_time());
    }
    added->set_period(static_cast<v1::Period>(violation.period));
  }
}

void FillTip(const TipRecord& tip, const Entry& entry, RecordId id, v1::Tip* out) {
  FillIntent(tip.request, out->mutable_intent());
  FillDecision(tip, entry, id, out->mutable_decision());
  if (!tip.is_accepted()) out->set_state(v1::TIP_STATE_REJECTED);
}

void FillResponse(const RechargeRecord& record, const Entry& entry, RecordId id,
                  v1::AuthorizeRechargeResponse* out) {
  FillDecision(record, entry, id, out->mutable_decision());
}

void FillResponse(const RechargeRecord& record, const Entry& entry, RecordId id,
                  v1::CaptureRechargeResponse* out) {
  FillDecision(record, entry, id, out->mutable_decision());
  out->set_return_money(record.outcome == Outcome::kRejected);
}

void FillResponse(const RechargeRecord& record, const Entry& entry, RecordId id,
                  v1::VoidRechargeResponse* out) {
  FillDecision(record, entry, id, out->mutable_decision());
}

void FillResponse(const RechargeRecord& record, const Entry& entry, RecordId,
                  v1::RefundRechargeResponse* out) {
  FillRecharge(entry.View(record.after).front(), out->mutable_recharge());
  out->set_amount_minor(record.refund.minor());
  out->set_balance_minor(record.balance.minor());
  SetUnixMs(entry.moment.time_ms, out->mutable_decide_time());
  out->set_policy_version(record.policy_version);
}

void FillResponse(const PayerRecord& record, const Entry& entry, RecordId,
                  v1::PutPayerResponse* out) {
  out->set_payer_id(record.payer.value());
  FillFacts(record, out->mutable_facts());
  SetUnixMs(entry.moment.time_ms, out->mutable_update_time());
}

void FillResponse(const PauseRecord& record, const Entry&, RecordId, v1::PausePayerResponse* out) {
  out->set_payer_id(record.payer.value());
  SetUnixMs(record.end_time_ms, out->mutable_pause_end_time());
}

void FillResponse(const SelfLimitsRecord& record, const Entry& entry, RecordId,
                  v1::SetSelfLimitsResponse* out) {
  out->set_payer_id(record.payer.value());
  out->set_outcome(static_cast<v1::Outcome>(record.outcome));
  FillViolations(entry.View(record.violations), out->mutable_violations());
  FillSelfLimits(record.tip_max, record.day_limit, record.month_limit, entry.moment.time_ms,
                 out->mutable_self_limits());
  SetUnixMs(entry.moment.time_ms, out->mutable_decide_time());
}

void FillResponse(const PreferencesRecord& record, const Entry& entry, RecordId,
                  v1::SetPreferencesResponse* out) {
  out->set_payer_id(record.payer.value());
  out->set_outcome(static_cast<v1::Outcome>(record.outcome));
  FillViolations(entry.View(record.violations), out->mutable_violations());
  FillPreferences(record, out->mutable_preferences());
  SetUnixMs(entry.moment.time_ms, out->mutable_decide_time());
}

void FillResponse(const ConfirmationRecord& record, const Entry&, RecordId,
                  v1::StartConfirmationResponse* out) {
  out->set_payer_id(record.payer.value());
  out->set_scope(static_cast<v1::ConfirmationScope>(record.scope));
  out->set_token(ToString(record.token.view()));
  SetUnixMs(record.expire_time_ms, out->mutable_expire_time());
  out->set_attempts_left(record.attempts_left);
}

void FillResponse(const ConfirmationRecord& record, const Entry& entry, RecordId,
                  v1::CompleteConfirmationResponse* out) {
  out->set_payer_id(record.payer.value());
  out->set_scope(static_cast<v1::ConfirmationScope>(record.scope));
  out->set_outcome(static_cast<v1::Outcome>(record.outcome));
  out->set_refusal(static_cast<v1::ConfirmationRefusal>(record.refusal));
  out->set_attempts_left(record.attempts_left);
  SetUnixMs(entry.moment.time_ms, out->mutable_decide_time());
}

void FillResponse(const PayerFreezeRecord& record, const Entry&, RecordId,
                  v1::FreezePayerResponse* out) {
  out->set_payer_id(record.payer.value());
  out->mutable_freeze()->set_case_reference(ToString(record.case_name.view()));
}

void FillResponse(const PayerFreezeRecord& record, const Entry&, RecordId,
                  v1::UnfreezePayerResponse* out) {
  out->set_payer_id(record.payer.value());
  out->set_frozen(record.is_frozen);
  out->set_unfreeze_approver(ToString(record.first_approver.view()));
}

void FillResponse(const CoolingOffRecord& record, const Entry&, RecordId,
                  v1::StartCoolingOffResponse* out) {
  out->set_payer_id(record.payer.value());
  SetUnixMs(record.end_time_ms, out->mutable_cooling_off_end_time());
}

void FillResponse(const StreamerRecord& record, const Entry& entry, RecordId,
                  v1::PutStreamerResponse* out) {
  out->set_streamer_id(record.streamer.value());
  FillFacts(record, out->mutable_facts());
  SetUnixMs(entry.moment.time_ms, out->mutable_update_time());
}

void FillResponse(const SessionRecord& record, const Entry& entry, RecordId,
                  v1::OpenSessionResponse* out) {
  out->set_outcome(static_cast<v1::Outcome>(record.outcome));
  FillViolations(entry.View(record.violations), out->mutable_violations());
  if (record.outcome == Outcome::kAccepted) FillSession(record, out->mutable_session());
  if (record.retry_time_ms != 0) SetUnixMs(record.retry_time_ms, out->mutable_retry_time());
  SetUnixMs(entry.moment.time_ms, out->mutable_decide_time());
  out->set_policy_version(record.policy_version);
}

void FillResponse(const SessionRecord& record, const Entry& entry, RecordId,
                  v1::CloseSessionResponse* out) {
  FillSession(record, out->mutable_session());
  SetUnixMs(entry.moment.time_ms, out->mutable_session()->mutable_close_time());
}

void FillFacts(const PayerRecord& record, v1::PayerFacts* out) {
  FillCommonFacts(record, out);
  out->set_guardian_consent(record.has_guardian_consent);
  out->set_youth_mode(record.has_youth_mode);
  out->set_tier(ToString(record.tier.view()));
  if (record.guardian != PayerLimits()) FillLimits(record.guardian, out->mutable_guardian_limits());
  if (record.risk != PayerLimits()) FillLimits(record.risk, out->mutable_risk_limits());
}

void FillFacts(const StreamerRecord& record, v1::StreamerFacts* out) {
  FillCommonFacts(record, out);
  out->set_guardian_consent(record.has_guardian_consent);
  out->set_tier(ToString(record.tier.view()));
  out->set_agency_id(record.agency.value());
  out->set_payer_id(record.payer.value());
}

}  // namespace tipgate
