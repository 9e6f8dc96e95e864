#pragma once

#include "core/sequencer.h"

namespace tipgate {

// Why the pipeline did not decide a job.

inline constexpr RequestError kOverloadedError{
    ErrorReason::kOverloaded, "", "too much is waiting; back off, then retry with the same key"};
inline constexpr RequestError kDiskFullError{
    ErrorReason::kDiskFull, "",
    "the gate's disk is nearly full; nothing was decided; back off, then retry with the same key"};
inline constexpr RequestError kDeadlineError{
    ErrorReason::kDeadlinePassed, "",
    "the deadline passed before the decision; nothing was counted"};
inline constexpr RequestError kClockError{ErrorReason::kClockUntrusted, "",
                                          "the gate's clock jumped ahead; retry with the same key"};

}  // namespace tipgate
