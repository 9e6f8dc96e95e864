#include "tests/crash/report.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/crash/kill_point.h"

namespace tipgate::crash {

int64_t Report::deaths_count() const {
  int64_t count = 0;
  for (const auto& [name, strikes_count] : strikes) count += strikes_count;
  return count;
}

std::string SummaryOf(const Report& report) {
  return absl::StrFormat(
      "%d rounds, %d deaths, %d starts, %d entries, %d records, %d acknowledged, %d retried, "
      "%d lost, %d doubled, %d over limit, %.0f s",
      report.rounds_count, report.deaths_count(), report.starts_count, report.entries_count,
      report.records_count, report.acknowledged_count, report.retries_count, report.losses.lost,
      report.losses.doubled, report.losses.over_limit, absl::ToDoubleSeconds(report.elapsed));
}

std::string PointsOf(const Report& report) {
  std::string text;
  const auto count_of = [](const std::map<std::string, int64_t>& counts, const std::string& name) {
    const auto found = counts.find(name);
    return found == counts.end() ? 0 : found->second;
  };
  for (const KillPoint& point : KillPoints()) {
    absl::StrAppendFormat(&text, "  %6d  %s", count_of(report.strikes, point.name), point.name);
    const int64_t missed = count_of(report.misses, point.name);
    if (missed > 0) absl::StrAppendFormat(&text, " (%d times not reached)", missed);
    absl::StrAppend(&text, "\n");
  }
  return text;
}

}  // namespace tipgate::crash
