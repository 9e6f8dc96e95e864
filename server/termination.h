#pragma once

#include <signal.h>

#include "absl/time/time.h"

namespace tipgate {

// Tells that this process shall end: by SIGTERM or SIGINT, which are for this alone. Make it before
// the first thread, which inherits that both are blocked. One thread.
class Termination {
 public:
  Termination();

  // True once the process is told to end; false after `timeout`.
  bool Await(absl::Duration timeout) const;

 private:
  sigset_t signals_;
};

}  // namespace tipgate
