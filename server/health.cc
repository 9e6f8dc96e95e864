#include "server/health.h"

#include <utility>

namespace tipgate {

void Health::SetServing(bool is_serving) {
  absl::MutexLock lock(&mutex_);
  is_serving_ = is_serving;
  Tell();
}

void Health::SetClock(const absl::Status& clock) {
  absl::MutexLock lock(&mutex_);
  clock_ = clock;
  Tell();
}

void Health::SetDisk(const absl::Status& disk) {
  absl::MutexLock lock(&mutex_);
  disk_ = disk;
  Tell();
}

void Health::SetListener(Listener listener) {
  absl::MutexLock lock(&mutex_);
  listener_ = std::move(listener);
  Tell();
}

absl::Status Health::Get() const {
  absl::MutexLock lock(&mutex_);
  return Current();
}

absl::Status Health::Current() const {
  if (!is_serving_) return absl::UnavailableError("not serving");
  return clock_.ok() ? disk_ : clock_;
}

void Health::Tell() {
  if (listener_ != nullptr) listener_(Current().ok());
}

}  // namespace tipgate
