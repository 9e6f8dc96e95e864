#pragma once

#include "core/clock.h"

namespace tipgate {

// The machine's clocks.
class SystemClock final : public Clock {
 public:
  int64_t WallNs() const override;
  int64_t SteadyNs() const override;
};

}  // namespace tipgate
