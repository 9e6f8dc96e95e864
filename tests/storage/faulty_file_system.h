#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "rocksdb/file_system.h"

namespace tipgate {

// The real file system with faults: writes or syncs of logs that fail, and a power cut that takes
// away whatever was not synced. Any thread.
class FaultyFileSystem : public rocksdb::FileSystemWrapper {
 public:
  FaultyFileSystem();

  // The n-th append (sync) to a log from now fails, 0 is the next one; all that follow succeed.
  void FailLogAppend(int64_t n);
  void FailLogSync(int64_t n);

  // True once one of these faults has struck.
  bool has_failed() const;
  // Syncs of the log that failed to sync, since it did. Must stay 0.
  int64_t syncs_after_failure_count() const;

  // From now on every write to any file fails.
  void FailWrites();

  // From now on nothing is kept, though everything seems to succeed: the process does not notice
  // that it is dead.
  void CutPower();
  // After CutPower, when no file is open any more: of what each file got after its last sync, keeps
  // what its kernel happened to have written, a part that `random` chooses.
  void DropUnsynced(std::mt19937_64& random);

  const char* Name() const override { return "FaultyFileSystem"; }
  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus ReopenWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* file,
                                       rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus LinkFile(const std::string& from, const std::string& to,
                             const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;

  // For its files.
  rocksdb::IOStatus BeforeAppend(const std::string& name);
  rocksdb::IOStatus BeforeSync(const std::string& name);
  void AfterSync(const std::string& name, uint64_t size);

 private:
  mutable absl::Mutex mutex_;
  bool is_failing_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_power_cut_ ABSL_GUARDED_BY(mutex_) = false;
  int64_t appends_until_failure_ ABSL_GUARDED_BY(mutex_) = -1;
  int64_t syncs_until_failure_ ABSL_GUARDED_BY(mutex_) = -1;
  bool has_failed_ ABSL_GUARDED_BY(mutex_) = false;
  std::string failed_log_ ABSL_GUARDED_BY(mutex_);
  int64_t syncs_after_failure_count_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, uint64_t> written_sizes_ ABSL_GUARDED_BY(mutex_);  // when the power was cut
  std::map<std::string, uint64_t> synced_sizes_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tipgate
