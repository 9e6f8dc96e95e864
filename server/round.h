#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "core/sequencer.h"
#include "core/state_store.h"
#include "core/totals.h"
#include "server/job.h"

namespace tipgate {

// A batch on its way through the stages, and what goes with it. A few go round and are reused.
struct Round {
  Batch batch;
  bool has_records = false;
  bool is_last = false;
  bool serves_clients = false;  // a job of the batch is a client's
  std::vector<Job*> answered;
  std::vector<std::pair<Job*, RequestError>> failed;
  std::vector<Job*> outdated;         // their look-ups must be made again
  std::unique_ptr<StateImage> image;  // may be stored once the batch is durable
  TipSums tips;                       // totals after the batch
  Money recharge_held;
  Money balances;
  int64_t open_jobs_count = 0;
  int64_t open_ns = 0;         // when the batch was begun; steady clock
  int64_t requests_count = 0;  // of those that were decided

  bool IsEmpty() const {
    return !has_records && answered.empty() && failed.empty() && outdated.empty();
  }
};

}  // namespace tipgate
