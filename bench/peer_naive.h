#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/child_process.h"

namespace tipgate {

// A tipnaive of our own. Not thread-safe.
class NaivePeer {
 public:
  // With its data in `data_dir`, which it makes.
  static absl::StatusOr<std::unique_ptr<NaivePeer>> Start(const std::string& data_dir,
                                                          const std::string& policy_file,
                                                          const std::string& gifts_file);

  const std::string& target() const { return target_; }
  pid_t pid() const { return child_->pid(); }

  // Ends it with SIGTERM; all that it has answered is on disk.
  void Stop();

 private:
  NaivePeer() = default;

  std::unique_ptr<ChildProcess> child_;
  std::string target_;
};

// Proves, on one with tight limits whose files lie under `folder`, that it applies its rules, and
// that answers hold after a restart. FAILED_PRECONDITION, with the claim, otherwise.
absl::Status CheckNaive(const std::string& folder);

}  // namespace tipgate
