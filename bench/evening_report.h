#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "bench/evening.h"
#include "bench/evening_checks.h"
#include "bench/evening_client.h"
#include "bench/evening_tally.h"
#include "tipgate/v1/audit.pb.h"

namespace tipgate {

// Everything that is told about one evening.
struct EveningReport {
  EveningOptions options;
  std::string target;
  v1::GetServerInfoResponse server;  // after the evening
  EveningTally tally;
  EveningLatencies latencies;
  int64_t retries_count = 0;
  absl::Duration play_duration;
  std::vector<EveningCheck> checks;

  bool AllHolds() const;
  int64_t TipsPerSecond() const;
};

// Which rule of the rulebook a code belongs to, such as "T16 DAY_LIMIT".
std::string RuleText(v1::RejectionCode code);

// For people.
std::string ReportText(const EveningReport& report);
// For programs: one JSON object; money in minor units, latencies in microseconds.
std::string ReportJson(const EveningReport& report);

}  // namespace tipgate
