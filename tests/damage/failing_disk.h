#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "rocksdb/file_system.h"

namespace tipgate::damage {

enum class DiskOperation {
  kWrite,  // bytes appended to a file, or a new name
  kSync,   // of a file or a folder
};

// Another file system with one fault: the k-th write or sync of any file fails, or there is no more
// room. Any thread.
class FailingDisk : public rocksdb::FileSystemWrapper {
 public:
  explicit FailingDisk(const std::shared_ptr<rocksdb::FileSystem>& target);

  // The k-th operation of this kind from now fails with EIO, 1 is the next; all after it as well if
  // `for_good`.
  void FailAt(DiskOperation operation, int64_t k, bool for_good);
  // So many bytes may be written more than are deleted; beyond that there is no space.
  void SetRoom(int64_t bytes);

  // The file that was struck first; empty: none was. Of a folder, the last file that got its name
  // there, for which it is synced.
  std::string failed_file() const;

  const char* Name() const override { return "FailingDisk"; }
  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewDirectory(const std::string& name, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* directory,
                                 rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;

  // For its files. So many bytes are about to be written.
  rocksdb::IOStatus BeforeWrite(const std::string& name, uint64_t bytes);
  rocksdb::IOStatus BeforeSync(const std::string& name);
  rocksdb::IOStatus BeforeFolderSync(const std::string& name);

 private:
  rocksdb::IOStatus Count(DiskOperation operation, const std::string& name)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  DiskOperation operation_ ABSL_GUARDED_BY(mutex_) = DiskOperation::kWrite;
  int64_t until_failure_ ABSL_GUARDED_BY(mutex_) = 0;  // 0: none is to come
  bool is_for_good_ ABSL_GUARDED_BY(mutex_) = false;
  int64_t room_bytes_ ABSL_GUARDED_BY(mutex_) = int64_t{1} << 60;
  std::map<std::string, int64_t> file_bytes_ ABSL_GUARDED_BY(mutex_);
  std::string last_name_ ABSL_GUARDED_BY(mutex_);  // that a file was renamed to
  std::string failed_file_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tipgate::damage
