#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/calendar.h"

namespace tipgate {

// The journal's time: the wall clock, but never backwards and never far ahead at once. One thread.
//
// Invariants: Stamp never returns a time or a day before that of an earlier Stamp or of the
// journal's last entry; a jump of the wall clock of more than `jump_max_ms` against the steady
// clock is refused until the wall clock comes back.
class Timeline {
 public:
  // `last` is the moment of the journal's last entry, Moment() if there is none.
  Timeline(Calendar calendar, const Moment& last, int64_t jump_max_ms)
      : calendar_(calendar), last_(last), jump_max_ms_(jump_max_ms) {}

  // The moment of a batch that is decided now. UNAVAILABLE if the wall clock cannot be believed.
  // `steady_ms` counts evenly from any beginning.
  absl::StatusOr<Moment> Stamp(int64_t wall_ms, int64_t steady_ms);

  const Calendar& calendar() const { return calendar_; }

  // How often the wall clock was seen to step back, or jumped ahead too far.
  int64_t backward_steps_count() const { return backward_steps_count_; }
  int64_t refused_jumps_count() const { return refused_jumps_count_; }

 private:
  // A step smaller than this is how clocks are kept, no alarm.
  static constexpr int64_t kStepToleranceMs = 10;

  Calendar calendar_;
  Moment last_;
  int64_t jump_max_ms_;
  bool is_started_ = false;
  bool is_refusing_ = false;
  int64_t expected_ms_ = 0;   // what the wall clock would show had it never stepped back
  int64_t last_wall_ms_ = 0;  // the last believed wall clock, and the steady clock with it
  int64_t last_steady_ms_ = 0;
  int64_t backward_steps_count_ = 0;
  int64_t refused_jumps_count_ = 0;
};

}  // namespace tipgate
