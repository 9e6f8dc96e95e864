#pragma once

#include <functional>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

namespace tipgate {

// Whether the gate serves, and if not, why. Any thread.
class Health {
 public:
  // Told whether the gate serves, on the thread that changes it, in the order of the changes.
  using Listener = std::function<void(bool is_serving)>;

  // The gate has begun to serve, or ends to.
  void SetServing(bool is_serving);

  // Not OK: decisions are refused because of the clock; the message says why.
  void SetClock(const absl::Status& clock);

  // Not OK: changes are refused because the disk is nearly full; the message says so.
  void SetDisk(const absl::Status& disk);

  // The listener is told at once and at every call from here on; null: nobody is.
  void SetListener(Listener listener);

  // UNAVAILABLE if the gate does not serve.
  absl::Status Get() const;

 private:
  absl::Status Current() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  void Tell() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  bool is_serving_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status clock_ ABSL_GUARDED_BY(mutex_);
  absl::Status disk_ ABSL_GUARDED_BY(mutex_);
  Listener listener_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tipgate
