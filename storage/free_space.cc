#include "storage/free_space.h"

#include <sys/statvfs.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "storage/advice.h"
#include "storage/small_file.h"

namespace tipgate {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kMiB = int64_t{1} << 20;

std::string DirectoryOf(const std::string& database_path) {
  return fs::absolute(database_path).parent_path().string();
}

absl::StatusOr<int64_t> FreeBytes(const std::string& directory) {
  struct statvfs volume {};
  if (statvfs(directory.c_str(), &volume) != 0) {
    return IoError(errno, absl::StrCat("ask for the free space of ", directory));
  }
  return static_cast<int64_t>(volume.f_bavail * volume.f_frsize);
}

int64_t BytesOfLogs(const std::string& database_path) {
  int64_t bytes = 0;
  std::error_code error;  // what cannot be read is told by who opens it
  for (fs::directory_iterator it(database_path, error), end; !error && it != end;
       it.increment(error)) {
    if (it->path().extension() != ".log") continue;
    std::error_code gone;
    const auto size = it->file_size(gone);
    if (!gone) bytes += static_cast<int64_t>(size);
  }
  return bytes;
}

}  // namespace

void DeleteTrash(const std::string& database_path) {
  std::error_code error;  // what stays, RocksDB deletes or tells of
  for (fs::directory_iterator it(database_path, error), end; !error && it != end;
       it.increment(error)) {
    std::error_code stays;
    if (it->path().extension() == ".trash") fs::remove(it->path(), stays);
  }
}

absl::StatusOr<int64_t> SpareBytes(const std::string& database_path) {
  const absl::StatusOr<int64_t> free_bytes = FreeBytes(DirectoryOf(database_path));
  if (!free_bytes.ok()) return free_bytes.status();
  return *free_bytes - BytesOfLogs(database_path);
}

absl::Status CheckFreeSpace(const std::string& database_path, int64_t free_bytes_min) {
  const std::string directory = DirectoryOf(database_path);
  const absl::StatusOr<int64_t> free_bytes = FreeBytes(directory);
  if (!free_bytes.ok()) return free_bytes.status();
  const int64_t needed_bytes = free_bytes_min + BytesOfLogs(database_path);
  if (*free_bytes >= needed_bytes) return absl::OkStatus();
  return WithAdvice(
      absl::StatusCode::kResourceExhausted,
      absl::StrCat("the volume of ", directory, " has ", *free_bytes / kMiB,
                   " MiB free, and a start needs ", (needed_bytes + kMiB - 1) / kMiB, " MiB"),
      kSpaceAdvice);
}

}  // namespace tipgate
