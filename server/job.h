#pragma once

#include <cstdint>
#include <memory>

#include "core/command.h"
#include "core/payer_look_ups.h"
#include "core/sequencer.h"

namespace tipgate {

// One call on its way through the pipeline: a command, and what becomes of its answer. Made by a
// service, handed to Pipeline::Submit, which calls exactly one of Reply and Fail, on the thread
// that replies; both may delete the job.
class Job {
 public:
  virtual ~Job() = default;

  // The batch is durable; answers are in `command` and `batch`, which is reused after the return.
  virtual void Reply(const Batch& batch) = 0;

  // Nothing was decided or changed.
  virtual void Fail(const RequestError& error) = 0;

  // Finds the command's keys in the stored index, before the command enters the ring and off the
  // sequencer's thread.
  virtual absl::Status LookUpKeys() { return absl::OkStatus(); }

  Command command;
  PayerLookUps payers;  // whom the command touches
  int64_t index_sequence =
      0;  // keys and payers were looked up in a store at least as new as this entry
  int64_t deadline_ns = INT64_MAX;  // Unix time; once it has passed nobody waits for the answer
  int64_t enqueue_ns = 0;           // steady clock
  int64_t requests_count = 1;       // what it takes of the requests that may be in flight
  bool is_urgent = false;           // is taken however many requests are in flight
  bool is_of_client = true;         // somebody outside waits for it, so its latency counts
};

// Where jobs go: the pipeline, or what stands in for it.
class JobIntake {
 public:
  virtual ~JobIntake() = default;

  // Takes the job; Job says what becomes of it. Any thread.
  virtual void Submit(std::unique_ptr<Job> job) = 0;
};

}  // namespace tipgate
