#include "server/disk_watch.h"

#include <utility>

#include "core/check.h"
#include "server/log.h"
#include "server/thread.h"

namespace tipgate {
namespace {

constexpr int64_t kHysteresisPart = 4;

bool IsBelow(int64_t spare_bytes, int64_t mark_bytes, bool is_entered) {
  return spare_bytes < mark_bytes + (is_entered ? mark_bytes / kHysteresisPart : 0);
}

}  // namespace

DiskLevel NextDiskLevel(DiskLevel level, int64_t spare_bytes, const DiskMarks& marks) {
  if (IsBelow(spare_bytes, marks.stop_bytes, level == DiskLevel::kFull)) return DiskLevel::kFull;
  if (IsBelow(spare_bytes, marks.warn_bytes, level != DiskLevel::kAmple)) return DiskLevel::kLow;
  return DiskLevel::kAmple;
}

DiskWatch::DiskWatch(const DiskMarks& marks, Measure measure, PipelineStats* stats,
                     Listener listener)
    : marks_(marks), measure_(std::move(measure)), stats_(*stats), listener_(std::move(listener)) {
  TIPGATE_CHECK(marks.stop_bytes > 0);
  TIPGATE_CHECK(marks.warn_bytes >= marks.stop_bytes);
}

DiskWatch::~DiskWatch() { TIPGATE_CHECK(!thread_.joinable()); }

void DiskWatch::Start() {
  Look();
  thread_ = std::thread([this] { Run(); });
}

void DiskWatch::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    is_stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void DiskWatch::Run() {
  NameThread("disk");
  while (WaitForNextLook()) Look();
}

// False once it is to stop.
bool DiskWatch::WaitForNextLook() {
  absl::MutexLock lock(&mutex_);
  return !mutex_.AwaitWithTimeout(absl::Condition(&is_stopping_), kInterval);
}

void DiskWatch::Look() {
  const absl::StatusOr<int64_t> spare_bytes = measure_();
  if (!spare_bytes.ok()) {
    if (!std::exchange(has_failed_, true)) Log(Severity::kWarning, spare_bytes.status().message());
    return;
  }
  has_failed_ = false;
  const DiskLevel before = level_;
  level_ = NextDiskLevel(before, *spare_bytes, marks_);
  stats_.disk_spare_bytes.store(*spare_bytes, std::memory_order_relaxed);
  stats_.is_disk_low.store(level_ != DiskLevel::kAmple, std::memory_order_relaxed);
  stats_.is_disk_full.store(level_ == DiskLevel::kFull, std::memory_order_relaxed);
  if (level_ != before) listener_(before, level_, *spare_bytes);
}

}  // namespace tipgate
