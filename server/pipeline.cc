#include "server/pipeline.h"

#include <utility>

#include "core/check.h"
#include "server/thread.h"

namespace tipgate {
namespace {

template <typename Stage>
void Run(const char* name, Stage* stage) {
  NameThread(name);
  for (Progress progress = stage->Step(); progress != Progress::kEnded; progress = stage->Step()) {
    if (progress == Progress::kIdle) stage->Wait();
  }
}

}  // namespace

Pipeline::Pipeline(const PipelineOptions& options, PipelinePorts ports, State* state,
                   KeyMemory* keys, Timeline timeline, int64_t last_sequence,
                   PipelineListeners listeners)
    : context_(options, ports),
      sequencer_stage_(&context_, state, keys, timeline, last_sequence),
      intake_(&context_, &sequencer_stage_.residents()),
      journal_stage_(&context_),
      reply_stage_(&context_, &intake_),
      checkpoint_stage_(&context_) {
  context_.listeners = std::move(listeners);
  for (size_t i = 0; i < StageContext::kRounds; ++i) {
    rounds_.push_back(std::make_unique<Round>());
    TIPGATE_CHECK(context_.free.Push(rounds_.back().get()));
  }
  PipelineStats& stats = context_.stats;
  stats.journal_sequence.store(last_sequence);
  stats.journal_time_ms.store(ports.journal->Head().time_ms);
  stats.checkpoint_sequence.store(options.stored_sequence);
  TellTips(state->totals.tips, &stats);
  stats.payers_resident.store(static_cast<int64_t>(state->payers.size()));
  stats.recharge_held_minor.store(state->totals.recharge_held.minor());
  stats.balances_minor.store(state->totals.balances.minor());
  stats.income_jobs_open.store(static_cast<int64_t>(state->open_jobs.size()));
}

Pipeline::~Pipeline() {
  TIPGATE_CHECK(threads_.empty());
  // What a simulated death leaves behind.
  while (StateImage* const image = context_.images.Pop()) delete image;
}

void Pipeline::Start() {
  threads_.emplace_back([this] { Run("sequencer", &sequencer_stage_); });
  threads_.emplace_back([this] { Run("journal", &journal_stage_); });
  threads_.emplace_back([this] { Run("replies", &reply_stage_); });
  threads_.emplace_back([this] {
    LowerThreadPriority();
    Run("checkpoints", &checkpoint_stage_);
  });
}

void Pipeline::BeginStop() {
  context_.is_stopping.store(true);
  context_.waiting.Wake();
}

void Pipeline::Stop() {
  BeginStop();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace tipgate
