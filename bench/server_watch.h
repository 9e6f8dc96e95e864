#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"

namespace tipgate {

// What a server took of its machine.
struct ServerFootprint {
  struct Resident {
    int64_t begin_bytes = 0;
    int64_t peak_bytes = 0;
    int64_t end_bytes = 0;
  };
  std::optional<Resident> resident;             // None if its process is not known.
  std::optional<int64_t> data_directory_bytes;  // By how many it grew; none if it is not known.
};

// Sum of the sizes of the files in a folder and below it. A file that goes meanwhile counts
// nothing.
int64_t DirectoryBytes(const std::string& path);

// Watches a server from its making to Finish: resident memory once a second, in a thread of its
// own, and its data directory at both ends.
class ServerWatch {
 public:
  // `pid` 0 or an empty `data_dir`: not known.
  ServerWatch(pid_t pid, const std::string& data_dir);
  ServerWatch(const ServerWatch&) = delete;
  ServerWatch& operator=(const ServerWatch&) = delete;
  ~ServerWatch();

  // Call once.
  ServerFootprint Finish();

 private:
  void Watch();
  void Sample();

  const pid_t pid_;
  const std::string data_dir_;
  int64_t directory_begin_bytes_ = 0;
  absl::Notification is_over_;
  absl::Mutex mutex_;
  ServerFootprint::Resident resident_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace tipgate
