#pragma once

#include <cstdint>
#include <string>

namespace tipgate {

// A volume of its own, in memory; only root may have one. It goes with this, whoever still uses it.
class SmallVolume {
 public:
  // At a directory, which is made if it is missing. `size`: as tmpfs takes it, such as "60m".
  SmallVolume(const std::string& path, const std::string& size);
  ~SmallVolume();
  SmallVolume(const SmallVolume&) = delete;
  SmallVolume& operator=(const SmallVolume&) = delete;

  // False: this process may not mount.
  bool is_mounted() const { return is_mounted_; }

  // Takes space away, so that so many bytes are left, or gives all of it back. False: it could not.
  bool LeaveFree(int64_t bytes);
  void GiveBack();

 private:
  std::string filler() const { return path_ + "/lost+found"; }  // a name that is nobody's

  const std::string path_;
  bool is_mounted_ = false;
};

}  // namespace tipgate
