#pragma once

#include <string>

#include "bench/load_bench.h"
#include "bench/load_options.h"
#include "bench/report_json.h"
#include "bench/report_machine.h"

namespace tipgate {

// A small table for people.
std::string TextReport(const LoadOptions& options, const LoadServers& servers,
                       const LoadReport& report);

// One JSON object; docs/benchmarks.md explains its fields. `file_system` is the data's.
JsonObject JsonReport(const LoadOptions& options, const std::string& file_system,
                      const MachineFacts& machine, const LoadReport& report);

}  // namespace tipgate
