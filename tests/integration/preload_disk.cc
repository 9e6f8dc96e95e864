// A library for LD_PRELOAD: one write or sync of a log of RocksDB below a directory fails, as the
// environment says (tests/integration/disk_fault_test.cc):
//
//   TIPGATE_TEST_DISK_DIRECTORY  the directory, an absolute path
//   TIPGATE_TEST_DISK_FAULT      "write K E" or "sync K E": the K-th one fails with errno E

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {

enum class Operation : char { kWrite = 'w', kSync = 's' };

struct Fault {
  const char* directory = nullptr;
  Operation operation = Operation::kWrite;
  int64_t k = 0;  // 0: none
  int error = 0;
};

Fault ReadFault() {
  Fault fault;
  const char* const text = std::getenv("TIPGATE_TEST_DISK_FAULT");
  fault.directory = std::getenv("TIPGATE_TEST_DISK_DIRECTORY");
  if (text == nullptr || fault.directory == nullptr) return fault;
  char operation[8] = {};
  long long k = 0;
  if (std::sscanf(text, "%7s %lld %d", operation, &k, &fault.error) != 3) std::abort();
  fault.operation = static_cast<Operation>(operation[0]);
  fault.k = k;
  return fault;
}

bool IsLogBelow(int fd, const char* directory) {
  char link[32];
  char path[4096];
  std::snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
  const ssize_t size = readlink(link, path, sizeof(path));
  if (size <= 0) return false;
  const std::string_view name(path, static_cast<size_t>(size));
  return name.starts_with(directory) && name.ends_with(".log");
}

// True, with errno set, if this one is to fail.
bool Strikes(Operation operation, int fd) {
  static const Fault kFault = ReadFault();
  static std::atomic<int64_t> count{0};
  if (kFault.k == 0 || operation != kFault.operation || !IsLogBelow(fd, kFault.directory))
    return false;
  if (count.fetch_add(1) + 1 != kFault.k) return false;
  errno = kFault.error;
  return true;
}

}  // namespace

extern "C" ssize_t write(int fd, const void* bytes, size_t size) {
  return Strikes(Operation::kWrite, fd) ? -1 : syscall(SYS_write, fd, bytes, size);
}

extern "C" ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset) {
  return Strikes(Operation::kWrite, fd) ? -1 : syscall(SYS_pwrite64, fd, bytes, size, offset);
}

extern "C" ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t offset) {
  return Strikes(Operation::kWrite, fd) ? -1 : syscall(SYS_pwrite64, fd, bytes, size, offset);
}

extern "C" int fsync(int fd) {
  return Strikes(Operation::kSync, fd) ? -1 : static_cast<int>(syscall(SYS_fsync, fd));
}

extern "C" int fdatasync(int fd) {
  return Strikes(Operation::kSync, fd) ? -1 : static_cast<int>(syscall(SYS_fdatasync, fd));
}
