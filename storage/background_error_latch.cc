#include "storage/background_error_latch.h"

#include <utility>

#include "storage/database_options.h"
#include "storage/rocksdb_status.h"

namespace tipgate {

BackgroundErrorLatch::BackgroundErrorLatch(std::function<void()> on_background_work)
    : on_background_work_(std::move(on_background_work)) {}

void BackgroundErrorLatch::OnBackgroundError(rocksdb::BackgroundErrorReason,
                                             rocksdb::Status* status) {
  Keep(FromRocksDb(*status, "background write"));
}

void BackgroundErrorLatch::OnFlushBegin(rocksdb::DB*, const rocksdb::FlushJobInfo&) {
  if (on_background_work_) on_background_work_();
}

void BackgroundErrorLatch::OnCompactionBegin(rocksdb::DB*, const rocksdb::CompactionJobInfo&) {
  if (on_background_work_) on_background_work_();
}

void BackgroundErrorLatch::OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status,
                                                bool* auto_recovery) {
  *auto_recovery = false;
}

void BackgroundErrorLatch::OnCompactionCompleted(rocksdb::DB*,
                                                 const rocksdb::CompactionJobInfo& info) {
  const absl::Status status = FromRocksDb(info.status, "rewrite the key index", kRebuildKeysAdvice);
  if (absl::IsDataLoss(status) && info.cf_name == kKeysFamilyName) Keep(status);
}

void BackgroundErrorLatch::Keep(const absl::Status& error) {
  const absl::MutexLock lock(&mutex_);
  ++errors_count_;
  if (first_error_.ok()) first_error_ = error;
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
