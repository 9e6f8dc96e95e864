#include "tests/storage/faulty_file_system.h"

#include <utility>

namespace tipgate {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

bool IsLog(const std::string& name) { return name.ends_with(".log"); }

class FaultyFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FaultyFile(std::string name, std::unique_ptr<rocksdb::FSWritableFile> file,
             FaultyFileSystem* file_system)
      : FSWritableFileOwnerWrapper(std::move(file)),
        name_(std::move(name)),
        file_system_(file_system) {}

  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  IODebugContext* debug) override {
    IOStatus status = file_system_->BeforeAppend(name_);
    return status.ok() ? FSWritableFileOwnerWrapper::Append(data, options, debug) : status;
  }
  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo& verification,
                  IODebugContext* debug) override {
    IOStatus status = file_system_->BeforeAppend(name_);
    if (!status.ok()) return status;
    return FSWritableFileOwnerWrapper::Append(data, options, verification, debug);
  }
  IOStatus Truncate(uint64_t size, const IOOptions& options, IODebugContext* debug) override {
    IOStatus status = file_system_->BeforeAppend(name_);
    if (status.ok()) status = FSWritableFileOwnerWrapper::Truncate(size, options, debug);
    if (status.ok()) file_system_->AfterTruncate(name_, size);
    return status;
  }
  // Syncs in name only: the power cut is played, and a real sync would only cost time.
  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    IOStatus status = file_system_->BeforeSync(name_);
    if (status.ok()) file_system_->AfterSync(name_);
    return status;
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Sync(options, debug);
  }

 private:
  const std::string name_;
  FaultyFileSystem* const file_system_;
};

class FaultyDirectory : public rocksdb::FSDirectoryWrapper {
 public:
  FaultyDirectory(std::string name, std::unique_ptr<rocksdb::FSDirectory> directory,
                  FaultyFileSystem* file_system)
      : FSDirectoryWrapper(std::move(directory)),
        name_(std::move(name)),
        file_system_(file_system) {}

  // In name only, as files.
  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    IOStatus status = file_system_->BeforeSync(name_);
    if (status.ok()) file_system_->AfterDirectorySync(name_);
    return status;
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* debug,
                               const rocksdb::DirFsyncOptions&) override {
    return Fsync(options, debug);
  }

 private:
  const std::string name_;
  FaultyFileSystem* const file_system_;
};

}  // namespace

FaultyFileSystem::FaultyFileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

void FaultyFileSystem::FailLogAppend(int64_t n) {
  const absl::MutexLock lock(&mutex_);
  appends_until_failure_ = n;
}

void FaultyFileSystem::FailLogSync(int64_t n) {
  const absl::MutexLock lock(&mutex_);
  syncs_until_failure_ = n;
}

bool FaultyFileSystem::has_failed() const {
  const absl::MutexLock lock(&mutex_);
  return has_failed_;
}

int64_t FaultyFileSystem::syncs_after_failure_count() const {
  const absl::MutexLock lock(&mutex_);
  return syncs_after_failure_count_;
}

void FaultyFileSystem::FailWrites() {
  const absl::MutexLock lock(&mutex_);
  is_failing_ = true;
}

void FaultyFileSystem::CutPower() {
  const absl::MutexLock lock(&mutex_);
  unsynced_.CutPower();
}

void FaultyFileSystem::CutPowerAfter(int64_t n) {
  const absl::MutexLock lock(&mutex_);
  steps_until_cut_ = n;
}

bool FaultyFileSystem::is_power_cut() const {
  const absl::MutexLock lock(&mutex_);
  return unsynced_.is_power_cut();
}

void FaultyFileSystem::DropUnsynced(std::mt19937_64& random) {
  const absl::MutexLock lock(&mutex_);
  unsynced_.DropUnsynced(random);
}

IOStatus FaultyFileSystem::NewWritableFile(const std::string& name,
                                           const rocksdb::FileOptions& options,
                                           std::unique_ptr<rocksdb::FSWritableFile>* file,
                                           IODebugContext* debug) {
  IOStatus status = BeforeAppend(name);
  // One that is there stays there, as long as the new one's name is not durable.
  if (status.ok() && FileExists(name, rocksdb::IOOptions(), debug).ok()) {
    const absl::MutexLock lock(&mutex_);
    unsynced_.Delete(name);
  }
  if (status.ok()) status = FileSystemWrapper::NewWritableFile(name, options, file, debug);
  if (!status.ok()) return status;
  *file = std::make_unique<FaultyFile>(name, std::move(*file), this);
  const absl::MutexLock lock(&mutex_);
  unsynced_.NoteCreated(name);
  return status;
}

