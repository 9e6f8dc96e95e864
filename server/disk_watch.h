#pragma once

#include <cstdint>
#include <functional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/stats.h"

namespace tipgate {

// How much room the data directory's volume has.
enum class DiskLevel {
  kAmple,
  kLow,   // people are to be warned
  kFull,  // changes are to be refused, while there is room for what was taken
};

// Below which bytes to spare a level begins; 0 < stop <= warn.
struct DiskMarks {
  int64_t warn_bytes = 0;
  int64_t stop_bytes = 0;
};

// The level that follows `level` with so many bytes to spare, which may be negative. Once entered
// it is left only with a quarter more than its mark, so that it does not flap while tables are
// rewritten.
DiskLevel NextDiskLevel(DiskLevel level, int64_t spare_bytes, const DiskMarks& marks);

// Looks at the room on the data directory's volume, tells it in the statistics, by which Intake
// goes, and tells changes to a listener. Owner's thread, but for the listener.
class DiskWatch {
 public:
  // How often it looks. A disk that takes 2 GB a second gets no further than 200 MB meanwhile.
  static constexpr absl::Duration kInterval = absl::Milliseconds(100);

  // The bytes to spare; see SpareBytes of storage.
  using Measure = std::function<absl::StatusOr<int64_t>()>;
  // Told of a new level: in Start, then on the watch's thread.
  using Listener = std::function<void(DiskLevel before, DiskLevel now, int64_t spare_bytes)>;

  // `stats` outlives it, and what the functions use.
  DiskWatch(const DiskMarks& marks, Measure measure, PipelineStats* stats, Listener listener);
  ~DiskWatch();

  // Looks once, then again and again on a thread of its own until Stop.
  void Start();
  void Stop();

  // One look, for tests; not after Start. A volume that cannot be asked is logged once, and stays
  // what it was.
  void Look();

 private:
  void Run();
  bool WaitForNextLook();

  const DiskMarks marks_;
  const Measure measure_;
  PipelineStats& stats_;
  const Listener listener_;
  DiskLevel level_ = DiskLevel::kAmple;  // the looking thread's, as the next
  bool has_failed_ = false;              // the last look
  absl::Mutex mutex_;
  bool is_stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace tipgate
