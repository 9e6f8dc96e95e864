#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace tipgate {

// A new folder under $TMPDIR (or /tmp) that is removed with all its contents on destruction.
// Movable, not thread-safe.
class ScratchDirectory {
 public:
  // `parent` may name another folder to make it in; it must exist.
  static absl::StatusOr<ScratchDirectory> Create(const std::string& parent = "");

  ScratchDirectory() = default;  // Names no folder.
  ScratchDirectory(ScratchDirectory&& other) noexcept;
  ScratchDirectory& operator=(ScratchDirectory&& other) noexcept;
  ~ScratchDirectory();

  const std::string& path() const { return path_; }
  std::string Join(const std::string& name) const { return path_ + "/" + name; }

 private:
  explicit ScratchDirectory(std::string path) : path_(std::move(path)) {}

  std::string path_;
};

}  // namespace tipgate
