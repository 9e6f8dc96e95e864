#include "storage/watched_copy.h"

#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

namespace tipgate {

rocksdb::Status RunWatched(const std::function<rocksdb::Status()>& copy,
                           const std::function<void()>& stop, const GentleFileSystem& file_system,
                           absl::FunctionRef<bool(int64_t written_bytes)> go_on) {
  constexpr absl::Duration kInterval = absl::Milliseconds(200);
  rocksdb::Status status;
  absl::Notification is_done;
  std::thread copier([&] {
    status = copy();
    is_done.Notify();
  });
  bool is_wanted = true;
  while (!is_done.WaitForNotificationWithTimeout(kInterval)) {
    if (!is_wanted || go_on(file_system.written_bytes())) continue;
    is_wanted = false;
    stop();
  }
  copier.join();
  return status;
}

}  // namespace tipgate
