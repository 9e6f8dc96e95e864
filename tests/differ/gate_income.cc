// The later life of tips: how it is asked for, and what the gate says of it.
#include <optional>
#include <utility>

#include "core/income_steps.h"
#include "core/tip_lookup.h"
#include "tests/differ/gate_calls.h"

namespace tipgate::differ {
namespace {

oracle::TipState ToOracle(TipState state) {
  switch (state) {
    case TipState::kRejected:
      return oracle::TipState::kRejected;
    case TipState::kPending:
      return oracle::TipState::kPending;
    case TipState::kSettled:
      return oracle::TipState::kSettled;
    case TipState::kHeld:
      return oracle::TipState::kHeld;
    case TipState::kFrozen:
      return oracle::TipState::kFrozen;
    case TipState::kVoided:
      return oracle::TipState::kVoided;
    case TipState::kRefunded:
      return oracle::TipState::kRefunded;
  }
  return oracle::TipState::kNone;
}

IncomeScope ToCore(const oracle::IncomeScope& scope) {
  static constexpr IncomeScopeKind kKinds[] = {
      IncomeScopeKind::kTip,       IncomeScopeKind::kSession, IncomeScopeKind::kStreamer,
      IncomeScopeKind::kAgency,    IncomeScopeKind::kCase,    IncomeScopeKind::kPayer,
      IncomeScopeKind::kEverything};
  return {.kind = kKinds[static_cast<int>(scope.kind)],
          .id = scope.id,
          .start_time_ms = scope.start_ms,
          .end_time_ms = scope.end_ms};
}

template <typename Request>
IncomeJobRequest ToJob(IncomeAction action, const Request& request) {
  IncomeJobRequest job;
  job.intent = ToIntent(request.idempotency_key);
  job.action = action;
  job.scope = ToCore(request.scope);
  job.note.case_name = CaseName(request.case_reference);
  return job;
}

std::optional<Tip> LookUp(const Gate& gate, RecordId id) {
  return *LookUpTip(*gate.core().journal, *gate.core().store, id);
}

Answered<oracle::TipLifeResult> Change(Gate* gate, TipChangeRequest request) {
  request.looked_up = LookUp(*gate, request.tip);
  return SendChange<oracle::TipLifeResult>(gate, request);
}

// The order, and all its steps. What it has led to is told as long as the gate knows the job.
Answered<oracle::IncomeResult> CarryOut(Gate* gate, IncomeJobRequest request) {
  if (request.scope.kind == IncomeScopeKind::kTip) {
    request.looked_up = LookUp(*gate, RecordId(request.scope.id));
  }
  auto answered = SendChange<oracle::IncomeResult>(gate, request);
  if (answered.result.error != oracle::ErrorReason::kNone) return answered;
  const RecordId id(answered.id);
  const auto find = [&] { return gate->core().state.income_jobs.Find(id); };
  while (find() != nullptr && !find()->is_done()) {
    Command step = *CollectIncomeStep(*gate->core().journal, *gate->core().store, *find());
    gate->Execute(&step);
  }
  if (const IncomeJob* job = find()) {
    gate->incomes()[id] = {.count = job->tips_count, .amount = job->amount.minor()};
  }
  answered.result.count = gate->incomes()[id].count;
  answered.result.amount = gate->incomes()[id].amount;
  return answered;
}

}  // namespace

TipChangeRequest ToCore(const oracle::CaptureTipRequest& request) {
  TipChangeRequest change;
  change.intent = ToIntent(request.idempotency_key);
  change.action = TipAction::kCapture;
  change.tip = RecordId(request.tip_id);
  change.amount = Money(request.amount.value_or(0));
  return change;
}

TipChangeRequest ToCore(const oracle::VoidTipRequest& request) {
  TipChangeRequest change;
  change.intent = ToIntent(request.idempotency_key);
  change.action = TipAction::kVoid;
  change.tip = RecordId(request.tip_id);
  return change;
}

TipChangeRequest ToCore(const oracle::RefundTipRequest& request) {
  TipChangeRequest change;
  change.intent = ToIntent(request.idempotency_key);
  change.action = TipAction::kRefund;
  change.tip = RecordId(request.tip_id);
  change.amount = Money(request.amount.value_or(0));
  change.permille = static_cast<int32_t>(request.permille.value_or(0));
  change.note = {.case_name = CaseName(request.case_reference),
                 .reason = ReasonText(request.reason)};
  return change;
}

IncomeJobRequest ToCore(const oracle::FreezeIncomeRequest& request) {
  return ToJob(IncomeAction::kFreeze, request);
}

IncomeJobRequest ToCore(const oracle::ReleaseIncomeRequest& request) {
  return ToJob(IncomeAction::kRelease, request);
}

ManualDelayRecord ToCore(const oracle::SetManualDelayRequest& request) {
  ManualDelayRecord record;
  record.intent = ToIntent(request.idempotency_key);
  record.streamer = StreamerId(request.streamer_id);
  record.delay_ms = request.delay_ms;
  return record;
}

void Fill(const RecordPlace& place, oracle::TipLifeResult* result) {
  const auto& change = std::get<TipChangeRecord>(place.record);
  const Tip& after = place.entry.View(change.after).front();
  const TipState state = StateAfter(change, after);
  result->outcome = static_cast<oracle::Outcome>(change.outcome);
  result->violations = ToOracle(place.entry.View(change.violations));
  result->state = ToOracle(state);
  result->amount = after.left().minor();
  result->released = after.released.minor();
  result->refunded = after.refunded.minor();
  if (state == TipState::kPending) result->settle_time_ms = after.settle_time_ms;
}

void Fill(const RecordPlace&, oracle::IncomeResult*) {}

Answered<oracle::TipLifeResult> Send(Gate* gate, const oracle::CaptureTipRequest& request) {
  return Change(gate, ToCore(request));
}

Answered<oracle::TipLifeResult> Send(Gate* gate, const oracle::VoidTipRequest& request) {
  return Change(gate, ToCore(request));
}

Answered<oracle::TipLifeResult> Send(Gate* gate, const oracle::RefundTipRequest& request) {
  return Change(gate, ToCore(request));
}

Answered<oracle::IncomeResult> Send(Gate* gate, const oracle::FreezeIncomeRequest& request) {
  return CarryOut(gate, ToCore(request));
}

Answered<oracle::IncomeResult> Send(Gate* gate, const oracle::ReleaseIncomeRequest& request) {
  return CarryOut(gate, ToCore(request));
}

Answered<oracle::ChangeResult> Send(Gate* gate, const oracle::SetManualDelayRequest& request) {
  return SendChange<oracle::ChangeResult>(gate, ToCore(request));
}

oracle::TipView ViewOf(const Tip& tip, const Totals& totals) {
  const TipState state = StateOf(tip, totals);
  oracle::TipView view;
  view.state = ToOracle(state);
  view.amount = tip.left().minor();
  view.released = tip.released.minor();
  view.refunded = tip.refunded.minor();
  view.settle_time_ms = tip.settle_time_ms;
  if (state != TipState::kSettled && tip.refunded_settled == Money()) return view;
  const IncomeShares shares = tip.terms.SharesOf(tip.left() + tip.refunded_settled);
  view.streamer_share = shares.streamer.minor();
  view.agency_share = shares.agency.minor();
  view.platform_share = shares.platform.minor();
  return view;
}

oracle::TipView LookAtTip(Gate* gate, int64_t tip_id) {
  Command command = TipsVisit{.ids = {RecordId(tip_id)}, .found = {}, .totals = {}};
  gate->Execute(&command);
  const TipsVisit& visit = std::get<TipsVisit>(command);
  std::optional<Tip> tip = visit.found.front();
  if (!tip.has_value()) tip = LookUp(*gate, RecordId(tip_id));
  if (!tip.has_value()) return {.error = oracle::ErrorReason::kNotFound};
  return ViewOf(*tip, visit.totals);
}

oracle::AgencyView LookAtAgency(Gate* gate, int64_t agency_id) {
  AgencyVisit visit;
  visit.id = AgencyId(agency_id);
  Command command = visit;
  gate->Execute(&command);
  const Agency agency = std::get<AgencyVisit>(command).found.value_or(Agency());
  return {.income = agency.income.minor(), .receivable = agency.receivable.minor()};
}

}  // namespace tipgate::differ
