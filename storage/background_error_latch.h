#pragma once

#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "rocksdb/listener.h"

namespace tipgate {

// Keeps the first error that RocksDB met in its own threads: a flush, a compaction, a write-ahead
// log. RocksDB refuses writes from then on. Any thread.
class BackgroundErrorLatch : public rocksdb::EventListener {
 public:
  void OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* status) override;
  // Comes before OnBackgroundError, and knows what was rewritten.
  void OnCompactionCompleted(rocksdb::DB* db, const rocksdb::CompactionJobInfo& info) override;

  absl::Status first_error() const;
  int64_t errors_count() const;

 private:
  void Keep(const absl::Status& error);

  mutable absl::Mutex mutex_;
  absl::Status first_error_ ABSL_GUARDED_BY(mutex_);
  int64_t errors_count_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tipgate
