#include "storage/data_directory.h"

#include <fcntl.h>
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
#include "storage/directory_lock.h"
#include "storage/small_file.h"
#include "storage/tail_mark.h"

namespace tipgate {
namespace {

namespace fs = std::filesystem;

constexpr char kFormatName[] = "FORMAT";
constexpr char kNewFormatName[] = "FORMAT.new";
constexpr char kLockName[] = "LOCK";  // RocksDB calls its own so too
constexpr char kWhat[] = "data directory";
constexpr char kHeadName[] = "HEAD";
// There while a restore is not done: what it holds so far is nobody's.
constexpr char kRestoringName[] = "RESTORING";
constexpr char kNewRestoringName[] = "RESTORING.new";
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
  bool is_restoring = false;
  for (fs::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (name == kFormatName) return absl::OkStatus();
    has_database |= name == kDatabaseName;
    has_head |= name == kHeadName;
    is_restoring |= name == kRestoringName;
    if (name != kLockName && name != kNewFormatName && name != kLostAndFoundName) foreign = name;
  }
  if (error) return IoError(error.value(), absl::StrCat("list the data directory ", path));
  if (foreign.empty()) return absl::OkStatus();
  if (is_restoring) {
    return WithAdvice(absl::StatusCode::kFailedPrecondition,
                      absl::StrCat(path, " holds a restore that did not come to its end"),
                      "restore the backup to it again, which begins anew");
  }
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

// Only into what is empty, or what an interrupted restore left.
absl::Status CheckIsForRestore(const std::string& path) {
  std::error_code error;
  std::string other;
  bool is_restoring = false;
  for (fs::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    is_restoring |= name == kRestoringName;
    const bool is_nothing =
        name == kLockName || name == kNewRestoringName || name == kLostAndFoundName;
    if (!is_nothing) other = name;
  }
  if (error) return IoError(error.value(), absl::StrCat("list the directory ", path));
  const bool is_whole = fs::exists(fs::path(path) / kFormatName, error);
  if (other.empty() || (is_restoring && !is_whole)) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(path, " holds \"", other,
                   "\"; restore to an empty directory or one that does not exist yet"));
}

absl::Status RemoveHalfRestored(const std::string& path) {
  std::error_code error;
  for (const char* name : {kDatabaseName, kHeadName}) {
    fs::remove_all(fs::path(path) / name, error);
    if (error) return IoError(error.value(), absl::StrCat("empty ", path));
  }
  return absl::OkStatus();
}

// Refuses a directory whose LOCK somebody has removed while a process is using it: RocksDB's own
// lock is still there. Nothing in this process has the database open: closing a file gives all its
// locks back.
absl::Status CheckDatabaseIsFree(const std::string& path) {
  const std::string lock_path = absl::StrCat(path, "/", kDatabaseName, "/", kLockName);
  const File lock(lock_path, O_RDONLY | O_CLOEXEC);
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
  return InUseError(path, kWhat,
                    is_visible ? absl::StrCat("process ", query.l_pid) : "another process");
}

absl::Status WriteFormat(const std::string& path) {
  return WriteSmallFile(path, kFormatName, absl::StrCat(kFormatPrefix, kDirectoryFormat, "\n"));
}

// NOT_FOUND if there is none.
absl::Status CheckFormat(const std::string& path) {
  const std::string format_path = absl::StrCat(path, "/", kFormatName);
  const File file(format_path, O_RDONLY | O_CLOEXEC);
  if (!file.is_open()) {
    if (errno == ENOENT) return absl::NotFoundError(absl::StrCat(format_path, " is missing"));
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
  absl::StatusOr<std::unique_ptr<DataDirectory>> directory = Own(path);
  if (!directory.ok()) return directory.status();
  status = CheckFormat(path);
  if (absl::IsNotFound(status)) status = WriteFormat(path);
  if (status.ok()) status = CheckTailMark(path);
  if (status.ok()) status = (*directory)->MakePrivate();
  if (!status.ok()) return status;
  return directory;
}

absl::StatusOr<std::unique_ptr<DataDirectory>> DataDirectory::OpenToRead(const std::string& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) {
    return absl::NotFoundError(absl::StrCat("there is no data directory at ", path));
  }
  absl::StatusOr<DirectoryLock> lock = DirectoryLock::Read(path, kWhat);
  if (!lock.ok()) return lock.status();
  absl::Status status = CheckDatabaseIsFree(path);
  if (status.ok()) status = CheckFormat(path);
  if (absl::IsNotFound(status)) {
    status = CheckNotForeign(path);  // tells more
    if (status.ok()) {
      status = absl::FailedPreconditionError(absl::StrCat(path, " is not a data directory yet"));
    }
  }
  if (status.ok()) status = CheckTailMark(path);
  if (!status.ok()) return status;
  return std::unique_ptr<DataDirectory>(new DataDirectory(path, *std::move(lock)));
}

absl::StatusOr<std::unique_ptr<DataDirectory>> DataDirectory::OpenToRestore(
    const std::string& path) {
  absl::Status status = CreateDirectory(path);
  if (!status.ok()) return status;
  status = CheckIsForRestore(path);
  if (!status.ok()) return status;
  absl::StatusOr<std::unique_ptr<DataDirectory>> directory = Own(path);
  if (!directory.ok()) return directory.status();
  status = WriteSmallFile(path, kRestoringName, "tipgate restore\n");
  if (status.ok()) status = RemoveHalfRestored(path);
  if (status.ok()) status = (*directory)->MakePrivate();
  if (!status.ok()) return status;
  return directory;
}

absl::Status DataDirectory::FinishRestore() {
  absl::Status status = SyncDirectory(database_path());
  if (status.ok()) status = WriteFormat(path_);
  if (!status.ok()) return status;
  std::error_code ignored;  // where it stays it means nothing: FORMAT is there
  fs::remove(fs::path(path_) / kRestoringName, ignored);
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<DataDirectory>> DataDirectory::Own(const std::string& path) {
  absl::StatusOr<DirectoryLock> lock = DirectoryLock::Own(path, kWhat);
  if (!lock.ok()) return lock.status();
  if (absl::Status status = CheckDatabaseIsFree(path); !status.ok()) return status;
  return std::unique_ptr<DataDirectory>(new DataDirectory(path, *std::move(lock)));
}

absl::Status DataDirectory::MakePrivate() {
  privacy_ = ShutOutOthers(path_);
  return absl::IsPermissionDenied(privacy_) ? absl::OkStatus() : privacy_;
}

DataDirectory::DataDirectory(std::string path, DirectoryLock lock)
    : path_(std::move(path)), lock_(std::move(lock)) {}

}  // namespace tipgate
