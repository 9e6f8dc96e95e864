#include "tests/crash/crash_run.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/crash/episode.h"
#include "tests/crash/schedule.h"

namespace tipgate::crash {
namespace {

// With each data directory; what is older than these is checked often enough by then.
constexpr int64_t kRoundsPerDirectory = 8;
constexpr int kFirstStartDeaths = 2;
// The second one comes while what the first one left is recovered.
constexpr int kStartDeaths = 2;

std::string NamesOf(const KillPoint& serving, const std::vector<const KillPoint*>& starts) {
  std::string names = serving.name;
  for (const KillPoint* point : starts) absl::StrAppend(&names, ", ", point->name);
  return names;
}

}  // namespace

Report RunCrashes(const RunOptions& options) {
  const absl::Time start = absl::Now();
  Schedule schedule(options.slice, options.slices_count, options.only);
  Report report;
  bool is_repeated = false;
  const auto is_over = [&] {
    return report.rounds_count >= options.rounds || !report.fault.empty();
  };
  for (uint64_t directory = 0; !is_over(); ++directory) {
    Episode episode(options.seed + directory, &report);
    episode.Begin(schedule.NextFirstStarts(kFirstStartDeaths));
    const int64_t end = std::min(report.rounds_count + kRoundsPerDirectory, options.rounds);
    while (!is_over() && report.rounds_count < end) {
      const KillPoint& serving = schedule.NextServing();
      const std::vector<const KillPoint*> starts = schedule.NextStarts(kStartDeaths);
      const int64_t misses_count = report.misses[serving.name];
      episode.Round(serving, starts);
      // What is not reached comes once more: not all of it is the same each time.
      is_repeated = !is_repeated && report.misses[serving.name] > misses_count;
      if (is_repeated) schedule.RepeatServing();
      report.elapsed = absl::Now() - start;
      if (options.tell) options.tell(NamesOf(serving, starts), report);
    }
    episode.End();
  }
  report.elapsed = absl::Now() - start;
  return report;
}

}  // namespace tipgate::crash
