#include "tests/simulation/simulated_disk.h"

#include <algorithm>

namespace tipgate::simulation {
namespace {

constexpr int64_t kWriteErrorPermille = 2;
constexpr int64_t kSyncErrorPermille = 2;
constexpr int64_t kReadErrorPermille = 20;

}  // namespace

SimulatedDisk::SimulatedDisk(Faults* faults)
    : faults_(*faults), sector_bytes_(faults->random().OneOf<size_t>({512, 4096})) {}

absl::Status SimulatedDisk::Append(absl::string_view bytes) {
  const bool fails = faults_.Strikes("write error", kWriteErrorPermille);
  if (fails || is_full_) {
    bytes = bytes.substr(
        0, static_cast<size_t>(faults_.random().Below(static_cast<int64_t>(bytes.size()))));
  }
  bytes_.append(bytes.data(), bytes.size());
  if (is_full_) return absl::ResourceExhaustedError("no space left");
  return fails ? absl::UnavailableError("write: I/O error") : absl::OkStatus();
}

absl::Status SimulatedDisk::Sync() {
  if (faults_.Strikes("sync error", kSyncErrorPermille)) {
    DropSectors();
    return absl::UnavailableError("sync: I/O error");
  }
  synced_size_ = bytes_.size();
  return absl::OkStatus();
}

absl::StatusOr<std::string> SimulatedDisk::Read() {
  if (faults_.Strikes("read error", kReadErrorPermille)) {
    return absl::UnavailableError("read: I/O error");
  }
  return bytes_;
}

void SimulatedDisk::Truncate(size_t size) {
  bytes_.resize(size);
  synced_size_ = size;
}

void SimulatedDisk::LosePower() {
  DropSectors();
  // How long the file is, is no better known than what stands in it.
  const auto unsynced = static_cast<int64_t>(bytes_.size() - synced_size_);
  bytes_.resize(synced_size_ + static_cast<size_t>(faults_.random().Between(0, unsynced)));
  synced_size_ = bytes_.size();
}

void SimulatedDisk::DropSectors() {
  for (size_t begin = synced_size_; begin < bytes_.size();) {
    const size_t end = std::min(bytes_.size(), (begin / sector_bytes_ + 1) * sector_bytes_);
    if (faults_.random().Permille(500)) std::fill(&bytes_[begin], bytes_.data() + end, '\0');
    begin = end;
  }
}

}  // namespace tipgate::simulation