IOStatus FaultyFileSystem::ReopenWritableFile(const std::string& name,
                                              const rocksdb::FileOptions& options,
                                              std::unique_ptr<rocksdb::FSWritableFile>* file,
                                              IODebugContext* debug) {
  IOStatus status = FileSystemWrapper::ReopenWritableFile(name, options, file, debug);
  if (status.ok()) *file = std::make_unique<FaultyFile>(name, std::move(*file), this);
  return status;
}

IOStatus FaultyFileSystem::NewDirectory(const std::string& name, const IOOptions& options,
                                        std::unique_ptr<rocksdb::FSDirectory>* directory,
                                        IODebugContext* debug) {
  IOStatus status = FileSystemWrapper::NewDirectory(name, options, directory, debug);
  if (status.ok())
    *directory = std::make_unique<FaultyDirectory>(name, std::move(*directory), this);
  return status;
}

IOStatus FaultyFileSystem::RenameFile(const std::string& from, const std::string& to,
                                      const IOOptions& options, IODebugContext* debug) {
  const absl::MutexLock lock(&mutex_);
  CountStep();
  if (!FileExists(from, options, debug).ok()) {
    return FileSystemWrapper::RenameFile(from, to, options, debug);  // which says so
  }
  unsynced_.Rename(from, to);
  return IOStatus::OK();
}

IOStatus FaultyFileSystem::LinkFile(const std::string& from, const std::string& to,
                                    const IOOptions& options, IODebugContext* debug) {
  const absl::MutexLock lock(&mutex_);
  CountStep();
  IOStatus status = FileSystemWrapper::LinkFile(from, to, options, debug);
  if (status.ok()) unsynced_.NoteLinked(from, to);
  return status;
}

IOStatus FaultyFileSystem::DeleteFile(const std::string& name, const IOOptions& options,
                                      IODebugContext* debug) {
  const absl::MutexLock lock(&mutex_);
  CountStep();
  if (!FileExists(name, options, debug).ok()) {
    return FileSystemWrapper::DeleteFile(name, options, debug);  // which says so
  }
  unsynced_.Delete(name);
  return IOStatus::OK();
}

IOStatus FaultyFileSystem::BeforeAppend(const std::string& name) {
  const absl::MutexLock lock(&mutex_);
  CountStep();
  if (is_failing_) return IOStatus::IOError("injected write error");
  if (!IsLog(name) || appends_until_failure_ < 0 || appends_until_failure_-- > 0) {
    return IOStatus::OK();
  }
  has_failed_ = true;
  failed_log_ = name;
  return IOStatus::IOError("injected append error");
}

IOStatus FaultyFileSystem::BeforeSync(const std::string& name) {
  const absl::MutexLock lock(&mutex_);
  CountStep();
  if (name == failed_log_) ++syncs_after_failure_count_;
  if (is_failing_) return IOStatus::IOError("injected write error");
  if (!IsLog(name) || syncs_until_failure_ < 0 || syncs_until_failure_-- > 0) {
    return IOStatus::OK();
  }
  has_failed_ = true;
  failed_log_ = name;
  return IOStatus::IOError("injected sync error");
}

void FaultyFileSystem::AfterSync(const std::string& name) {
  const absl::MutexLock lock(&mutex_);
  unsynced_.NoteSynced(name);
}

void FaultyFileSystem::AfterTruncate(const std::string& name, uint64_t size) {
  const absl::MutexLock lock(&mutex_);
  unsynced_.NoteTruncated(name, size);
}

void FaultyFileSystem::AfterDirectorySync(const std::string& name) {
  const absl::MutexLock lock(&mutex_);
  unsynced_.NoteDirectorySynced(name);
}

void FaultyFileSystem::CountStep() {
  if (steps_until_cut_ >= 0 && steps_until_cut_-- == 0) unsynced_.CutPower();
}

}  // namespace tipgate
