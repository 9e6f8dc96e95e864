#pragma once

#include <cstdint>

#include "core/totals.h"
#include "tipgate/v1/audit.pb.h"

namespace tipgate {

// How many of each kind state holds.
struct EntityCounts {
  int64_t payers = 0;
  int64_t streamers = 0;
  int64_t sessions = 0;
};

v1::Totals ToProto(const Totals& totals, const EntityCounts& counts);

}  // namespace tipgate
