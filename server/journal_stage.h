#pragma once

#include "server/stage.h"

namespace tipgate {

// The second stage: makes each batch durable. One thread.
class JournalStage {
 public:
  explicit JournalStage(StageContext* context) : context_(*context) {}

  Progress Step();
  void Wait() { context_.decided.Wait(kStageIdleNs); }

 private:
  StageContext& context_;
};

}  // namespace tipgate
