#include "core/timeline.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace tipgate {

absl::StatusOr<Moment> Timeline::Stamp(int64_t wall_ms, int64_t steady_ms) {
  if (is_started_) {
    const int64_t expected_ms = expected_ms_ + (steady_ms - last_steady_ms_);
    if (wall_ms - expected_ms > jump_max_ms_) {
      if (!is_refusing_) ++refused_jumps_count_;
      is_refusing_ = true;
      return absl::UnavailableError(
          absl::StrCat("the clock jumped ", wall_ms - expected_ms,
                       " ms ahead; set it right, or restart if it is right"));
    }
    if (wall_ms < last_wall_ms_ - kStepToleranceMs) ++backward_steps_count_;
    expected_ms_ = std::max(expected_ms, wall_ms);
  } else {
    expected_ms_ = wall_ms;
  }
  is_started_ = true;
  is_refusing_ = false;
  last_wall_ms_ = wall_ms;
  last_steady_ms_ = steady_ms;
  const int64_t time_ms = std::max(last_.time_ms, wall_ms);
  Moment now = calendar_.At(time_ms);
  // Where new zone data would take time back into a day that has ended, the day after it goes on.
  while (now.day < last_.day) now = calendar_.At(now.day_end_ms);
  now.time_ms = time_ms;
  last_ = now;
  return now;
}

}  // namespace tipgate
