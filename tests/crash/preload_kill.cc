// A library for LD_PRELOAD: ends the process with SIGKILL at a call that touches a file, as the
// KillSwitch says that stands in the file TIPGATE_KILL_SWITCH. So a named point needs no word in
// the program itself. What the program has written stays with the kernel, as after any kill -9.
//
// Calls are made as system calls, so that nothing here needs the library that it stands before.

#include <fcntl.h>
#include <fnmatch.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "tests/crash/kill_order.h"
#include "tests/crash/log_content.h"

namespace {

using tipgate::crash::CallPattern;
using tipgate::crash::FileCall;
using tipgate::crash::KillSwitch;
using tipgate::crash::LogContent;
using tipgate::crash::Moment;

constexpr size_t kPathBytes = 512;

// Null without a file.
KillSwitch* MapSwitch() {
  const char* const path = std::getenv(tipgate::crash::kKillSwitchVariable);
  if (path == nullptr) return nullptr;
  const long file = syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
  if (file < 0) return nullptr;
  void* const memory = mmap(nullptr, sizeof(KillSwitch), PROT_READ | PROT_WRITE, MAP_SHARED,
                            static_cast<int>(file), 0);
  close(static_cast<int>(file));
  return memory == MAP_FAILED ? nullptr : static_cast<KillSwitch*>(memory);
}

// Null unless something is to happen.
KillSwitch* ArmedSwitch() {
  static KillSwitch* const kSwitch = MapSwitch();
  return kSwitch != nullptr && kSwitch->is_armed.load() != 0 ? kSwitch : nullptr;
}

[[noreturn]] void Die(KillSwitch* kill_switch) {
  kill_switch->has_struck.store(1);
  syscall(SYS_kill, getpid(), SIGKILL);
  while (true) pause();
}

// One call that is about to be made.
struct Call {
  FileCall call;
  const char* path;
  const char* bytes = nullptr;
  size_t size = 0;
};

bool IsMeant(const CallPattern& pattern, const Call& call) {
  if (pattern.call != call.call) return false;
  const char* const slash = std::strrchr(call.path, '/');
  const char* const name = slash == nullptr ? call.path : slash + 1;
  if (fnmatch(pattern.name, name, 0) != 0) return false;
  if (pattern.content == LogContent::kAny) return true;
  return Means(pattern, tipgate::crash::ParseLogWrite(call.bytes, call.size));
}

// True if the process is to die at this call. Counts it.
bool IsTheOne(KillSwitch* kill_switch, const Call& call) {
  const tipgate::crash::KillOrder& order = kill_switch->order;
  const bool is_at_second =
      order.then.call != FileCall::kNone && kill_switch->calls_left.load() <= 0;
  if (is_at_second) return IsMeant(order.then, call);
  if (!IsMeant(order.first, call)) return false;
  return kill_switch->calls_left.fetch_sub(1) == 1 && order.then.call == FileCall::kNone;
}

// Makes the call `real`, and dies before or after it if this is the one.
template <typename Real>
auto Make(const Call& call, const Real& real) {
  KillSwitch* const kill_switch = ArmedSwitch();
  if (kill_switch == nullptr || call.path == nullptr || !IsTheOne(kill_switch, call)) {
    return real();
  }
  if (kill_switch->order.moment == Moment::kAfter) real();
  Die(kill_switch);
}

// The path of a descriptor, in `path`; null if there is none.
const char* PathOf(int file, char* path) {
  char link[32];
  std::snprintf(link, sizeof(link), "/proc/self/fd/%d", file);
  const ssize_t size = readlink(link, path, kPathBytes - 1);
  if (size <= 0) return nullptr;
  path[size] = '\0';
  return path;
}

// The same for calls on descriptors, which are many: nothing is looked up unless it matters.
// `half` makes half of the call.
template <typename Real, typename Half>
auto MakeOnFile(FileCall kind, int file, const void* bytes, size_t size, const Real& real,
                const Half& half) {
  KillSwitch* const kill_switch = ArmedSwitch();
  char path[kPathBytes];
  if (kill_switch == nullptr || PathOf(file, path) == nullptr ||
      !IsTheOne(kill_switch, {kind, path, static_cast<const char*>(bytes), size})) {
    return real();
  }
  if (kill_switch->order.moment == Moment::kAfter) real();
  if (kill_switch->order.moment == Moment::kMiddle) half();
  Die(kill_switch);
}

int Open(const char* path, int flags, mode_t mode) {
  const FileCall call = (flags & O_CREAT) != 0 ? FileCall::kCreate : FileCall::kOpen;
  return Make({call, path},
              [&] { return static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, flags, mode)); });
}

int Sync(int file, long number) {
  const auto real = [&] { return static_cast<int>(syscall(number, file)); };
  return MakeOnFile(FileCall::kSync, file, nullptr, 0, real, real);
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  return Open(path, flags, mode);
}

ssize_t write(int file, const void* bytes, size_t size) {
  return MakeOnFile(
      FileCall::kWrite, file, bytes, size, [&] { return syscall(SYS_write, file, bytes, size); },
      [&] { return syscall(SYS_write, file, bytes, size / 2); });
}

ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset) {
  return MakeOnFile(
      FileCall::kWrite, file, bytes, size,
      [&] { return syscall(SYS_pwrite64, file, bytes, size, offset); },
      [&] { return syscall(SYS_pwrite64, file, bytes, size / 2, offset); });
}

ssize_t pread(int file, void* bytes, size_t size, off_t offset) {
  const auto real = [&] { return syscall(SYS_pread64, file, bytes, size, offset); };
  return MakeOnFile(FileCall::kRead, file, nullptr, 0, real, real);
}

int fsync(int file) { return Sync(file, SYS_fsync); }

int fdatasync(int file) { return Sync(file, SYS_fdatasync); }

int rename(const char* from, const char* to) noexcept {
  return Make({FileCall::kRename, to},
              [&] { return static_cast<int>(syscall(SYS_rename, from, to)); });
}

int link(const char* from, const char* to) noexcept {
  return Make({FileCall::kLink, from},
              [&] { return static_cast<int>(syscall(SYS_link, from, to)); });
}

int unlink(const char* path) noexcept {
  const auto real = [&] { return static_cast<int>(syscall(SYS_unlink, path)); };
  return access(path, F_OK) == 0 ? Make({FileCall::kUnlink, path}, real) : real();
}

}  // extern "C"
