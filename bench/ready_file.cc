#include "bench/ready_file.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "bench/load_interrupt.h"

namespace tipgate {
namespace {

constexpr int64_t kLookEveryMs = 1'000;  // For interrupts.

// Tells, through poll(2), that something has appeared in a folder.
class FolderWatch {
 public:
  explicit FolderWatch(const std::string& folder)
      : descriptor_(inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
    is_watching_ = descriptor_ >= 0 && inotify_add_watch(descriptor_, folder.c_str(),
                                                         IN_MOVED_TO | IN_CLOSE_WRITE) >= 0;
  }
  FolderWatch(const FolderWatch&) = delete;
  FolderWatch& operator=(const FolderWatch&) = delete;
  ~FolderWatch() {
    if (descriptor_ >= 0) close(descriptor_);
  }

  bool is_watching() const { return is_watching_; }
  int descriptor() const { return descriptor_; }

  void Drain() {
    char events[4096];
    while (read(descriptor_, events, sizeof(events)) > 0) {
    }
  }

 private:
  int descriptor_;
  bool is_watching_ = false;
};

absl::StatusOr<ReadyAddresses> Read(const std::string& path) {
  std::ifstream file(path);
  const std::string json(std::istreambuf_iterator<char>(file), {});
  google::protobuf::Struct object;
  if (!google::protobuf::util::JsonStringToMessage(json, &object).ok()) {
    return absl::InternalError(absl::StrCat(path, " is not JSON: ", json));
  }
  auto& fields = *object.mutable_fields();
  ReadyAddresses addresses{fields["listen_address"].string_value(),
                           fields["metrics_address"].string_value()};
  if (addresses.listen.empty()) {
    return absl::InternalError(absl::StrCat(path, " has no listen_address: ", json));
  }
  return addresses;
}

}  // namespace

absl::StatusOr<ReadyAddresses> WaitForReadyFile(ChildProcess& child, const std::string& path,
                                                absl::Duration timeout) {
  FolderWatch watch(std::filesystem::path(path).parent_path());
  if (!watch.is_watching()) return absl::ErrnoToStatus(errno, absl::StrCat("cannot watch ", path));
  const absl::Time deadline = absl::Now() + timeout;
  // The file may have come before the watch, so look before each sleep.
  while (!std::filesystem::exists(path)) {
    if (auto exit_code = child.WaitExit(absl::ZeroDuration()); exit_code.ok()) {
      return absl::FailedPreconditionError(
          absl::StrCat("the server ended with exit code ", *exit_code, ":\n", child.LogTail()));
    }
    const int64_t left_ms = absl::ToInt64Milliseconds(deadline - absl::Now());
    if (left_ms <= 0) {
      return absl::DeadlineExceededError(absl::StrCat(
          "the server is not ready after ", absl::FormatDuration(timeout), ":\n", child.LogTail()));
    }
    if (IsInterrupted()) return absl::CancelledError("interrupted");
    pollfd watched[] = {{watch.descriptor(), POLLIN, 0}, {child.exit_descriptor(), POLLIN, 0}};
    poll(watched, 2, static_cast<int>(std::min(left_ms, kLookEveryMs)));
    watch.Drain();
  }
  return Read(path);
}

}  // namespace tipgate
