#include "tests/damage/failing_disk.h"

#include <utility>

namespace tipgate::damage {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

class FailingFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FailingFile(std::string name, std::unique_ptr<rocksdb::FSWritableFile> file, FailingDisk* disk)
      : FSWritableFileOwnerWrapper(std::move(file)), name_(std::move(name)), disk_(*disk) {}

  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  IODebugContext* debug) override {
    IOStatus status = disk_.BeforeWrite(name_, data.size());
    return status.ok() ? FSWritableFileOwnerWrapper::Append(data, options, debug) : status;
  }
  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo& verification,
                  IODebugContext* debug) override {
    IOStatus status = disk_.BeforeWrite(name_, data.size());
    if (!status.ok()) return status;
    return FSWritableFileOwnerWrapper::Append(data, options, verification, debug);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    IOStatus status = disk_.BeforeSync(name_);
    return status.ok() ? FSWritableFileOwnerWrapper::Sync(options, debug) : status;
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    IOStatus status = disk_.BeforeSync(name_);
    return status.ok() ? FSWritableFileOwnerWrapper::Fsync(options, debug) : status;
  }

 private:
  const std::string name_;
  FailingDisk& disk_;
};

class FailingDirectory : public rocksdb::FSDirectoryWrapper {
 public:
  FailingDirectory(std::string name, std::unique_ptr<rocksdb::FSDirectory> directory,
                   FailingDisk* disk)
      : FSDirectoryWrapper(std::move(directory)), name_(std::move(name)), disk_(*disk) {}

  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    IOStatus status = disk_.BeforeFolderSync(name_);
    return status.ok() ? FSDirectoryWrapper::Fsync(options, debug) : status;
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* debug,
                               const rocksdb::DirFsyncOptions& how) override {
    IOStatus status = disk_.BeforeFolderSync(name_);
    return status.ok() ? FSDirectoryWrapper::FsyncWithDirOptions(options, debug, how) : status;
  }

 private:
  const std::string name_;
  FailingDisk& disk_;
};

}  // namespace

FailingDisk::FailingDisk(const std::shared_ptr<rocksdb::FileSystem>& target)
    : FileSystemWrapper(target) {}

void FailingDisk::FailAt(DiskOperation operation, int64_t k, bool for_good) {
  const absl::MutexLock lock(&mutex_);
  operation_ = operation;
  until_failure_ = k;
  is_for_good_ = for_good;
}

void FailingDisk::SetRoom(int64_t bytes) {
  const absl::MutexLock lock(&mutex_);
  room_bytes_ = bytes;
}

std::string FailingDisk::failed_file() const {
  const absl::MutexLock lock(&mutex_);
  return failed_file_;
}

IOStatus FailingDisk::NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSWritableFile>* file,
                                      IODebugContext* debug) {
  IOStatus status = BeforeWrite(name, 0);
  if (status.ok()) status = FileSystemWrapper::NewWritableFile(name, options, file, debug);
  if (status.ok()) *file = std::make_unique<FailingFile>(name, std::move(*file), this);
  return status;
}

IOStatus FailingDisk::NewDirectory(const std::string& name, const IOOptions& options,
                                   std::unique_ptr<rocksdb::FSDirectory>* directory,
                                   IODebugContext* debug) {
  IOStatus status = FileSystemWrapper::NewDirectory(name, options, directory, debug);
  if (status.ok())
    *directory = std::make_unique<FailingDirectory>(name, std::move(*directory), this);
  return status;
}

IOStatus FailingDisk::RenameFile(const std::string& from, const std::string& to,
                                 const IOOptions& options, IODebugContext* debug) {
  IOStatus status = BeforeWrite(to, 0);
  if (status.ok()) status = FileSystemWrapper::RenameFile(from, to, options, debug);
  const absl::MutexLock lock(&mutex_);
  if (status.ok()) file_bytes_[to] = std::exchange(file_bytes_[from], 0);
  if (status.ok()) last_name_ = to;
  return status;
}

IOStatus FailingDisk::DeleteFile(const std::string& name, const IOOptions& options,
                                 IODebugContext* debug) {
  const IOStatus status = FileSystemWrapper::DeleteFile(name, options, debug);
  const absl::MutexLock lock(&mutex_);
  if (status.ok()) room_bytes_ += std::exchange(file_bytes_[name], 0);
  return status;
}

IOStatus FailingDisk::BeforeWrite(const std::string& name, uint64_t bytes) {
  const absl::MutexLock lock(&mutex_);
  const auto size = static_cast<int64_t>(bytes);
  if (size > room_bytes_) {
    if (failed_file_.empty()) failed_file_ = name;
    return IOStatus::NoSpace("injected: no space");
  }
  IOStatus status = Count(DiskOperation::kWrite, name);
  if (!status.ok()) return status;
  room_bytes_ -= size;
  file_bytes_[name] += size;
  return status;
}

IOStatus FailingDisk::BeforeSync(const std::string& name) {
  const absl::MutexLock lock(&mutex_);
  return Count(DiskOperation::kSync, name);
}

IOStatus FailingDisk::BeforeFolderSync(const std::string& name) {
  const absl::MutexLock lock(&mutex_);
  return Count(DiskOperation::kSync, last_name_.empty() ? name : last_name_);
}

IOStatus FailingDisk::Count(DiskOperation operation, const std::string& name) {
  if (is_for_good_ && !failed_file_.empty()) return IOStatus::IOError("injected: still broken");
  if (operation != operation_ || until_failure_ == 0 || --until_failure_ > 0) {
    return IOStatus::OK();
  }
  failed_file_ = name;
  return IOStatus::IOError("injected: input/output error");
}

}  // namespace tipgate::damage
