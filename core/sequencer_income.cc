#include <algorithm>
#include <vector>

#include "core/sequencer.h"

namespace tipgate {
namespace {

constexpr RequestError kTipUnknownError{ErrorReason::kNotFound, "tip_id",
                                        "tip_id: no such accepted tip"};
constexpr RequestError kNotHeldError{ErrorReason::kWrongState, "tip_id", "tip_id: is not held"};
constexpr RequestError kAboveHeldError{ErrorReason::kWrongState, "amount_minor",
                                       "amount_minor: is more than is held"};
constexpr RequestError kNotVoidableError{
    ErrorReason::kWrongState, "tip_id",
    "tip_id: is neither held nor within its remorse window; refund it instead"};
constexpr RequestError kNotRefundableError{
    ErrorReason::kWrongState, "tip_id",
    "tip_id: only a pending, frozen or settled tip can be refunded"};
constexpr RequestError kAboveLeftError{ErrorReason::kWrongState, "amount_minor",
                                       "amount_minor: is more than is left of the tip"};
constexpr RequestError kNothingError{ErrorReason::kWrongState, "permille",
                                     "permille: that part of the tip is less than a minor unit"};
constexpr RequestError kStreamerUnknownError{ErrorReason::kNotFound, "streamer_id",
                                             "streamer_id: no such streamer"};

RequestError ErrorOf(TipRefusal refusal) {
  switch (refusal) {
    case TipRefusal::kNotHeld:
      return kNotHeldError;
    case TipRefusal::kAboveHeld:
      return kAboveHeldError;
    case TipRefusal::kNotVoidable:
      return kNotVoidableError;
    case TipRefusal::kNotRefundable:
      return kNotRefundableError;
    case TipRefusal::kAboveLeft:
      return kAboveLeftError;
    case TipRefusal::kNothing:
      return kNothingError;
    case TipRefusal::kNone:
      break;
  }
  TIPGATE_CHECK(false);
  return kNotHeldError;
}

}  // namespace

const Tip* Sequencer::FindTip(RecordId id, const std::optional<Tip>& looked_up) const {
  const Tip* const known = state_.tips.Find(id);
  return known == nullptr && looked_up.has_value() ? &*looked_up : known;
}

// Rule L13, unless it is a hold that ends.
void Sequencer::TipIsDue(RecordId id) {
  const Tip* const tip = state_.tips.Find(id);
  if (tip == nullptr) return;
  if (tip->state == TipState::kHeld) {
    // Rule L3: before anything of this batch can capture it.
    if (tip->expire_time_ms <= now_ms()) Put(DecideTipExpiry(state_, *tip, &batch_->entry));
  } else if (IsForgotten(*tip, state_.totals, last_time_ms_) && IsStored(tip->changed)) {
    state_.Forget(*tip);
  } else if (DueOf(*tip).time_ms <= now_ms()) {
    LookAgain(DueKind::kTip, id.value());
  }
}

void Sequencer::IncomeJobIsDue(RecordId id) {
  const IncomeJob* const job = state_.income_jobs.Find(id);
  if (job == nullptr) return;
  if (IsForgotten(*job, last_time_ms_)) return state_.Forget(*job);
  LookAgain(DueKind::kIncomeJob, id.value());
}

void Sequencer::Run(TipChangeCommand& command) {
  const TipChangeRequest& request = command.request;
  if (IsAnswered(request.intent, command.key, &command.answer)) return;
  const Tip* const tip = FindTip(request.tip, request.looked_up);
  if (tip == nullptr) {
    command.answer = kTipUnknownError;
    return;
  }
  const TipRefusal refusal = WhyTipChangeRefused(state_, request, *tip, batch_->entry.moment);
  if (refusal != TipRefusal::kNone) {
    command.answer = ErrorOf(refusal);
    return;
  }
  const bool is_resident = state_.tips.Find(tip->id) != nullptr;
  if (!is_resident && IsFull(state_.tips.size(), limits_.tips_max, &command.answer)) return;
  command.answer = Put(DecideTipChange(state_, request, *tip, &batch_->entry), command.key);
}

void Sequencer::Run(IncomeJobCommand& command) {
  const IncomeJobRequest& request = command.request;
  if (IsAnswered(request.intent, command.key, &command.answer)) return;
  const bool is_of_tip = request.scope.kind == IncomeScopeKind::kTip;
  const RecordId tip_id(request.scope.id);
  const Tip* const tip = is_of_tip ? FindTip(tip_id, request.looked_up) : nullptr;
  if (is_of_tip && tip == nullptr) {
    command.answer = kTipUnknownError;
    return;
  }
  if (IsFull(state_.income_jobs.size(), limits_.income_jobs_max, &command.answer)) return;
  const InRecord place = Put(DecideIncomeJob(state_, request, &batch_->entry), command.key);
  command.answer = place;
  const IncomeJob& job = *state_.income_jobs.Find(batch_->entry.IdAt(place.position));
  if (!is_of_tip || !HasItsTurn(state_, job)) return;
  IncomeStepRecord step;
  step.job = job.id;
  step.is_in_journal = true;
  step.next = job.end;
  step.is_done = true;
  RunStep(step, {*tip});
}

void Sequencer::Run(IncomeStepCommand& command) {
  const IncomeJob* const job = state_.income_jobs.Find(command.job);
  if (job == nullptr || job->is_done() || !HasItsTurn(state_, *job)) return;
  if (job->is_in_journal != command.is_in_journal || job->next != command.begin) return;
  if (!job->is_in_journal) return RunFrozenStep(*job);
  IncomeStepRecord step;
  step.job = job->id;
  step.is_in_journal = true;
  step.next = command.next;
  step.is_done = command.next >= job->end;
  RunStep(step, command.tips);
}

void Sequencer::RunFrozenStep(const IncomeJob& job) {
  const FrozenStep frozen = FrozenStepOf(state_, job);
  const bool is_over = !frozen.next.is_set();
  IncomeStepRecord step;
  step.job = job.id;
  step.is_in_journal = is_over && job.is_about_journal();
  step.next = step.is_in_journal ? job.journal_begin : is_over ? job.end : frozen.next;
  step.is_done = is_over && !job.is_about_journal();
  RunStep(step, frozen.tips);
}

// Rule L12.
void Sequencer::RunStep(IncomeStepRecord step, absl::Span<const Tip> tips) {
  Entry& entry = batch_->entry;
  const IncomeJob& job = *state_.income_jobs.Find(step.job);
  std::vector<Tip> changed;
  for (const Tip& looked_up : tips) {
    // Looked for only now: one step may come across a tip twice.
    const Tip* const known = state_.tips.Find(looked_up.id);
    const Tip tip = known == nullptr ? looked_up : *known;
    if (!IsChangedByJob(state_, job, tip)) {
      if (IsSkippedByJob(state_, job, tip)) ++step.skipped_count;
      continue;
    }
    const TipChangeRecord change = DecideTipOfJob(state_, job, tip, &entry);
    if (change.amount != Money()) ++step.tips_count;
    step.amount += change.amount;
    changed.push_back(tip);
    Put(change);
  }
  Put(step);
  if (job.action == IncomeAction::kRelease) FreezeReleased(changed);
}

// Rule L7: what an order to freeze names, and has not found yet, does not get away by a release.
void Sequencer::FreezeReleased(absl::Span<const Tip> released) {
  for (const RecordId id : state_.open_jobs) {
    const IncomeJob& job = *state_.income_jobs.Find(id);
    if (job.action != IncomeAction::kFreeze) continue;
    std::vector<Tip> named;
    for (const Tip& tip : released) {
      if (IsChangedByJob(state_, job, *state_.tips.Find(tip.id))) named.push_back(tip);
    }
    if (named.empty()) continue;
    IncomeStepRecord step;
    step.job = id;
    step.is_in_journal = job.is_in_journal;
    step.next = job.next;
    RunStep(step, named);
  }
}

void Sequencer::Run(ManualDelayCommand& command) {
  const ManualDelayRecord& request = command.request;
  if (IsAnswered(request.intent, command.key, &command.answer)) return;
  if (state_.streamers.Find(request.streamer) == nullptr) {
    command.answer = kStreamerUnknownError;
    return;
  }
  command.answer = Put(request, command.key);
}

void Sequencer::Run(TipsVisit& visit) {
  for (const RecordId id : visit.ids) {
    const Tip* const tip = state_.tips.Find(id);
    visit.found.push_back(tip == nullptr ? std::nullopt : std::optional<Tip>(*tip));
  }
  visit.totals = state_.totals;
}

void Sequencer::Run(IncomeJobsVisit& visit) {
  if (visit.ids.empty()) visit.ids.assign(state_.open_jobs.begin(), state_.open_jobs.end());
  for (const RecordId id : visit.ids) {
    const IncomeJob* const job = state_.income_jobs.Find(id);
    if (job == nullptr || (visit.wants_turns && !HasItsTurn(state_, *job))) continue;
    visit.found.push_back(*job);
  }
}

}  // namespace tipgate
