#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "rocksdb/file_system.h"
#include "tests/storage/unsynced_changes.h"

namespace tipgate {

// The real file system with faults: writes or syncs of logs that fail, and a power cut that takes
// away whatever was not synced, bytes and names (UnsyncedChanges). Any thread.
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
  // The same at the n-th change of a file or a name from now, or sync of one; 0 is the next.
  void CutPowerAfter(int64_t n);
  bool is_power_cut() const;
  // After CutPower, when no file is open any more: of what was not synced, keeps what its kernel
  // happened to have written, a part that `random` chooses.
  void DropUnsynced(std::mt19937_64& random);

  const char* Name() const override { return "FaultyFileSystem"; }
  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus ReopenWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* file,
                                       rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewDirectory(const std::string& name, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* directory,
                                 rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus LinkFile(const std::string& from, const std::string& to,
                             const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;

  // For its files and directories.
  rocksdb::IOStatus BeforeAppend(const std::string& name);
  rocksdb::IOStatus BeforeSync(const std::string& name);
  void AfterSync(const std::string& name);
  void AfterTruncate(const std::string& name, uint64_t size);
  void AfterDirectorySync(const std::string& name);

 private:
  // One more step towards CutPowerAfter.
  void CountStep() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  bool is_failing_ ABSL_GUARDED_BY(mutex_) = false;
  int64_t steps_until_cut_ ABSL_GUARDED_BY(mutex_) = -1;
  int64_t appends_until_failure_ ABSL_GUARDED_BY(mutex_) = -1;
  int64_t syncs_until_failure_ ABSL_GUARDED_BY(mutex_) = -1;
  bool has_failed_ ABSL_GUARDED_BY(mutex_) = false;
  std::string failed_log_ ABSL_GUARDED_BY(mutex_);
  int64_t syncs_after_failure_count_ ABSL_GUARDED_BY(mutex_) = 0;
  UnsyncedChanges unsynced_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tipgate
