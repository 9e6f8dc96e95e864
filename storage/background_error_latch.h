#pragma once

#include <cstdint>
#include <functional>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "rocksdb/listener.h"

namespace tipgate {

// Keeps the first error that RocksDB met in its own threads: a flush, a compaction, a write-ahead
// log. RocksDB refuses writes from then on. Any thread.
class BackgroundErrorLatch : public rocksdb::EventListener {
 public:
  // `on_background_work` as in DatabaseOptions.
  explicit BackgroundErrorLatch(std::function<void()> on_background_work = {});

  void OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* status) override;
  // Both come on the thread that will do it.
  void OnFlushBegin(rocksdb::DB* db, const rocksdb::FlushJobInfo& info) override;
  void OnCompactionBegin(rocksdb::DB* db, const rocksdb::CompactionJobInfo& info) override;
  // Forbids RocksDB to try again, which for a full disk it does unasked.
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason reason, rocksdb::Status error,
                            bool* auto_recovery) override;
  // Comes before OnBackgroundError, and knows what was rewritten.
  void OnCompactionCompleted(rocksdb::DB* db, const rocksdb::CompactionJobInfo& info) override;

  absl::Status first_error() const;
  int64_t errors_count() const;

 private:
  void Keep(const absl::Status& error);

  const std::function<void()> on_background_work_;
  mutable absl::Mutex mutex_;
  absl::Status first_error_ ABSL_GUARDED_BY(mutex_);
  int64_t errors_count_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tipgate
