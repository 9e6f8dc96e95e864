#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/directory_lock.h"

namespace tipgate {

// The version of everything below a data directory, in its file FORMAT.
inline constexpr int kDirectoryFormat = 6;

// The one directory that a process owns while this lives.
//
//   FORMAT  "tipgate data directory\nformat 6\n"
//   HEAD    how far the journal once reached (storage/head_mark.h)
//   TAILS   how far the files that grow were durable (storage/tail_mark.h)
//   LOCK    flock'ed by the owner; holds its process id (storage/directory_lock.h)
//   db/     RocksDB
class DataDirectory {
 public:
  // Creates the directory if it is missing, for its owner alone, and takes its lock. What users
  // outside of its group may do with one that was there is taken from them. FAILED_PRECONDITION if
  // another process has it, if a newer tipgate made it, or if it holds something else;
  // DATA_LOSS if its files are not as whole as TAILS says; PERMISSION_DENIED if this process may
  // not write to it; UNAVAILABLE on other I/O errors. The message says what to do.
  static absl::StatusOr<std::unique_ptr<DataDirectory>> Open(const std::string& path);

  // One that is only read, so that several may read it at a time: nobody can own it meanwhile.
  // Where it has no LOCK, such as in a copy, nobody is kept from that. Changes nothing. Errors as
  // those of Open; NOT_FOUND if there is nothing at the path.
  static absl::StatusOr<std::unique_ptr<DataDirectory>> OpenToRead(const std::string& path);

  // An empty one, made if it is missing, or what an interrupted restore left, which is deleted. It
  // is refused by Open and OpenToRead until FinishRestore. FAILED_PRECONDITION if it holds anything
  // else.
  static absl::StatusOr<std::unique_ptr<DataDirectory>> OpenToRestore(const std::string& path);

  // Makes what was restored a data directory. Its database must be durable.
  absl::Status FinishRestore();

  DataDirectory(const DataDirectory&) = delete;
  DataDirectory& operator=(const DataDirectory&) = delete;

  const std::string& path() const { return path_; }
  // Not OK: users outside of its group may do something with the directory, and only its owner,
  // another user, can take that from them. The message says so.
  const absl::Status& privacy() const { return privacy_; }
  std::string database_path() const { return path_ + "/db"; }

 private:
  DataDirectory(std::string path, DirectoryLock lock);

  absl::Status MakePrivate();
  // With its lock, whatever is in it.
  static absl::StatusOr<std::unique_ptr<DataDirectory>> Own(const std::string& path);

  std::string path_;
  DirectoryLock lock_;
  absl::Status privacy_;
};

}  // namespace tipgate
