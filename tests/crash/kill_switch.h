#pragma once

#include <string>
#include <vector>

#include "tests/crash/kill_order.h"

namespace tipgate::crash {

// Our end of the switch by which a process dies at a named point. Not thread-safe.
class KillSwitchFile {
 public:
  // Keeps it in a new file of this name.
  explicit KillSwitchFile(const std::string& path);
  ~KillSwitchFile();
  KillSwitchFile(const KillSwitchFile&) = delete;
  KillSwitchFile& operator=(const KillSwitchFile&) = delete;

  // From now on, until it strikes or is disarmed. Processes that start later are meant too.
  void Arm(const KillOrder& order);
  void Disarm();
  // Whether it has struck since it was armed.
  bool has_struck() const { return switch_->has_struck.load() != 0; }

  // For the process.
  std::vector<std::string> Environment() const;

 private:
  const std::string path_;
  KillSwitch* switch_;  // in the file
};

}  // namespace tipgate::crash
