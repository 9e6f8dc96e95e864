// The fields of everything that one may ask of the oracle and that it answers, by name: so that a
// comparison and a printed trace need no code of their own for each.
#pragma once

#include <tuple>

#include "tests/oracle/control_requests.h"
#include "tests/oracle/income_requests.h"
#include "tests/oracle/policy.h"
#include "tests/oracle/requests.h"
#include "tests/oracle/results.h"

namespace tipgate::differ {

template <typename T, typename Value>
struct Field {
  const char* name;
  Value T::*member;
};
template <typename T, typename Value>
Field(const char*, Value T::*) -> Field<T, Value>;

// A std::tuple of Field for each struct below; no list for anything else.
template <typename T>
struct FieldsOf;

template <typename T>
concept HasFields = requires {
  FieldsOf<T>::kList;
};

#define TIPGATE_PARENS ()
#define TIPGATE_EXPAND(...) TIPGATE_EXPAND3(TIPGATE_EXPAND3(TIPGATE_EXPAND3(__VA_ARGS__)))
#define TIPGATE_EXPAND3(...) TIPGATE_EXPAND2(TIPGATE_EXPAND2(TIPGATE_EXPAND2(__VA_ARGS__)))
#define TIPGATE_EXPAND2(...) TIPGATE_EXPAND1(TIPGATE_EXPAND1(TIPGATE_EXPAND1(__VA_ARGS__)))
#define TIPGATE_EXPAND1(...) __VA_ARGS__
#define TIPGATE_FIELD_LIST(field, ...) \
  Field{#field, &T::field} __VA_OPT__(, TIPGATE_FIELD_AGAIN TIPGATE_PARENS(__VA_ARGS__))
#define TIPGATE_FIELD_AGAIN() TIPGATE_FIELD_LIST
#define TIPGATE_FIELDS(type, ...)                                                       \
  template <>                                                                           \
  struct FieldsOf<oracle::type> {                                                       \
    using T = oracle::type;                                                             \
    static constexpr std::tuple kList{TIPGATE_EXPAND(TIPGATE_FIELD_LIST(__VA_ARGS__))}; \
  }

TIPGATE_FIELDS(BirthDate, year, month, day);
TIPGATE_FIELDS(Limits, tip_max, day, month);
TIPGATE_FIELDS(TierPolicy, name, session_received_max, session_duration_max_ms,
               sessions_per_day_max, session_interval_ms, settle_delay_ms);
TIPGATE_FIELDS(SettleDelayClass, min_amount, settle_delay_ms);
TIPGATE_FIELDS(MinorLimits, single_max, day_limit);
TIPGATE_FIELDS(MinorPolicy, profile, age_8_to_15, age_16_to_17);
TIPGATE_FIELDS(RechargePolicy, single_max, day_limit, month_limit, hold_ms);
TIPGATE_FIELDS(ConfirmPolicy, day_permille, month_permille, strict_crossing);
TIPGATE_FIELDS(CoolingOffPolicy, single_amount, window_amount, window_count, window_ms, duration_ms,
               mode, hold_ttl_ms);
TIPGATE_FIELDS(SharePolicy, streamer_permille, agency_permille);
TIPGATE_FIELDS(Policy, version, time_zone, gift_price_max, tip_max, day_limit, month_limit,
               reminder_permille, facts_max_age_ms, tiers, settle_delays, recharge, minors,
               payer_tiers, confirm, cooling_off, tip_hold_ttl_ms, remorse_window_ms,
               void_restores_headroom, tier_change_at_once, wallet_managed, shares, raise_delay_ms,
               mute_factor, recovery_months);
TIPGATE_FIELDS(Gift, gift_id, unit_price, is_disabled, random_reward);
TIPGATE_FIELDS(PayerFacts, real_name_verified, birth_date, age_band, guardian_consent, youth_mode,
               observe_time_ms, payer_tier, guardian, risk);
TIPGATE_FIELDS(PutPayerRequest, idempotency_key, payer_id, facts);
TIPGATE_FIELDS(StreamerFacts, real_name_verified, birth_date, age_band, guardian_consent, tier,
               agency_id, observe_time_ms, payer_id);
TIPGATE_FIELDS(PutStreamerRequest, idempotency_key, streamer_id, facts);
TIPGATE_FIELDS(PausePayerRequest, idempotency_key, payer_id, duration_ms);
TIPGATE_FIELDS(OpenSessionRequest, idempotency_key, session_id, streamer_id);
TIPGATE_FIELDS(CloseSessionRequest, idempotency_key, session_id);
TIPGATE_FIELDS(TipRequest, idempotency_key, payer_id, streamer_id, session_id, gift_id, unit_price,
               count, create_time_ms, app, hold, hold_ttl_ms);
TIPGATE_FIELDS(AuthorizeRechargeRequest, idempotency_key, payer_id, amount, hold_ms, create_time_ms,
               app);
TIPGATE_FIELDS(CaptureRechargeRequest, idempotency_key, recharge_id);
TIPGATE_FIELDS(VoidRechargeRequest, idempotency_key, recharge_id);
TIPGATE_FIELDS(StopScope, kind, app, id);
TIPGATE_FIELDS(EmergencyStopRequest, idempotency_key, scope, identity);
TIPGATE_FIELDS(LiftStopRequest, idempotency_key, scope, identity);
TIPGATE_FIELDS(FreezePayerRequest, idempotency_key, payer_id, case_reference, identity);
TIPGATE_FIELDS(UnfreezePayerRequest, idempotency_key, payer_id, case_reference, identity);
TIPGATE_FIELDS(StartCoolingOffRequest, idempotency_key, payer_id, duration_ms, identity);
TIPGATE_FIELDS(SanctionStreamerRequest, idempotency_key, streamer_id, kind, until_ms,
               mute_duration_ms, is_violation, reason, case_reference);
TIPGATE_FIELDS(LiftSanctionRequest, idempotency_key, streamer_id, sanction_id);
TIPGATE_FIELDS(LimitChange, limit, withdraws_raise);
TIPGATE_FIELDS(SetSelfLimitsRequest, idempotency_key, payer_id, tip_max, day, month,
               confirmation_token);
TIPGATE_FIELDS(WithdrawSelfLimitsRequest, idempotency_key, payer_id);
TIPGATE_FIELDS(SetPreferencesRequest, idempotency_key, payer_id, reminders, public_display,
               confirmation_token);
TIPGATE_FIELDS(StartConfirmationRequest, idempotency_key, payer_id, scope, period);
TIPGATE_FIELDS(CompleteConfirmationRequest, idempotency_key, token, payer_id, scope, period,
               proof_reference);
TIPGATE_FIELDS(CaptureTipRequest, idempotency_key, tip_id, amount);
TIPGATE_FIELDS(VoidTipRequest, idempotency_key, tip_id);
TIPGATE_FIELDS(RefundTipRequest, idempotency_key, tip_id, amount, permille, reason, case_reference);
TIPGATE_FIELDS(IncomeScope, kind, id, start_ms, end_ms);
TIPGATE_FIELDS(FreezeIncomeRequest, idempotency_key, scope, case_reference);
TIPGATE_FIELDS(ReleaseIncomeRequest, idempotency_key, scope, case_reference);
TIPGATE_FIELDS(SetManualDelayRequest, idempotency_key, streamer_id, delay_ms);
TIPGATE_FIELDS(RefundRechargeRequest, idempotency_key, recharge_id, amount, reason, case_reference);
TIPGATE_FIELDS(Violation, code, origin, limit, used, requested, retry_time_ms);
TIPGATE_FIELDS(Reminder, period, permille);
TIPGATE_FIELDS(TipResult, error, is_replay, tip_id, outcome, violations, amount, amount_max,
               count_max, day_total, day_left, month_total, month_left, reminders, settle_time_ms,
               expire_time_ms, retry_time_ms, cooling_off_end_ms, decide_time_ms, policy_version,
               balance);
TIPGATE_FIELDS(RechargeResult, error, is_replay, recharge_id, outcome, violations, amount,
               amount_max, day_total, day_left, month_total, month_left, state, expire_time_ms,
               retry_time_ms, return_money, decide_time_ms, policy_version, refunded, balance);
TIPGATE_FIELDS(TipLifeResult, error, is_replay, outcome, violations, state, amount, released,
               refunded, settle_time_ms);
TIPGATE_FIELDS(IncomeResult, error, is_replay, count, amount);
TIPGATE_FIELDS(OpenSessionResult, error, is_replay, outcome, violations, max_end_time_ms,
               received_max, retry_time_ms, policy_version);
TIPGATE_FIELDS(PausePayerResult, error, is_replay, pause_end_ms);
TIPGATE_FIELDS(SelfLimitView, limit, raise_time_ms, raised_limit);
TIPGATE_FIELDS(SelfLimitsResult, error, is_replay, outcome, violations, tip_max, day, month);
TIPGATE_FIELDS(PreferencesResult, error, is_replay, outcome, violations, reminders_are_on,
               public_display);
TIPGATE_FIELDS(ConfirmationResult, error, is_replay, outcome, refusal, token, attempts_left,
               expire_time_ms);
TIPGATE_FIELDS(CoolingOffResult, error, is_replay, cooling_off_end_ms);
TIPGATE_FIELDS(FreezeResult, error, is_replay, is_frozen, first_identity);
TIPGATE_FIELDS(StopResult, error, is_replay, is_stopped, start_ms, first_identity);
TIPGATE_FIELDS(SanctionResult, error, is_replay, end_ms, is_suspended, suspended_end_ms);
TIPGATE_FIELDS(GateView, threshold, is_passed);
TIPGATE_FIELDS(ChangeResult, error, is_replay);
TIPGATE_FIELDS(Usage, limit, origin, used, left, reset_time_ms);
TIPGATE_FIELDS(PayerView, error, tip_max, tip_max_origin, tip_day, tip_month, recharge_day,
               recharge_month, pause_end_ms, cooling_off_end_ms, freezes, self_tip_max, self_day,
               self_month, day_gate, month_gate, balance, reminders_are_on, public_display);
TIPGATE_FIELDS(TipView, error, state, amount, released, refunded, settle_time_ms, streamer_share,
               agency_share, platform_share);
TIPGATE_FIELDS(AgencyView, error, income, receivable);
TIPGATE_FIELDS(StreamerView, error, pending, frozen, settled, income, receivable, open_session_id,
               sessions_today, is_suspended, suspended_end_ms, sanctions);
TIPGATE_FIELDS(StopView, scope, start_ms, identity, first_identity);
TIPGATE_FIELDS(StopsView, stops);
TIPGATE_FIELDS(SessionView, error, max_end_time_ms, close_time_ms, received, received_max);
TIPGATE_FIELDS(Totals, tips_accepted, tips_rejected, accepted, held, pending, frozen, settled,
               voided, refunded, reminders, recharge_authorized, recharge_held, recharge_captured,
               recharge_voided, recharge_expired, recharge_refunded, balances);

#undef TIPGATE_FIELDS

}  // namespace tipgate::differ
