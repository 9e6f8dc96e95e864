#include "server/payer_handlers.h"

#include <algorithm>
#include <variant>

#include "core/rules/fact_rules.h"
#include "core/rules/limit.h"
#include "server/change_job.h"
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

void FillUsages(const Payer& payer, const Policy& policy, const Moment& now, v1::Payer* out) {
  const PeriodTotals& tips = payer.tips;
  const PeriodTotals& recharges = payer.recharges;
  const MinorLimits* const minor = LimitsOfMinor(&payer, policy, now);
  FillUsage(EffectiveDayLimit(policy.day_limit, minor), tips.DayTotal(now), now.day_end_ms,
            out->mutable_tip_day());
  FillUsage({.amount = policy.month_limit}, tips.MonthTotal(now), now.month_end_ms,
            out->mutable_tip_month());
  FillUsage(EffectiveDayLimit(policy.recharge_day_limit, minor), recharges.DayTotal(now),
            now.day_end_ms, out->mutable_recharge_day());
  FillUsage({.amount = policy.recharge_month_limit}, recharges.MonthTotal(now), now.month_end_ms,
            out->mutable_recharge_month());
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
    FillUsages(*visit().found, *visit().policy, batch.entry.moment, &payer);
    if (visit().found->pause_end_ms > batch.entry.moment.time_ms) {
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

}  // namespace tipgate
