#include "storage/background_error_latch.h"

#include "storage/rocksdb_status.h"

namespace tipgate {

void BackgroundErrorLatch::OnBackgroundError(rocksdb::BackgroundErrorReason,
                                             rocksdb::Status* status) {
  const absl::MutexLock lock(&mutex_);
  ++errors_count_;
  if (first_error_.ok()) first_error_ = FromRocksDb(*status, "background write");
}

absl::Status BackgroundErrorLatch::first_error() const {
  const absl::MutexLock lock(&mutex_);
  return first_error_;
}

int64_t BackgroundErrorLatch::errors_count() const {
  const absl::MutexLock lock(&mutex_);
  return errors_count_;
}

}  // namespace tipgate
