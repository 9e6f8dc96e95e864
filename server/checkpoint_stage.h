#pragma once

#include <cstdint>

#include "server/stage.h"

namespace tipgate {

// Behind the last stage: stores copies of changed state. One thread.
class CheckpointStage {
 public:
  explicit CheckpointStage(StageContext* context) : context_(*context) {}

  Progress Step();
  void Wait() { context_.images.Wait(kStageIdleNs); }

 private:
  int64_t KeysForgottenBefore();

  StageContext& context_;
  int64_t keys_forgotten_before_ = 0;
  int64_t keys_looked_ns_ = 0;  // when that was last brought up to date
};

}  // namespace tipgate
