#include "server/payer_handlers.h"

#include <algorithm>
#include <string>
#include <variant>

#include "core/rules/confirmation_gate.h"
#include "core/rules/fact_rules.h"
#include "core/rules/limit.h"
#include "core/rules/payer_blocks.h"
#include "server/change_job.h"
#include "server/facts_conversion.h"
#include "server/limit_conversion.h"
#include "server/time_conversion.h"
#include "server/visit_job.h"

namespace tipgate {
namespace {

void FillUsage(const Limit& limit, Money used, int64_t reset_time_ms, v1::Usage* out) {
  out->set_limit_minor(limit.amount.minor());
  out->set_origin(static_cast<v1::LimitOrigin>(limit.origin));
  out->set_used_minor(used.minor());
  out->set_left_minor(std::max(limit.amount - used, Money()).minor());
  SetUnixMs(reset_time_ms, out->mutable_reset_time());
}

void FillLimit(const Limit& limit, v1::EffectiveLimit* out) {
  out->set_limit_minor(limit.amount.minor());
  out->set_origin(static_cast<v1::LimitOrigin>(limit.origin));
}

// Left out if the policy has no such gate.
void FillGate(const Limit& limit, int32_t permille, bool is_passed,
              v1::ConfirmationGate* (v1::Payer::*mutable_gate)(), v1::Payer* out) {
  if (permille == 0) return;
  const ConfirmationGate gate = {.limit = limit, .permille = permille};
  (out->*mutable_gate)()->set_threshold_minor(gate.threshold().minor());
  (out->*mutable_gate)()->set_passed(is_passed);
}

// Totals, limits and gates, as the rules see them.
void FillUsages(const Payer& payer, const PayerControls& controls, const Policy& policy,
                const Moment& now, v1::Payer* out) {
  const PeriodTotals& tips = payer.tips;
  const PeriodTotals& recharges = payer.recharges;
  const MinorLimits* const minor = LimitsOfMinor(&payer, policy, now);
  const TipLimits limits = EffectiveLimits(policy, &controls, now.time_ms);
  const Limit day_limit = WithMinor(limits.day_limit, minor);
  FillUsage(day_limit, tips.DayTotal(now), now.day_end_ms, out->mutable_tip_day());
  FillUsage(limits.month_limit, tips.MonthTotal(now), now.month_end_ms, out->mutable_tip_month());
  FillUsage(WithMinor({.amount = policy.recharge_day_limit}, minor), recharges.DayTotal(now),
            now.day_end_ms, out->mutable_recharge_day());
  FillUsage({.amount = policy.recharge_month_limit}, recharges.MonthTotal(now), now.month_end_ms,
            out->mutable_recharge_month());
  FillLimit(minor == nullptr ? limits.tip_max
                             : limits.tip_max.AtMost(minor->single_max, LimitOrigin::kAgeBand),
            out->mutable_tip_max());
  const Limit recharge_max = {.amount = policy.recharge_single_max};
  FillLimit(minor == nullptr ? recharge_max
                             : recharge_max.AtMost(minor->single_max, LimitOrigin::kAgeBand),
            out->mutable_recharge_max());
  FillGate(day_limit, policy.confirmation.day_permille, controls.confirmed_day == now.day,
           &v1::Payer::mutable_day_gate, out);
  FillGate(limits.month_limit, policy.confirmation.month_permille,
           controls.confirmed_month == now.month, &v1::Payer::mutable_month_gate, out);
}

// What holds the payer back besides.
void FillControls(const PayerControls& controls, int64_t now_ms, v1::Payer* out) {
  if (!FillSelfLimits(controls.tip_max, controls.day_limit, controls.month_limit, now_ms,
                      out->mutable_self_limits())) {
    out->clear_self_limits();
  }
  if (controls.cooling_off_end_ms > now_ms) {
    SetUnixMs(controls.cooling_off_end_ms, out->mutable_cooling_off_end_time());
  }
  for (const PayerFreeze& freeze : controls.freezes) {
    v1::PayerFreeze& told = *out->add_freezes();
    told.set_case_reference(std::string(freeze.case_name.view()));
    told.set_unfreeze_approver(std::string(freeze.unfreeze_approver.view()));
  }
}

// The state has totals and limits, the record that put the facts has the facts as they were told.
class GetPayerJob final : public ReadingJob {
 public:
  using ReadingJob::ReadingJob;

