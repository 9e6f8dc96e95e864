#pragma once

#include "core/totals.h"
#include "tipgate/v1/audit.pb.h"

namespace tipgate {

v1::Totals ToProto(const Totals& totals, const EntityCounts& counts);

}  // namespace tipgate
