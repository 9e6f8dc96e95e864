#include "storage/data_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "storage/advice.h"
#include "storage/small_file.h"

namespace tipgate {
namespace {

namespace fs = std::filesystem;

constexpr char kFormatName[] = "FORMAT";
constexpr char kNewFormatName[] = "FORMAT.new";
constexpr char kLockName[] = "LOCK";  // RocksDB calls its own so too
constexpr char kHeadName[] = "HEAD";
constexpr char kDatabaseName[] = "db";
// mkfs leaves it at the root of a volume.
constexpr char kLostAndFoundName[] = "lost+found";
constexpr char kFormatPrefix[] = "tipgate data directory\nformat ";

// What a directory could not be made for. A file system that makes none, such as /proc, says that
// there is none.
absl::Status CreateError(int error, const std::string& path) {
  const std::string doing = absl::StrCat("create the data directory ", path);
  if (error != ENOENT) return IoError(error, doing);
  return WithAdvice(absl::StatusCode::kFailedPrecondition,
                    absl::StrCat(doing, ": no directory can be made there"),
                    "name one on a local disk");
}

absl::Status CreateDirectory(const std::string& path) {
  fs::path normal = fs::absolute(path).lexically_normal();
  if (!normal.has_filename()) normal = normal.parent_path();  // a slash at the end
  std::error_code error;
  fs::create_directories(normal.parent_path(), error);
  if (error) return CreateError(error.value(), path);
  if (mkdir(normal.c_str(), S_IRWXU) == 0) return SyncDirectory(normal.parent_path().string());
  const int create_error = errno;
  if (create_error == EEXIST && fs::is_directory(normal, error)) return absl::OkStatus();
  return CreateError(create_error, path);
}

// Who made the directory may have meant its group to read, such as a backup's, but hardly
// everybody. PERMISSION_DENIED if only its owner can change that.
absl::Status ShutOutOthers(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) return IoError(errno, absl::StrCat("look at ", path));
  constexpr mode_t kModeBits = 07777;
  if ((info.st_mode & S_IRWXO) == 0) return absl::OkStatus();
  if (chmod(path.c_str(), info.st_mode & kModeBits & ~S_IRWXO) == 0) return absl::OkStatus();
  if (errno != EPERM) return IoError(errno, absl::StrCat("change the mode of ", path));
  return WithAdvice(absl::StatusCode::kPermissionDenied,
                    absl::StrCat("the data directory ", path, " is open to every user"),
                    "let its owner run chmod o= on it");
}

// Refuses a directory that holds something, but no FORMAT: either it is not ours to write to, or
// FORMAT has been lost.
absl::Status CheckNotForeign(const std::string& path) {
  std::error_code error;
  std::string foreign;
  bool has_database = false;
  bool has_head = false;
  for (fs::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (name == kFormatName) return absl::OkStatus();
    has_database |= name == kDatabaseName;
    has_head |= name == kHeadName;
    if (name != kLockName && name != kNewFormatName && name != kLostAndFoundName) foreign = name;
  }
  if (error) return IoError(error.value(), absl::StrCat("list the data directory ", path));
  if (foreign.empty()) return absl::OkStatus();
  if (has_database && has_head) {
    return WithAdvice(absl::StatusCode::kFailedPrecondition,
                      absl::StrCat("the data directory ", path, " has lost its file ", kFormatName),
                      "restore that file from a backup");
  }
  return absl::FailedPreconditionError(
      absl::StrCat(path, " holds \"", foreign,
                   "\" and is not a tipgate data directory; name an "
                   "empty directory or one that does not exist yet"));
}

absl::Status InUseError(const std::string& path, absl::string_view owner) {
  return WithAdvice(absl::StatusCode::kFailedPrecondition,
                    absl::StrCat("the data directory ", path, " is in use by ", owner),
                    "stop it first or name another data directory");
}

absl::StatusOr<int> TakeLock(const std::string& path) {
  const std::string lock_path = absl::StrCat(path, "/", kLockName);
  File lock(lock_path, O_RDWR | O_CREAT | O_CLOEXEC);
  if (!lock.is_open()) return IoError(errno, absl::StrCat("open ", lock_path));
  if (flock(lock.fd(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return IoError(errno, absl::StrCat("lock ", lock_path));
    return InUseError(path, absl::StrCat("process ", absl::StripSuffix(lock.Read(), "\n")));
  }
  const absl::Status status = lock.Replace(absl::StrCat(getpid(), "\n"));
  if (!status.ok()) return status;
  return lock.Release();
}

// Refuses a directory whose LOCK somebody has removed while a process is using it: RocksDB's own
// lock is still there. Nothing in this process has the database open: closing a file gives all its
// locks back.
absl::Status CheckDatabaseIsFree(const std::string& path) {
  const std::string lock_path = absl::StrCat(path, "/", kDatabaseName, "/", kLockName);
  const File lock(lock_path, O_RDWR | O_CLOEXEC);
  if (!lock.is_open()) {
    return errno == ENOENT ? absl::OkStatus() : IoError(errno, absl::StrCat("open ", lock_path));
  }
  struct flock query {};
  query.l_type = F_WRLCK;
  query.l_whence = SEEK_SET;
  if (fcntl(lock.fd(), F_GETLK, &query) != 0) {
    return IoError(errno, absl::StrCat("look at the lock of ", lock_path));
  }
  if (query.l_type == F_UNLCK) return absl::OkStatus();
  const bool is_visible = query.l_pid > 0;  // not in another container
  return InUseError(path, is_visible ? absl::StrCat("process ", query.l_pid) : "another process");
}

absl::Status CheckFormat(const std::string& path) {
  const std::string format_path = absl::StrCat(path, "/", kFormatName);
  const File file(format_path, O_RDONLY | O_CLOEXEC);
  if (!file.is_open()) {
    if (errno == ENOENT) {
      return WriteSmallFile(path, kFormatName, absl::StrCat(kFormatPrefix, kDirectoryFormat, "\n"));
    }
    return IoError(errno, absl::StrCat("open ", format_path));
  }
  const std::string text = file.Read();
  absl::string_view rest = text;
  int format = 0;
  if (!absl::ConsumePrefix(&rest, kFormatPrefix) || !absl::ConsumeSuffix(&rest, "\n") ||
      !absl::SimpleAtoi(rest, &format) || format < 1) {
    return absl::FailedPreconditionError(
        absl::StrCat(format_path,
                     " does not state a format; if this is a tipgate data directory, restore it "
                     "from a backup"));
  }
  if (format > kDirectoryFormat) {
    return absl::FailedPreconditionError(absl::StrCat("the data directory ", path,
                                                      " needs a tipgate that knows format ", format,
                                                      "; this one knows up to ", kDirectoryFormat));
  }
  if (format < kDirectoryFormat) {
    return absl::FailedPreconditionError(
        absl::StrCat("the data directory ", path, " has format ", format,
                     ", of a version before the first release; begin with a new directory"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<DataDirectory>> DataDirectory::Open(const std::string& path) {
  absl::Status status = CreateDirectory(path);
  if (!status.ok()) return status;
  status = CheckNotForeign(path);
  if (!status.ok()) return status;
  const absl::StatusOr<int> lock_file = TakeLock(path);
  if (!lock_file.ok()) return lock_file.status();
  std::unique_ptr<DataDirectory> directory(new DataDirectory(path, *lock_file));
  status = CheckDatabaseIsFree(path);
  if (status.ok()) status = CheckFormat(path);
  if (!status.ok()) return status;
  directory->privacy_ = ShutOutOthers(path);
  if (!directory->privacy_.ok() && !absl::IsPermissionDenied(directory->privacy_)) {
    return directory->privacy_;
  }
  return directory;
}

DataDirectory::DataDirectory(std::string path, int lock_file)
    : path_(std::move(path)), lock_file_(lock_file) {}

DataDirectory::~DataDirectory() { close(lock_file_); }

}  // namespace tipgate
