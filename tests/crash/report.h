#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/time/time.h"
#include "tests/crash/audit.h"

namespace tipgate::crash {

// What a run came to.
struct Report {
  int64_t rounds_count = 0;
  int64_t starts_count = 0;
  int64_t acknowledged_count = 0;  // keys whose answer came
  int64_t retries_count = 0;       // calls that were sent again
  int64_t entries_count = 0;
  int64_t records_count = 0;
  Losses losses;
  std::map<std::string, int64_t> strikes;  // deaths, by named point
  std::map<std::string, int64_t> misses;   // times that a point was not reached
  absl::Duration elapsed;
  std::string fault;  // the first promise that was broken; empty: all were kept

  int64_t deaths_count() const;
};

// One line, as progress.
std::string SummaryOf(const Report& report);
// The deaths by point, one a line.
std::string PointsOf(const Report& report);

}  // namespace tipgate::crash
