#include "storage/directory_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "storage/advice.h"

namespace tipgate {
namespace {

std::string LockPath(const std::string& path) { return path + "/LOCK"; }

bool IsTaken(const File& lock, int operation) { return flock(lock.fd(), operation | LOCK_NB) == 0; }

// Why it was not to be had.
absl::Status NotTakenError(const std::string& path, absl::string_view what, const File& lock) {
  if (errno != EWOULDBLOCK) return IoError(errno, absl::StrCat("lock ", LockPath(path)));
  // Those who read it do not say who they are.
  if (IsTaken(lock, LOCK_SH)) return InUseError(path, what, "a process that reads it");
  return InUseError(path, what, absl::StrCat("process ", absl::StripSuffix(lock.Read(), "\n")));
}

}  // namespace

absl::Status InUseError(const std::string& path, absl::string_view what, absl::string_view owner) {
  return WithAdvice(absl::StatusCode::kFailedPrecondition,
                    absl::StrCat("the ", what, " ", path, " is in use by ", owner),
                    absl::StrCat("stop it first or name another ", what));
}

absl::StatusOr<DirectoryLock> DirectoryLock::Own(const std::string& path, absl::string_view what) {
  File lock(LockPath(path), O_RDWR | O_CREAT | O_CLOEXEC);
  if (!lock.is_open()) return IoError(errno, absl::StrCat("open ", LockPath(path)));
  if (!IsTaken(lock, LOCK_EX)) return NotTakenError(path, what, lock);
  const absl::Status status = lock.Replace(absl::StrCat(getpid(), "\n"));
  if (!status.ok()) return status;
  return DirectoryLock(lock.Release());
}

absl::StatusOr<DirectoryLock> DirectoryLock::Read(const std::string& path, absl::string_view what) {
  File lock(LockPath(path), O_RDONLY | O_CLOEXEC);
  if (!lock.is_open()) {
    if (errno == ENOENT) return DirectoryLock(-1);
    return IoError(errno, absl::StrCat("open ", LockPath(path)));
  }
  if (!IsTaken(lock, LOCK_SH)) return NotTakenError(path, what, lock);
  return DirectoryLock(lock.Release());
}

DirectoryLock::~DirectoryLock() {
  if (file_ >= 0) close(file_);
}

}  // namespace tipgate
