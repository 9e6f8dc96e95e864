#pragma once

#include <cstdint>

#include "core/totals.h"
#include "server/intake.h"
#include "server/stage.h"

namespace tipgate {

// The third stage: answers the calls of a durable batch, and counts what was decided. One thread.
class ReplyStage {
 public:
  // Both outlive it. `intake` takes jobs again whose look-ups were outdated.
  ReplyStage(StageContext* context, Intake* intake) : context_(*context), intake_(*intake) {}

  Progress Step();
  void Wait() { context_.durable.Wait(kStageIdleNs); }

 private:
  // `begin_ns`: when this thread began with it.
  void NoteTimes(const Round& round, int64_t begin_ns);
  void Answer(Round* round);
  void Count(const Round& round);

  StageContext& context_;
  Intake& intake_;
  int64_t answered_ns_ = 0;  // when the last batch was; steady clock
};

// Brings what is said about the sums of all tips up to date.
void TellTips(const TipSums& tips, PipelineStats* stats);

}  // namespace tipgate
