#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "bench/child_process.h"
#include "bench/gate_process.h"
#include "bench/load_options.h"
#include "bench/scratch_directory.h"

namespace tipgate {

// The kind of file system that `path` is on, such as "ext4".
std::string FileSystemOf(const std::string& path);

// The servers of one run: a gate, of our own or one that serves already, and an echo if it was
// asked for. Those of our own end with this object, and so do their files. Not thread-safe.
class LoadServers {
 public:
  static absl::StatusOr<std::unique_ptr<LoadServers>> Start(const LoadOptions& options);

  const std::string& gate_address() const { return gate_address_; }
  // Whose CPU time is the gate's; 0 if unknown.
  pid_t gate_pid() const { return gate_pid_; }
  // Empty without an echo.
  const std::string& echo_address() const { return echo_address_; }
  pid_t echo_pid() const { return echo_ == nullptr ? 0 : echo_->pid(); }
  // The kind of file system that our own gate writes to, such as "ext4"; empty if the gate is not
  // ours.
  const std::string& file_system() const { return file_system_; }

  // Where our own gate keeps its data; empty if the gate is not ours.
  const std::string& data_dir() const { return data_dir_; }

  // Drains our own gate. Fails if its exit code is not 0.
  absl::Status Stop();

 private:
  LoadServers() = default;
  absl::Status StartGate(const LoadOptions& options);
  absl::Status StartEcho(int thread_count);

  ScratchDirectory scratch_;  // First: goes after the processes have ended.
  std::unique_ptr<GateProcess> gate_;
  std::unique_ptr<ChildProcess> echo_;
  std::string gate_address_;
  pid_t gate_pid_ = 0;
  std::string echo_address_;
  std::string file_system_;
  std::string data_dir_;
};

}  // namespace tipgate