  void Read(EntryReader* reader) override {
    const RecordId facts = visit().found->facts_record;
    const Entry* const entry = ReadEntryOf(&context(), facts, reader);
    if (entry == nullptr) return rpc().Fail(DamagedError());
    v1::Payer& payer = *response_.mutable_payer();
    FillFacts(std::get<PayerRecord>(entry->records[facts.position()]), payer.mutable_facts());
    SetUnixMs(entry->moment.time_ms, payer.mutable_update_time());
    rpc().Reply(response_);
  }

 protected:
  bool Answer(const Batch& batch) override {
    if (!visit().found.has_value()) {
      rpc().Fail(NotFound("payer_id", "payer"));
      return true;
    }
    v1::Payer& payer = *response_.mutable_payer();
    payer.set_payer_id(visit().id.value());
    const Moment& now = batch.entry.moment;
    FillUsages(*visit().found, visit().controls, *visit().policy, now, &payer);
    FillControls(visit().controls, now.time_ms, &payer);
    FillPreferences(visit().controls, payer.mutable_preferences());
    for (const RejectionCode code :
         RulesAgainst(*visit().found, visit().controls, *visit().policy, now)) {
      payer.add_refused_by(static_cast<v1::RejectionCode>(code));
    }
    if (visit().policy->keeps_balances()) {
      payer.set_balance_minor(visit().found->balance.minor());
    }
    if (visit().found->pause_end_ms > now.time_ms) {
      SetUnixMs(visit().found->pause_end_ms, payer.mutable_pause_end_time());
    }
    return false;
  }

 private:
  PayerVisit& visit() { return std::get<PayerVisit>(command); }

  v1::GetPayerResponse response_;
};

}  // namespace

RpcHandler PutPayerHandler(ServiceContext* context) {
  return ChangeJob<v1::PutPayerRequest, v1::PutPayerResponse, PayerCommand, PayerRecord>::Handler(
      context);
}

RpcHandler GetPayerHandler(ServiceContext* context) {
  return VisitHandler<v1::GetPayerRequest, PayerVisit, GetPayerJob>(context);
}

RpcHandler PausePayerHandler(ServiceContext* context) {
  return ChangeJob<v1::PausePayerRequest, v1::PausePayerResponse, PauseCommand,
                   PauseRecord>::Handler(context);
}

RpcHandler SetSelfLimitsHandler(ServiceContext* context) {
  return ChangeJob<v1::SetSelfLimitsRequest, v1::SetSelfLimitsResponse, SelfLimitsCommand,
                   SelfLimitsRecord>::Handler(context);
}

RpcHandler SetPreferencesHandler(ServiceContext* context) {
  return ChangeJob<v1::SetPreferencesRequest, v1::SetPreferencesResponse, PreferencesCommand,
                   PreferencesRecord>::Handler(context);
}

RpcHandler StartConfirmationHandler(ServiceContext* context) {
  return ChangeJob<v1::StartConfirmationRequest, v1::StartConfirmationResponse, ConfirmationCommand,
                   ConfirmationRecord>::Handler(context);
}

RpcHandler CompleteConfirmationHandler(ServiceContext* context) {
  return ChangeJob<v1::CompleteConfirmationRequest, v1::CompleteConfirmationResponse,
                   ConfirmationCommand, ConfirmationRecord>::Handler(context);
}

RpcHandler FreezePayerHandler(ServiceContext* context) {
  return ChangeJob<v1::FreezePayerRequest, v1::FreezePayerResponse, PayerFreezeCommand,
                   PayerFreezeRecord>::Handler(context);
}

RpcHandler UnfreezePayerHandler(ServiceContext* context) {
  return ChangeJob<v1::UnfreezePayerRequest, v1::UnfreezePayerResponse, PayerFreezeCommand,
                   PayerFreezeRecord>::Handler(context);
}

RpcHandler StartCoolingOffHandler(ServiceContext* context) {
  return ChangeJob<v1::StartCoolingOffRequest, v1::StartCoolingOffResponse, CoolingOffCommand,
                   CoolingOffRecord>::Handler(context);
}

}  // namespace tipgate
