#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "bench/child_process.h"
#include "bench/scratch_directory.h"

namespace tipgate {

// How to start a gate. Everything may be left out.
struct GateProcessOptions {
  std::string binary;       // Default: `tipgate` next to the running program.
  std::string data_dir;     // Default: a folder of its own, removed afterwards. A given one stays.
  std::string config_file;  // Default: the sample, see SampleFile.
  std::string policy_file;  // Default: the one that the config names.
  std::string gifts_file;   // Default: the one that the config names.
  std::vector<std::string> extra_arguments;
  std::vector<std::string> environment;  // "NAME=value", on top of our own environment.
  std::string log_file;                  // Takes its stdout and stderr. Default: a temporary one.
  absl::Duration ready_timeout = absl::Seconds(60);
};

// A real server process on free loopback ports, for tests and load. Not thread-safe, but for the
// const calls. Never outlives this object, nor the thread that started it (see ChildProcess).
class GateProcess {
 public:
  // Starts a gate and waits until it serves.
  static absl::StatusOr<std::unique_ptr<GateProcess>> Start(const GateProcessOptions& options);

  // Starts a gate and returns at once: for one that is expected to refuse to start. Follow with
  // WaitReady or WaitExit.
  static absl::StatusOr<std::unique_ptr<GateProcess>> Launch(const GateProcessOptions& options);

  // FAILED_PRECONDITION with exit code and last words if the process ends first; DEADLINE_EXCEEDED
  // after ready_timeout.
  absl::Status WaitReady();

  // Where it serves gRPC and metrics, host:port; empty before it is ready.
  const std::string& target() const { return target_; }
  const std::string& metrics_address() const { return metrics_address_; }
  const std::string& data_dir() const { return data_dir_; }
  pid_t pid() const { return child_->pid(); }

  // Asks it to drain with SIGTERM, and waits for its exit code.
  absl::StatusOr<int> Terminate(absl::Duration timeout = absl::Seconds(60));
  // Ends it with SIGKILL, as a crash would, and waits for the end.
  void Kill();
  // Exit code, or 128 + signal; DEADLINE_EXCEEDED if it still runs.
  absl::StatusOr<int> WaitExit(absl::Duration timeout) { return child_->WaitExit(timeout); }

  // User and system time used so far; zero after the end.
  absl::Duration CpuTime() const { return child_->CpuTime(); }
  // Its last words on stdout and stderr.
  std::string LogTail() const { return child_->LogTail(); }

 private:
  GateProcess(ScratchDirectory scratch, const GateProcessOptions& options);
  absl::Status Spawn(const GateProcessOptions& options);

  ScratchDirectory scratch_;  // Before child_: it goes after the process has ended.
  std::unique_ptr<ChildProcess> child_;
  std::string data_dir_;
  absl::Duration ready_timeout_;
  std::string target_;
  std::string metrics_address_;
};

// `name` in the folder of the running program.
std::string ProgramNextToUs(const std::string& name);

// The path of a sample file, such as "policy.yaml": in ../share/tipgate next to the running
// program's folder, or in deploy/ of the source tree that this was built from.
std::string SampleFile(const std::string& name);

}  // namespace tipgate
