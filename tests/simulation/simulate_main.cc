// tipsimulate: is any promise broken, over more lives of a gate than the tests have time for? Exit
// status 0: none was; 1: one was, and how to see it again; 2: bad options.
#include <CLI/CLI.hpp>
#include <cstdint>
#include <iostream>
#include <map>
#include <string>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/simulation/world.h"

namespace tipgate::simulation {
namespace {

constexpr absl::Duration kProgressInterval = absl::Seconds(5);

struct Sums {
  int64_t seeds_count = 0;
  int64_t starts_count = 0;
  int64_t answers_count = 0;
  int64_t entries_count = 0;
  int64_t accepted_count = 0;
  int64_t rejected_count = 0;
  int64_t simulated_ms = 0;
  std::map<std::string, int64_t> faults;
  std::map<std::string, int64_t> met;
};

void AddTo(const Report& report, Sums* sums) {
  ++sums->seeds_count;
  sums->starts_count += report.starts_count;
  sums->answers_count += report.answers_count;
  sums->entries_count += report.entries_count;
  sums->accepted_count += report.accepted_count;
  sums->rejected_count += report.rejected_count;
  sums->simulated_ms += report.simulated_ms;
  for (const auto& [name, count] : report.faults) sums->faults[name] += count;
  for (const auto& [name, count] : report.met) sums->met[name] += count;
}

void Tell(const char* what, const std::map<std::string, int64_t>& counts) {
  std::cout << what << "\n";
  for (const auto& [name, count] : counts) {
    std::cout << absl::StrFormat("  %8d  %s\n", count, name);
  }
}

void Tell(const Sums& sums, absl::Duration elapsed) {
  std::cout << absl::StrFormat(
                   "%d seeds, %d starts, %d answers, %d entries, %d tips accepted and %d rejected, "
                   "%.0f simulated hours, %.0f s: no promise broken\n",
                   sums.seeds_count, sums.starts_count, sums.answers_count, sums.entries_count,
                   sums.accepted_count, sums.rejected_count,
                   static_cast<double>(sums.simulated_ms) / 3'600'000,
                   absl::ToDoubleSeconds(elapsed))
            << std::flush;
}

int Main(int argc, char** argv) {
  CLI::App app("Runs whole lives of a gate, its clients, disk and clock, in one thread, by seed.");
  uint64_t seed = 1;
  int64_t requests = 100;
  int64_t seeds = 1;
  app.add_option("--seed", seed, "The first seed; the same one leads to the same end")
      ->capture_default_str();
  app.add_option("--requests", requests, "Requests that clients make in each life")
      ->capture_default_str()
      ->check(CLI::Range(int64_t{10}, int64_t{100'000}));
  app.add_option("--seeds", seeds, "How many seeds, one after the other")
      ->capture_default_str()
      ->check(CLI::Range(int64_t{1}, int64_t{1'000'000'000}));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const absl::Time start = absl::Now();
  absl::Time next_progress = start + kProgressInterval;
  Sums sums;
  Hasher128 hasher;
  for (int64_t n = 0; n < seeds; ++n) {
    const uint64_t now_seed = seed + static_cast<uint64_t>(n);
    const Report report = World(now_seed, requests).Run();
    if (!report.fault.empty()) {
      std::cout << "seed " << now_seed << ": " << report.fault << "\nRerun with: ./dev simulate "
                << "--seed " << now_seed << " --requests " << requests << "\n";
      return 1;
    }
    AddTo(report, &sums);
    hasher.Add(report.hash.high);
    hasher.Add(report.hash.low);
    if (absl::Now() < next_progress) continue;
    next_progress = absl::Now() + kProgressInterval;
    Tell(sums, absl::Now() - start);
  }
  Tell(sums, absl::Now() - start);
  Tell("what went wrong:", sums.faults);
  Tell("what was met:", sums.met);
  std::cout << "state hash " << hasher.Finish().ToHex() << "\n";
  return 0;
}

}  // namespace
}  // namespace tipgate::simulation

int main(int argc, char** argv) { return tipgate::simulation::Main(argc, argv); }
