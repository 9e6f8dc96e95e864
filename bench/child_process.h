#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace tipgate {

// What to run, and where its words go.
struct ChildProcessOptions {
  std::string binary;
  std::vector<std::string> arguments;    // Without argv[0].
  std::vector<std::string> environment;  // "NAME=value", on top of our own environment.
  std::string log_file;                  // Takes stdout and stderr; appended to.
};

// User and system time that a process has used so far; zero if there is no such process.
absl::Duration ProcessCpuTime(pid_t pid);
// Memory that a process has in RAM, VmRSS; zero if there is no such process.
int64_t ProcessResidentBytes(pid_t pid);

// One program that this process has started. Not thread-safe.
//
// 1. It never outlives us: the destructor kills it, and so does the kernel if the thread that
// started it ends.
//    So start it from a thread that lives as long as it should.
// 2. It inherits no file descriptor but the log file, and no blocked signal.
class ChildProcess {
 public:
  static absl::StatusOr<ChildProcess> Start(const ChildProcessOptions& options);

  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  ~ChildProcess();

  pid_t pid() const { return pid_; }
  // Readable once the process has ended: for poll(2).
  int exit_descriptor() const { return exit_descriptor_; }

  // Sends a signal; does nothing after the end.
  void Signal(int signal_number);

  // The exit code, or 128 + the signal that ended it, as shells say it. DEADLINE_EXCEEDED if it
  // still runs. May be called again after the end.
  absl::StatusOr<int> WaitExit(absl::Duration timeout);

  // User and system time of all its threads so far; zero after the end.
  absl::Duration CpuTime() const { return ProcessCpuTime(is_ended_ ? -1 : pid_); }

  // The last words of its log, at most 2,000 bytes.
  std::string LogTail() const;

 private:
  ChildProcess(pid_t pid, int exit_descriptor, std::string log_file);

  pid_t pid_ = -1;
  int exit_descriptor_ = -1;
  bool is_ended_ = false;
  int exit_code_ = 0;
  std::string log_file_;
};

}  // namespace tipgate
