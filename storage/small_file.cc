#include "storage/small_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/advice.h"

namespace tipgate {
namespace {

constexpr size_t kSmallFileBytesMax = 16'384;

}  // namespace

absl::Status IoError(int error, absl::string_view doing) {
  const std::string what = absl::StrCat(doing, ": ", std::generic_category().message(error));
  switch (error) {
    case EACCES:
    case EPERM:
    case EROFS:
      return WithAdvice(absl::StatusCode::kPermissionDenied, what,
                        "let the user of this process write there, or name another data directory");
    case ENOSPC:
    case EDQUOT:
      return WithAdvice(absl::StatusCode::kResourceExhausted, what, kSpaceAdvice);
    case ENOTDIR:
    case EEXIST:
      return WithAdvice(absl::StatusCode::kFailedPrecondition, what,
                        "name a directory that is empty or does not exist yet");
    default:
      return WithAdvice(absl::StatusCode::kUnavailable, what, kDiskAdvice);
  }
}

File::File(const std::string& path, int flags)
    : path_(path), fd_(open(path.c_str(), flags, S_IRUSR | S_IWUSR)) {}

File::~File() {
  if (fd_ >= 0) close(fd_);
}

int File::Release() { return std::exchange(fd_, -1); }

std::string File::Read() const {
  std::string bytes(kSmallFileBytesMax, '\0');
  const ssize_t size = pread(fd_, bytes.data(), bytes.size(), 0);
  bytes.resize(size > 0 ? static_cast<size_t>(size) : 0);
  return bytes;
}

absl::Status File::Replace(absl::string_view bytes) {
  if (ftruncate(fd_, 0) != 0) return IoError(errno, absl::StrCat("truncate ", path_));
  const ssize_t written = pwrite(fd_, bytes.data(), bytes.size(), 0);
  if (written < 0) return IoError(errno, absl::StrCat("write ", path_));
  if (static_cast<size_t>(written) != bytes.size()) {
    return IoError(ENOSPC, absl::StrCat("write ", path_));
  }
  return Sync();
}

absl::Status File::Sync() {
  if (fsync(fd_) != 0) return IoError(errno, absl::StrCat("fsync ", path_));
  return absl::OkStatus();
}

absl::Status SyncDirectory(const std::string& path) {
  File directory(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (!directory.is_open()) return IoError(errno, absl::StrCat("open ", path));
  return directory.Sync();
}

absl::Status WriteSmallFile(const std::string& directory, absl::string_view name,
                            absl::string_view bytes) {
  const std::string path = absl::StrCat(directory, "/", name);
  const std::string new_path = absl::StrCat(path, ".new");
  File file(new_path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC);
  if (!file.is_open()) return IoError(errno, absl::StrCat("create ", new_path));
  absl::Status status = file.Replace(bytes);
  if (!status.ok()) return status;
  if (std::rename(new_path.c_str(), path.c_str()) != 0) {
    return IoError(errno, absl::StrCat("rename to ", path));
  }
  return SyncDirectory(directory);
}

}  // namespace tipgate
