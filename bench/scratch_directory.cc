#include "bench/scratch_directory.h"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace tipgate {
namespace {

std::string DefaultParent() {
  const char* parent = std::getenv("TMPDIR");
  return parent != nullptr && *parent != '\0' ? parent : "/tmp";
}

}  // namespace

absl::StatusOr<ScratchDirectory> ScratchDirectory::Create(const std::string& parent) {
  std::string path = absl::StrCat(parent.empty() ? DefaultParent() : parent, "/tipgate-XXXXXX");
  if (mkdtemp(path.data()) == nullptr) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot make a temporary folder ", path));
  }
  return ScratchDirectory(std::move(path));
}

ScratchDirectory::ScratchDirectory(ScratchDirectory&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

ScratchDirectory& ScratchDirectory::operator=(ScratchDirectory&& other) noexcept {
  std::swap(path_, other.path_);
  return *this;
}

ScratchDirectory::~ScratchDirectory() {
  if (path_.empty()) return;
  std::error_code
      ignored;  // Nobody is left to tell; the system empties its temporary folder itself.
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace tipgate
