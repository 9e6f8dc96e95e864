#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "bench/evening.h"
#include "bench/evening_books.h"
#include "bench/evening_client.h"
#include "bench/evening_progress.h"
#include "bench/evening_queue.h"

namespace tipgate {

// The evening as it happens: many app servers at once, each with one call in flight. One thread
// calls it.
class EveningRun {
 public:
  struct Options {
    std::string target;  // host:port of the gate
    int calls_in_flight = 64;
    int streams = 2;  // further ones, for battles
  };

  // All outlive this.
  EveningRun(const Options& options, Evening* evening, EveningBooks* books,
             EveningProgress* progress);

  // In this order: puts payers and streamers and opens the sessions; sends the whole evening; sends
  // what had to wait for its end, and closes the sessions.
  void SetUp();
  void Play();
  void CloseUp();

  EveningLatencies Latencies() const;
  int64_t RetriesCount() const;
  // How long Play took.
  absl::Duration play_duration() const { return play_duration_; }

 private:
  // Runs one worker with each client, and waits for all of them.
  void WithAll(absl::FunctionRef<void(EveningClient& client)> work);
  // The same for 0 .. count - 1, each once.
  void ForEach(size_t count, absl::FunctionRef<void(EveningClient& client, size_t i)> work);
  void Dispatch(EveningQueue<EveningAction>* calls, EveningQueue<EveningTip>* streams);
  void SendCalls(EveningQueue<EveningAction>* calls, EveningClient* client);
  void SendStream(EveningQueue<EveningTip>* tips, EveningClient* client);
  void Send(const EveningAction& action, EveningClient* client);
  // True if the tip reuses the key of one that has no answer yet: it waits, or it would be first.
  bool SetAside(const EveningTip& tip);

  const Options options_;
  Evening* const evening_;
  EveningBooks* const books_;
  EveningProgress* const progress_;
  std::vector<std::unique_ptr<EveningClient>> callers_;
  std::vector<std::unique_ptr<EveningClient>> streamers_;
  absl::Duration play_duration_;

  absl::Mutex mutex_;
  std::vector<EveningTip> set_aside_ ABSL_GUARDED_BY(mutex_);
  std::vector<LateCapture> late_captures_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tipgate
