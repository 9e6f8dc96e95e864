#pragma once

#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "core/clock.h"
#include "core/journal.h"
#include "core/sequencer.h"
#include "core/state_store.h"

namespace tipgate {

struct PipelineOptions {
  StateLimits limits;
  int64_t ring_calls_max = 0;      // a power of two
  int64_t requests_max = 0;        // in all calls that wait or are in work
  int64_t batch_requests_max = 0;  // a batch takes no further call once it has this many
  int64_t checkpoint_interval_ns = 0;
  // Keys in memory that bring a checkpoint before its time; about 200 MB.
  int64_t checkpoint_keys_max = 4'000'000;
  int64_t stored_sequence = 0;  // what the state store already holds
};

struct PipelinePorts {
  Journal* journal;
  StateStore* store;
  const Clock* clock;
};

// Whom the pipeline tells what happens.
struct PipelineListeners {
  // An error after which nothing may be acknowledged. Must not return; may throw where one thread
  // takes all steps.
  std::function<void(const absl::Status&)> fail_stop;
  // On the replying thread: the journal is durable up to this entry.
  std::function<void(int64_t sequence)> on_durable;
  // On the sequencer's thread: decisions begin to be refused because of the clock, with the reason,
  // and that has ended, with OK. The gate must ask itself something now and then to find out while
  // no calls come.
  std::function<void(const absl::Status&)> on_clock;
};

}  // namespace tipgate
