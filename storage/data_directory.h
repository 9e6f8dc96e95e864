#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace tipgate {

// The version of everything below a data directory, in its file FORMAT.
inline constexpr int kDirectoryFormat = 6;

// The one directory that a process owns while this lives.
//
//   FORMAT  "tipgate data directory\nformat 4\n"
//   HEAD    how far the journal once reached (storage/head_mark.h)
//   LOCK    flock'ed by the owner; holds its process id
//   db/     RocksDB
class DataDirectory {
 public:
  // Creates the directory if it is missing, for its owner alone, and takes its lock. What users
  // outside of its group may do with one that was there is taken from them. FAILED_PRECONDITION if
  // another process has it, if a newer tipgate made it, or if it holds something else;
  // PERMISSION_DENIED if this process may not write to it; UNAVAILABLE on other I/O errors. The
  // message says what to do.
  static absl::StatusOr<std::unique_ptr<DataDirectory>> Open(const std::string& path);

  ~DataDirectory();
  DataDirectory(const DataDirectory&) = delete;
  DataDirectory& operator=(const DataDirectory&) = delete;

  const std::string& path() const { return path_; }
  // Not OK: users outside of its group may do something with the directory, and only its owner,
  // another user, can take that from them. The message says so.
  const absl::Status& privacy() const { return privacy_; }
  std::string database_path() const { return path_ + "/db"; }

 private:
  DataDirectory(std::string path, int lock_file);

  std::string path_;
  int lock_file_;  // closing it gives the lock back
  absl::Status privacy_;
};

}  // namespace tipgate
