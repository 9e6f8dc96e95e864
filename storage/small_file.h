#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace tipgate {

// The few small files beside the database. Errors say what to do.

// What an errno means for someone who was `doing` something.
absl::Status IoError(int error, absl::string_view doing);

// A file descriptor that closes itself.
class File {
 public:
  File(const std::string& path, int flags);
  ~File();
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool is_open() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  // Closing it is the caller's from here on.
  int Release();

  // Up to 16 KiB from the start.
  std::string Read() const;
  // Makes `bytes` all that the file contains. Durable, not atomic.
  absl::Status Replace(absl::string_view bytes);
  absl::Status Sync();

 private:
  std::string path_;
  int fd_;
};

absl::Status SyncDirectory(const std::string& path);

// Makes directory/name contain `bytes`. Durable, and atomic: after a crash the old file is there or
// the new one. Leaves name.new behind if it fails.
absl::Status WriteSmallFile(const std::string& directory, absl::string_view name,
                            absl::string_view bytes);

}  // namespace tipgate
