#pragma once

#include "core/entry.h"
#include "core/record.h"
#include "core/state.h"

namespace tipgate {

// Decisions about what staff do to stop money at once: emergency stops and sanctions. Pure, like
// those of core/decide.h.

// Why a stop cannot begin or be lifted; then there is no decision.
enum class StopRefusal { kNone, kNotStopped, kSameApprover, kFull };
StopRefusal WhyStopRefused(const State& state, const StopRecord& request);

// Stops, which anew voids an agreement to lift; or lifts, which two different people must ask for.
StopRecord DecideStop(const State& state, const StopRecord& request, const Entry& entry);

// Why a streamer cannot be sanctioned, or a sanction lifted; then there is no decision.
enum class SanctionRefusal {
  kNone,
  kStreamerUnknown,
  kNotInForce,
  kUntilIsPast,
  kUntilIsFar,
  kFull,
};
SanctionRefusal WhySanctionRefused(const State& state, const SanctionRecord& request,
                                   const Entry& entry);

// When a sanction that is asked for ends; 0: it has no end.
int64_t SanctionEndMs(const Policy& policy, const SanctionRecord& request, int64_t now_ms);

// Sanctions or lifts. The request states resume_time_ms of a violation that has an end; anything
// else it says of what is decided does not count.
SanctionRecord DecideSanction(const State& state, const SanctionRecord& request,
                              const Entry& entry);

}  // namespace tipgate
