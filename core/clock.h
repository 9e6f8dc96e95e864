#pragma once

#include <cstdint>

namespace tipgate {

// Where time comes from; the one door to it. Any thread.
class Clock {
 public:
  virtual ~Clock() = default;

  // Unix time, in nanoseconds. May step.
  virtual int64_t WallNs() const = 0;
  // Counts evenly from any beginning, in nanoseconds.
  virtual int64_t SteadyNs() const = 0;
};

inline constexpr int64_t kNanosPerMilli = 1'000'000;

}  // namespace tipgate
