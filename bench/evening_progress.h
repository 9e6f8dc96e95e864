#pragma once

#include <cstdint>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace tipgate {

// Tells on stderr how far the evening is: a bar on a terminal, else a line at every tenth.
// Thread-safe.
class EveningProgress {
 public:
  explicit EveningProgress(bool is_shown);

  // A stretch of work; ends the one before.
  void Begin(const std::string& what, int64_t total);
  void Add(int64_t done);
  // The same for work that tells by itself how far it is.
  void Show(const std::string& what, int64_t done, int64_t total);
  void End();

 private:
  void Start(const std::string& what, int64_t total) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Advance(int64_t done) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Finish() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Draw() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const bool is_shown_;
  const bool is_terminal_;
  absl::Mutex mutex_;
  std::string what_ ABSL_GUARDED_BY(mutex_);
  int64_t total_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t done_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t drawn_ ABSL_GUARDED_BY(mutex_) = 0;  // steps of the total: hundredths or tenths
  absl::Time begin_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tipgate
