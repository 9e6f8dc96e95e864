#pragma once

#include <signal.h>

#include "absl/time/time.h"

namespace tipgate {

// Tells that this process shall end: by SIGTERM, SIGINT or SIGHUP, which are for this alone. A
// SIGHUP that whoever started the process has it ignore, such as nohup, stays ignored. Make it
// first of all: a signal kills until then, and threads inherit that they are blocked. One thread.
class Termination {
 public:
  Termination();

  // True once the process is told to end; false after `timeout`.
  bool Await(absl::Duration timeout) const;

 private:
  sigset_t signals_;
};

}  // namespace tipgate
