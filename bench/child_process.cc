#include "bench/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <fstream>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace tipgate {
namespace {

constexpr int kExitExecFailed = 127;  // As shells say it.
constexpr std::streamoff kLogTailBytesMax = 2000;

// A null-terminated array for execve; `words` must outlive it.
std::vector<char*> Pointers(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> FullEnvironment(const std::vector<std::string>& extra) {
  std::vector<std::string> all = extra;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string ours = *entry;
    const std::string name = ours.substr(0, ours.find('=') + 1);
    const bool is_replaced = std::any_of(
        extra.begin(), extra.end(), [&](const std::string& e) { return e.rfind(name, 0) == 0; });
    if (!is_replaced) all.push_back(ours);
  }
  return all;
}

// Between fork and exec, where only async-signal-safe calls are allowed.
[[noreturn]] void RunChild(const char* binary, char** arguments, char** environment, int log,
                           pid_t parent) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(kExitExecFailed);  // The parent died before the line above.
  const int null = open("/dev/null", O_RDONLY);
  if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(log, STDOUT_FILENO) < 0 ||
      dup2(log, STDERR_FILENO) < 0) {
    _exit(kExitExecFailed);
  }
  syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, 0U);
  execve(binary, arguments, environment);
  _exit(kExitExecFailed);
}

int PollMilliseconds(absl::Duration left) {
  return static_cast<int>(std::clamp<int64_t>(absl::ToInt64Milliseconds(left) + 1, 0, 60'000));
}

}  // namespace

absl::StatusOr<ChildProcess> ChildProcess::Start(const ChildProcessOptions& options) {
  if (access(options.binary.c_str(), X_OK) != 0) {
    return absl::NotFoundError(absl::StrCat("there is no program ", options.binary));
  }
  std::vector<std::string> arguments = options.arguments;
  arguments.insert(arguments.begin(), options.binary);
  std::vector<std::string> environment = FullEnvironment(options.environment);
  const std::vector<char*> argument_pointers = Pointers(arguments);
  const std::vector<char*> environment_pointers = Pointers(environment);
  const int log = open(options.log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (log < 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot write the log ", options.log_file));
  }
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid == 0) {
    RunChild(options.binary.c_str(), const_cast<char**>(argument_pointers.data()),
             const_cast<char**>(environment_pointers.data()), log, parent);
  }
  const int fork_error = errno;
  close(log);
  if (pid < 0) return absl::ErrnoToStatus(fork_error, "cannot fork");
  // Nobody else reaps our child, so the pid still means it.
  const int descriptor = static_cast<int>(syscall(SYS_pidfd_open, pid, 0U));
  ChildProcess child(pid, descriptor, options.log_file);
  if (descriptor < 0) return absl::ErrnoToStatus(errno, "cannot watch the new process");
  return child;
}

ChildProcess::ChildProcess(pid_t pid, int exit_descriptor, std::string log_file)
    : pid_(pid), exit_descriptor_(exit_descriptor), log_file_(std::move(log_file)) {}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      exit_descriptor_(std::exchange(other.exit_descriptor_, -1)),
      is_ended_(std::exchange(other.is_ended_, true)),
      exit_code_(other.exit_code_),
      log_file_(other.log_file_) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(exit_descriptor_, other.exit_descriptor_);
  std::swap(is_ended_, other.is_ended_);
  std::swap(exit_code_, other.exit_code_);
  std::swap(log_file_, other.log_file_);
  return *this;
}

ChildProcess::~ChildProcess() {
  if (pid_ > 0 && !is_ended_) {
    Signal(SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  if (exit_descriptor_ >= 0) close(exit_descriptor_);
}

void ChildProcess::Signal(int signal_number) {
  if (!is_ended_) kill(pid_, signal_number);
}

absl::StatusOr<int> ChildProcess::WaitExit(absl::Duration timeout) {
  const absl::Time deadline = absl::Now() + timeout;
  while (!is_ended_) {
    const absl::Duration left = deadline - absl::Now();
    pollfd watched{exit_descriptor_, POLLIN, 0};
    if (poll(&watched, 1, PollMilliseconds(left)) > 0) {
      int status = 0;
      if (waitpid(pid_, &status, 0) < 0) return absl::ErrnoToStatus(errno, "cannot reap");
      is_ended_ = true;
      exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    } else if (left <= absl::ZeroDuration()) {
      return absl::DeadlineExceededError(
          absl::StrCat("process ", pid_, " still runs after ", absl::FormatDuration(timeout)));
    }
  }
  return exit_code_;
}

std::string ChildProcess::LogTail() const {
  std::ifstream log(log_file_, std::ios::binary | std::ios::ate);
  if (!log) return "";
  const std::streamoff size = log.tellg();
  log.seekg(std::max<std::streamoff>(0, size - kLogTailBytesMax));
  return std::string(std::istreambuf_iterator<char>(log), {});
}

absl::Duration ProcessCpuTime(pid_t pid) {
  clockid_t clock;
  timespec used{};
  if (pid <= 0 || clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0) {
    return absl::ZeroDuration();
  }
  return absl::DurationFromTimespec(used);
}

int64_t ProcessResidentBytes(pid_t pid) {
  std::ifstream status(absl::StrCat("/proc/", pid, "/status"));
  for (std::string name; status >> name;) {
    int64_t kib = 0;
    if (name == "VmRSS:" && status >> kib) return kib * 1024;
  }
  return 0;
}

}  // namespace tipgate
