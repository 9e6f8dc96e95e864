#pragma once

#include <string>

#include "bench/load_bench.h"
#include "bench/load_options.h"
#include "bench/report_machine.h"

namespace tipgate {

// A small table for people.
std::string TextReport(const LoadOptions& options, const LoadServers& servers,
                       const LoadReport& report);

// One JSON object; docs/benchmarks.md explains its fields.
std::string JsonReport(const LoadOptions& options, const LoadServers& servers,
                       const MachineFacts& machine, const LoadReport& report);

}  // namespace tipgate
