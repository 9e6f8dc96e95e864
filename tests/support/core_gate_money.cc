// Tips, income and recharges.
#include <vector>

#include "core/income_steps.h"
#include "core/settlement.h"
#include "core/tip_lookup.h"
#include "tests/support/core_gate.h"

namespace tipgate {

TipRequest CoreGate::MakeTip(PayerId payer, GiftId gift, int32_t count) {
  return {.intent = NewIntent(),
          .payer = payer,
          .streamer = StreamerId(1),
          .session = SessionId(1),
          .gift = gift,
          .unit_price = PriceOfSampleGift(gift),
          .count = count};
}

Decided CoreGate::Tip(const TipRequest& request) {
  return Run(TipsCommand{
      .is_dry_run = false, .requests = {request}, .keys = {LookUp(request.intent)}, .answers = {}});
}

Decided CoreGate::Check(const TipRequest& request) {
  return Run(TipsCommand{.is_dry_run = true, .requests = {request}, .keys = {}, .answers = {}});
}

Tip CoreGate::FindTip(RecordId id) const {
  if (const tipgate::Tip* tip = state.tips.Find(id)) return *tip;
  return **LookUpTip(*journal, *store, id);
}

Decided CoreGate::CaptureTip(RecordId tip, Money amount) {
  return ChangeTip({.intent = NewIntent(),
                    .action = TipAction::kCapture,
                    .tip = tip,
                    .actor = {},
                    .amount = amount,
                    .permille = 0,
                    .note = {},
                    .looked_up = {}});
}

Decided CoreGate::VoidTip(RecordId tip) {
  return ChangeTip({.intent = NewIntent(),
                    .action = TipAction::kVoid,
                    .tip = tip,
                    .actor = {},
                    .amount = {},
                    .permille = 0,
                    .note = {},
                    .looked_up = {}});
}

Decided CoreGate::RefundTip(RecordId tip, Money amount, int32_t permille) {
  return ChangeTip({.intent = NewIntent(),
                    .action = TipAction::kRefund,
                    .tip = tip,
                    .actor = ActorName("finance-1"),
                    .amount = amount,
                    .permille = permille,
                    .note = {.case_name = CaseName("case-1"), .reason = ReasonText("a minor paid")},
                    .looked_up = {}});
}

Decided CoreGate::ChangeTip(TipChangeRequest request) {
  request.looked_up = *LookUpTip(*journal, *store, request.tip);
  return Run(TipChangeCommand{.request = request, .key = LookUp(request.intent), .answer = {}});
}

Decided CoreGate::FreezeIncome(IncomeScopeKind kind, int64_t id, const std::string& case_name) {
  return RunIncomeJob({.intent = NewIntent(),
                       .action = IncomeAction::kFreeze,
                       .actor = ActorName("ops-1"),
                       .scope = {.kind = kind, .id = id},
                       .permille = 0,
                       .note = {.case_name = CaseName(case_name), .reason = {}},
                       .looked_up = {}});
}

Decided CoreGate::ReleaseIncome(IncomeScopeKind kind, int64_t id, const std::string& case_name) {
  return RunIncomeJob({.intent = NewIntent(),
                       .action = IncomeAction::kRelease,
                       .actor = ActorName("ops-1"),
                       .scope = {.kind = kind, .id = id},
                       .permille = 0,
                       .note = {.case_name = CaseName(case_name), .reason = {}},
                       .looked_up = {}});
}

Decided CoreGate::RunIncomeJob(IncomeJobRequest request) {
  if (request.scope.kind == IncomeScopeKind::kTip) {
    request.looked_up = *LookUpTip(*journal, *store, RecordId(request.scope.id));
  }
  const Decided decided =
      Run(IncomeJobCommand{.request = request, .key = LookUp(request.intent), .answer = {}});
  if (decided.answer.index() == 1) {
    while (StepIncomeJob(decided.id)) continue;
  }
  return decided;
}

bool CoreGate::StepIncomeJob(RecordId id) {
  const IncomeJob* const job = state.income_jobs.Find(id);
  if (job == nullptr || job->is_done()) return false;
  Run(*CollectIncomeStep(*journal, *store, *job));
  return !job->is_done();
}

void CoreGate::DelayIncome(StreamerId streamer, int64_t delay_ms) {
  const ManualDelayRecord record{.intent = NewIntent(),
                                 .actor = ActorName("ops-1"),
                                 .streamer = streamer,
                                 .delay_ms = delay_ms};
  Run(ManualDelayCommand{.request = record, .key = LookUp(record.intent), .answer = {}});
}

void CoreGate::SettleAll() {
  for (const SettleCursor& cursor : std::vector<SettleCursor>(state.totals.cursors)) {
    Settle(cursor.delay_ms);
  }
}

Decided CoreGate::Recharge(PayerId payer, Money amount, int64_t hold_ms) {
  const RechargeRequest request{
      .intent = NewIntent(), .payer = payer, .amount = amount, .hold_ms = hold_ms};
  return Run(RechargeCommand{.request = request, .key = LookUp(request.intent), .answer = {}});
}

Decided CoreGate::Capture(RecordId recharge) {
  const RechargeChange change{
      .intent = NewIntent(), .action = RechargeAction::kCapture, .recharge = recharge};
  return Run(RechargeChangeCommand{.request = change, .key = LookUp(change.intent), .answer = {}});
}

Decided CoreGate::Void(RecordId recharge) {
  const RechargeChange change{
      .intent = NewIntent(), .action = RechargeAction::kVoid, .recharge = recharge};
  return Run(RechargeChangeCommand{.request = change, .key = LookUp(change.intent), .answer = {}});
}

Decided CoreGate::CheckRecharge(PayerId payer, Money amount) {
  const RechargeRequest request{.intent = NewIntent(), .payer = payer, .amount = amount};
  return Run(CheckRechargeCommand{.request = request, .answer = {}});
}

Decided CoreGate::RefundRecharge(RecordId recharge, Money amount) {
  const RechargeRefundRequest request{
      .intent = NewIntent(),
      .recharge = recharge,
      .actor = ActorName("compliance-1"),
      .amount = amount,
      .note = {.case_name = CaseName("case-1"), .reason = ReasonText("unspent")},
      .looked_up = *store->FindRecharge(recharge)};
  return Run(
      RechargeRefundCommand{.request = request, .key = LookUp(request.intent), .answer = {}});
}

RecordId CoreGate::AddBalance(PayerId payer, Money amount) {
  const RecordId id = Recharge(payer, amount).id;
  TIPGATE_CHECK(Capture(id).recharge.outcome == Outcome::kAccepted);
  return id;
}

bool CoreGate::Settle(int64_t delay_ms) {
  const SettleCursor* const cursor = state.totals.FindCursor(delay_ms);
  if (cursor == nullptr) return false;
  int64_t last_sequence = 0;
  for (const Entry& entry : journal->entries()) {
    if (entry.moment.time_ms + delay_ms <= now_ms) last_sequence = entry.sequence;
  }
  if (last_sequence <= cursor->last_sequence) return false;
  const int64_t before = cursor->last_sequence;
  Run(*CollectSettlement(*journal, delay_ms, cursor->last_sequence + 1, last_sequence));
  return state.totals.FindCursor(delay_ms)->last_sequence > before;
}

}  // namespace tipgate
