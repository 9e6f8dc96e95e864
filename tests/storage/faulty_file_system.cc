#include "tests/storage/faulty_file_system.h"

#include <algorithm>
#include <filesystem>
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
    return status.ok() ? FSWritableFileOwnerWrapper::Truncate(size, options, debug) : status;
  }
  // Syncs in name only: the power cut is played, and a real sync would only cost time.
  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    IOStatus status = file_system_->BeforeSync(name_);
    if (status.ok()) file_system_->AfterSync(name_, std::filesystem::file_size(name_));
    return status;
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Sync(options, debug);
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
  is_power_cut_ = true;
  for (const auto& [name, size] : synced_sizes_) {
    written_sizes_[name] = std::filesystem::file_size(name);
  }
}

void FaultyFileSystem::DropUnsynced(std::mt19937_64& random) {
  const absl::MutexLock lock(&mutex_);
  for (const auto& [name, size] : synced_sizes_) {
    const uint64_t unsynced = written_sizes_[name] - std::min(written_sizes_[name], size);
    std::filesystem::resize_file(name, size + random() % (unsynced + 1));
  }
}

IOStatus FaultyFileSystem::NewWritableFile(const std::string& name,
                                           const rocksdb::FileOptions& options,
                                           std::unique_ptr<rocksdb::FSWritableFile>* file,
                                           IODebugContext* debug) {
  IOStatus status = BeforeAppend(name);
  if (status.ok()) status = FileSystemWrapper::NewWritableFile(name, options, file, debug);
  if (!status.ok()) return status;
  *file = std::make_unique<FaultyFile>(name, std::move(*file), this);
  const absl::MutexLock lock(&mutex_);
  synced_sizes_[name] = 0;
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

IOStatus FaultyFileSystem::RenameFile(const std::string& from, const std::string& to,
                                      const IOOptions& options, IODebugContext* debug) {
  const absl::MutexLock lock(&mutex_);
  if (is_power_cut_) return IOStatus::OK();
  IOStatus status = FileSystemWrapper::RenameFile(from, to, options, debug);
  auto file = synced_sizes_.extract(from);
  if (status.ok() && !file.empty()) synced_sizes_[to] = file.mapped();
  return status;
}

IOStatus FaultyFileSystem::LinkFile(const std::string& from, const std::string& to,
                                    const IOOptions& options, IODebugContext* debug) {
  const absl::MutexLock lock(&mutex_);
  if (is_power_cut_) return IOStatus::OK();
  IOStatus status = FileSystemWrapper::LinkFile(from, to, options, debug);
  if (status.ok() && synced_sizes_.contains(from)) synced_sizes_[to] = synced_sizes_[from];
  return status;
}

IOStatus FaultyFileSystem::DeleteFile(const std::string& name, const IOOptions& options,
                                      IODebugContext* debug) {
  const absl::MutexLock lock(&mutex_);
  if (is_power_cut_) return IOStatus::OK();
  synced_sizes_.erase(name);
  return FileSystemWrapper::DeleteFile(name, options, debug);
}

IOStatus FaultyFileSystem::BeforeAppend(const std::string& name) {
  const absl::MutexLock lock(&mutex_);
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
  if (name == failed_log_) ++syncs_after_failure_count_;
  if (is_failing_) return IOStatus::IOError("injected write error");
  if (!IsLog(name) || syncs_until_failure_ < 0 || syncs_until_failure_-- > 0) {
    return IOStatus::OK();
  }
  has_failed_ = true;
  failed_log_ = name;
  return IOStatus::IOError("injected sync error");
}

void FaultyFileSystem::AfterSync(const std::string& name, uint64_t size) {
  const absl::MutexLock lock(&mutex_);
  if (!is_power_cut_) synced_sizes_[name] = size;
}

}  // namespace tipgate
