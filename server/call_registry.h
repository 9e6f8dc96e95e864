#pragma once

#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace tipgate {

// Knows the calls that are in work, so that a server ends only after they have. Any thread.
class CallRegistry {
 public:
  // A call that goes on until somebody ends it.
  class Stream {
   public:
    // Ends soon: takes no more work. Called once at most, with the registry locked.
    virtual void Drain() = 0;

   protected:
    ~Stream() = default;
  };

  // A unary call; it ends by itself. False if it came too late: after Drain.
  bool Add();
  void Remove();

  // Tells a stream to drain at once if the others were told already.
  void AddStream(Stream* stream);
  void RemoveStream(Stream* stream);

  // Tells every stream, also those to come, to drain.
  void Drain();

  // Returns when no call is in work, or when the time is over.
  void AwaitNone(absl::Duration timeout);

  // Returns when no call has begun for so long as `silence`, or when the time is over.
  void AwaitSilence(absl::Duration silence, absl::Duration timeout);

 private:
  bool IsEmpty() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return calls_count_ == 0 && streams_.empty();
  }

  absl::Mutex mutex_;
  int64_t calls_count_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t begun_count_ ABSL_GUARDED_BY(mutex_) = 0;  // calls and streams, ended ones too
  bool is_draining_ ABSL_GUARDED_BY(mutex_) = false;
  absl::flat_hash_set<Stream*> streams_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tipgate
