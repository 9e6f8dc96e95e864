#include "tests/integration/small_volume.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <filesystem>

namespace tipgate {

SmallVolume::SmallVolume(const std::string& path, const std::string& size) : path_(path) {
  std::filesystem::create_directory(path);
  is_mounted_ = mount("tipgate", path.c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0;
}

SmallVolume::~SmallVolume() {
  if (is_mounted_) umount2(path_.c_str(), MNT_DETACH);
}

bool SmallVolume::LeaveFree(int64_t bytes) {
  GiveBack();
  struct statvfs volume {};
  if (statvfs(path_.c_str(), &volume) != 0) return false;
  const auto free_bytes = static_cast<int64_t>(volume.f_bavail * volume.f_frsize);
  const int file = open(filler().c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0 || free_bytes <= bytes) return false;
  const bool is_filled = posix_fallocate(file, 0, free_bytes - bytes) == 0;
  close(file);
  return is_filled;
}

void SmallVolume::GiveBack() { std::filesystem::remove(filler()); }

}  // namespace tipgate
