#pragma once

#include "server/metric_families.h"

namespace tipgate {

// Adds start time, processor time and memory of this process, under the names that every Prometheus
// client uses. Adds nothing where /proc is not readable. Any thread.
void AddProcessMetrics(MetricFamilies& families);

}  // namespace tipgate
