#include "tests/crash/kill_switch.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "core/check.h"

namespace tipgate::crash {

KillSwitchFile::KillSwitchFile(const std::string& path) : path_(path) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  TIPGATE_CHECK(file >= 0);
  TIPGATE_CHECK(ftruncate(file, sizeof(KillSwitch)) == 0);
  void* const memory =
      mmap(nullptr, sizeof(KillSwitch), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  TIPGATE_CHECK(memory != MAP_FAILED);
  close(file);
  switch_ = static_cast<KillSwitch*>(memory);
}

KillSwitchFile::~KillSwitchFile() { munmap(switch_, sizeof(KillSwitch)); }

void KillSwitchFile::Arm(const KillOrder& order) {
  Disarm();
  switch_->order = order;
  switch_->calls_left.store(order.count);
  switch_->has_struck.store(0);
  switch_->is_armed.store(1);
}

void KillSwitchFile::Disarm() { switch_->is_armed.store(0); }

std::vector<std::string> KillSwitchFile::Environment() const {
  // Sanitizers want to come first, and say so.
  return {absl::StrCat("LD_PRELOAD=", TIPGATE_PRELOAD_KILL),
          absl::StrCat(kKillSwitchVariable, "=", path_), "ASAN_OPTIONS=verify_asan_link_order=0"};
}

}  // namespace tipgate::crash
