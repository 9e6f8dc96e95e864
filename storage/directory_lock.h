#pragma once

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "storage/small_file.h"

namespace tipgate {

// A directory in use, by its file LOCK, which is flock'ed and holds the owner's process id. Goes
// with this, and with the process. One thread.
class DirectoryLock {
 public:
  // Owns the directory, which is a `what`, such as "data directory". FAILED_PRECONDITION if another
  // process owns or reads it; the message says which, and what to do.
  static absl::StatusOr<DirectoryLock> Own(const std::string& path, absl::string_view what);

  // Keeps others from owning it. Holds nothing where there is no LOCK. Writes nothing.
  static absl::StatusOr<DirectoryLock> Read(const std::string& path, absl::string_view what);

  DirectoryLock(DirectoryLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  DirectoryLock& operator=(DirectoryLock&&) = delete;
  ~DirectoryLock();

 private:
  explicit DirectoryLock(int file) : file_(file) {}

  int file_;  // closing it gives the lock back; -1: there is none
};

// FAILED_PRECONDITION: `owner` has it.
absl::Status InUseError(const std::string& path, absl::string_view what, absl::string_view owner);

}  // namespace tipgate
