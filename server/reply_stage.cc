#include "server/reply_stage.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <utility>
#include <variant>

#include "core/check.h"

namespace tipgate {
namespace {

// Counts the records of one entry.
class RecordCounter {
 public:
  RecordCounter(const Entry& entry, PipelineStats* stats) : entry_(entry), stats_(*stats) {}

  void operator()(const TipRecord& tip) {
    Count(tip, &stats_.tips_accepted, &stats_.tips_rejected, &stats_.tip_rejections);
    stats_.reminders.Add(tip.reminders.count);
  }
  void operator()(const RechargeRecord& recharge) {
    if (recharge.action != RechargeAction::kAuthorize) return;
    Count(recharge, &stats_.recharges_accepted, &stats_.recharges_rejected,
          &stats_.recharge_rejections);
  }
  void operator()(const SessionRecord& session) {
    if (session.action != SessionAction::kOpen) return;
    Count(session, &stats_.sessions_accepted, &stats_.sessions_rejected,
          &stats_.session_rejections);
  }
  void operator()(const SettlementRecord& settlement) {
    stats_.settled_tips.Add(settlement.tips_count);
  }
  void operator()(const TipChangeRecord& change) {
    if (change.outcome != Outcome::kAccepted) return;
    stats_.tip_changes[static_cast<size_t>(change.action)].Add(1);
  }
  // Of nothing else there is a count.
  template <typename RecordType>
  void operator()(const RecordType&) {}

 private:
  template <typename T>
  void Count(const T& record, Counter* accepted, Counter* rejected,
             std::array<Counter, kRejectionCodesEnd>* rejections) {
    if (record.outcome == Outcome::kAccepted) return accepted->Add(1);
    rejected->Add(1);
    const Violation& binding = entry_.View(record.violations).front();
    (*rejections)[static_cast<size_t>(binding.code)].Add(1);
  }

  const Entry& entry_;
  PipelineStats& stats_;
};

}  // namespace

Progress ReplyStage::Step() {
  Round* const round = context_.durable.Pop();
  if (round == nullptr) return Progress::kIdle;
  const int64_t begin_ns = context_.ports.clock->SteadyNs();
  Answer(round);
  if (round->has_records) Count(*round);
  NoteTimes(*round, begin_ns);
  const bool is_last = round->is_last;
  if (round->image != nullptr) TIPGATE_CHECK(context_.images.Push(round->image.release()));
  round->has_records = false;
  round->serves_clients = false;
  TIPGATE_CHECK(context_.free.Push(round));
  if (!is_last) return Progress::kWorked;
  context_.is_done_replying.store(true);
  context_.images.Wake();
  return Progress::kEnded;
}

void ReplyStage::NoteTimes(const Round& round, int64_t begin_ns) {
  const int64_t end_ns = context_.ports.clock->SteadyNs();
  const int64_t free_ns = std::exchange(answered_ns_, end_ns);
  if (!round.serves_clients) return;
  context_.stats.reply_ns.Observe(end_ns - begin_ns);
  if (round.requests_count == 0) return;
  context_.pace.NoteBatch(round.requests_count, end_ns - std::max(round.open_ns, free_ns),
                          end_ns - round.open_ns);
}

void ReplyStage::Answer(Round* round) {
  for (Job* job : round->answered) {
    context_.Finish(*job);
    job->Reply(round->batch);
  }
  round->answered.clear();
  for (const auto& [job, error] : round->failed) {
    context_.Finish(*job);
    job->Fail(error);
  }
  round->failed.clear();
  for (Job* job : round->outdated) intake_.SubmitAgain(std::unique_ptr<Job>(job));
  round->outdated.clear();
}

// What was decided, as counted by rule; the first violation is the binding one.
void ReplyStage::Count(const Round& round) {
  constexpr auto kRelaxed = std::memory_order_relaxed;
  PipelineStats& stats = context_.stats;
  const Entry& entry = round.batch.entry;
  RecordCounter counter(entry, &stats);
  for (const Record& record : entry.records) std::visit(counter, record);
  TellTips(round.tips, &stats);
  stats.income_jobs_open.store(round.open_jobs_count, kRelaxed);
  stats.recharge_held_minor.store(round.recharge_held.minor(), kRelaxed);
  stats.balances_minor.store(round.balances.minor(), kRelaxed);
  stats.journal_sequence.store(entry.sequence, kRelaxed);
  stats.journal_time_ms.store(entry.moment.time_ms, kRelaxed);
  context_.listeners.on_durable(entry.sequence);
}

void TellTips(const TipSums& tips, PipelineStats* stats) {
  constexpr auto kRelaxed = std::memory_order_relaxed;
  stats->held_minor.store(tips.held.minor(), kRelaxed);
  stats->pending_minor.store(tips.pending.minor(), kRelaxed);
  stats->frozen_minor.store(tips.frozen.minor(), kRelaxed);
  stats->settled_minor.store(tips.settled.minor(), kRelaxed);
  stats->voided_minor.store(tips.voided.minor(), kRelaxed);
  stats->refunded_minor.store(tips.refunded.minor(), kRelaxed);
}

}  // namespace tipgate
