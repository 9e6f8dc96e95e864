#include "bench/server_watch.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "absl/time/time.h"
#include "bench/child_process.h"

namespace tipgate {
namespace {

constexpr absl::Duration kSampleEvery = absl::Seconds(1);

}  // namespace

int64_t DirectoryBytes(const std::string& path) {
  int64_t bytes = 0;
  std::error_code error;
  std::filesystem::recursive_directory_iterator entry(path, error);
  for (; !error && entry != std::filesystem::end(entry); entry.increment(error)) {
    std::error_code is_gone;
    if (!entry->is_regular_file(is_gone) || is_gone) continue;
    const auto size = entry->file_size(is_gone);
    if (!is_gone) bytes += static_cast<int64_t>(size);
  }
  return bytes;
}

ServerWatch::ServerWatch(pid_t pid, const std::string& data_dir) : pid_(pid), data_dir_(data_dir) {
  if (!data_dir_.empty()) directory_begin_bytes_ = DirectoryBytes(data_dir_);
  if (pid_ <= 0) return;
  Sample();
  {
    absl::MutexLock lock(&mutex_);
    resident_.begin_bytes = resident_.end_bytes;
  }
  thread_ = std::thread(&ServerWatch::Watch, this);
}

ServerWatch::~ServerWatch() {
  if (!is_over_.HasBeenNotified()) is_over_.Notify();
  if (thread_.joinable()) thread_.join();
}

void ServerWatch::Watch() {
  while (!is_over_.WaitForNotificationWithTimeout(kSampleEvery)) Sample();
}

void ServerWatch::Sample() {
  const int64_t bytes = ProcessResidentBytes(pid_);
  absl::MutexLock lock(&mutex_);
  resident_.end_bytes = bytes;
  resident_.peak_bytes = std::max(resident_.peak_bytes, bytes);
}

ServerFootprint ServerWatch::Finish() {
  is_over_.Notify();
  ServerFootprint footprint;
  if (thread_.joinable()) {
    thread_.join();
    Sample();
    absl::MutexLock lock(&mutex_);
    footprint.resident = resident_;
  }
  if (!data_dir_.empty()) {
    footprint.data_directory_bytes = DirectoryBytes(data_dir_) - directory_begin_bytes_;
  }
  return footprint;
}

}  // namespace tipgate
