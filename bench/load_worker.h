#pragma once

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "bench/answer_gaps.h"
#include "bench/latency_histogram.h"
#include "bench/load_lane.h"
#include "bench/load_traffic.h"

namespace tipgate {

using LoadChannels = std::vector<std::shared_ptr<grpc::Channel>>;

// How one worker makes load.
struct LoadShare {
  std::string method;
  bool is_stream = false;
  LoadChannels channels;  // At least one; a stream goes over each.
  int in_flight_max = 1;  // At least one for each stream.
  int items_per_message = 1;
  // All times are of the steady clock. Messages meant for before the end are sent, later ones are
  // not.
  int64_t start_ns = 0;
  int64_t end_ns = 0;
  int64_t interval_ns = 0;  // Open loop: from one message to the next; 0: closed loop.
  int repeat_permille = 0;  // Of the messages that are one that was sent before.
  int64_t deadline_ns = 0;  // From when a message was meant to be sent; 0: none.
};

// What came of it.
struct LoadResult {
  int64_t accepted_count = 0;
  int64_t rejected_count = 0;
  int64_t error_count = 0;            // Items without a decision, but for the next two.
  int64_t expired_count = 0;          // Items whose deadline passed before an answer.
  int64_t overloaded_count = 0;       // Items that were refused as RESOURCE_EXHAUSTED.
  int64_t decided_in_time_count = 0;  // Accepted or rejected by the end.
  int64_t stall_count = 0;            // See AnswerGaps.
  int64_t longest_gap_ns = 0;
  int64_t unsent_count = 0;  // Items that the open loop meant to send, and never could.
  std::string first_error;
  std::string first_rejection;  // The rule that refused an item first.
  LatencyHistogram latencies;   // One sample for each answered message, from its intended start.

  void Merge(const LoadResult& other);
};

// One generator: a thread that handles a completion queue's events, and, in the open loop, a second
// one that sends on time. Their one lock guards everything that both touch.
//
// 1. Every message that was sent is answered or failed before Run returns; none is under way after
// it.
// 2. With deadlines a message that was refused as overloaded is sent again, in the place of a new
// one: it has not been counted, and making new ones would take the processor from the server.
// 3. In the open loop a message that had to wait for a free place counts its latency from when it
// was meant to go.
class LoadWorker final : private LoadLaneOwner {
 public:
  // `traffic` and `gaps` must outlive this.
  LoadWorker(LoadShare share, LoadTraffic& traffic, AnswerGaps& gaps);

  // Sends until the end or until the traffic has no more, and waits for the answers. Call once.
  LoadResult Run();

 private:
  void OnReply(LoadLane* lane, int64_t intended_ns, const grpc::ByteBuffer& reply) override
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void OnFailure(LoadLane* lane, int64_t intended_ns, const grpc::Status& status) override
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  bool is_open_loop() const { return share_.interval_ns > 0; }
  void MakeLanes() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void SendFirst() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::optional<grpc::ByteBuffer> NextRequest() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void SendNext(int64_t intended_ns) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Free(LoadLane* lane) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void CountReply(int64_t intended_ns, int64_t now_ns, const TipOutcomes& outcomes)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // True if the deadline, or the gate's care for it, explains the failure.
  bool CountMissed(LoadLane* lane, const grpc::Status& status)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void CountFailure(const std::string& message) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool CanSend() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return is_over_ || !free_.empty(); }
  // True when everything is answered and said goodbye to; says goodbye when it is time.
  bool IsFinished() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void OnSilence(int64_t silent_ns) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  void HandleEvents();
  // Open loop only: the second thread.
  void SendOnTime();

  const LoadShare share_;
  AnswerGaps& gaps_;
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs_;
  grpc::CompletionQueue queue_;

  absl::Mutex mutex_;
  LoadTraffic& traffic_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<LoadLane>> lanes_ ABSL_GUARDED_BY(mutex_);
  std::vector<LoadLane*> free_
      ABSL_GUARDED_BY(mutex_);  // A lane is in it once for each message it could take.
  grpc::ByteBuffer last_ ABSL_GUARDED_BY(mutex_);  // The last new one, if any is to be repeated.
  int repeat_credit_ ABSL_GUARDED_BY(mutex_) = 0;  // 1,000 are worth a repeat.
  std::vector<grpc::ByteBuffer> refused_ ABSL_GUARDED_BY(mutex_);  // To be sent again.
  bool is_over_ ABSL_GUARDED_BY(mutex_) = false;                   // Nothing more is sent.
  bool is_closed_ ABSL_GUARDED_BY(mutex_) = false;                 // The lanes were told.
  int64_t under_way_count_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t failures_in_a_row_ ABSL_GUARDED_BY(mutex_) = 0;
  LoadResult result_ ABSL_GUARDED_BY(mutex_);
};

// Runs a worker on each share, side by side, and adds up what came of it. `traffics` is as long as
// `shares`.
LoadResult RunLoad(const std::vector<LoadShare>& shares,
                   const std::vector<std::unique_ptr<LoadTraffic>>& traffics);

// Nanoseconds of the steady clock.
int64_t SteadyNow();

}  // namespace tipgate
