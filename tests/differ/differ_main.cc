// tipdiffer: does the core decide as the oracle does, over more requests than the tests have time
// for? Exit status 0: yes; 1: no, and how to see it again; 2: bad options.
#include <CLI/CLI.hpp>
#include <cstdint>
#include <iostream>
#include <optional>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/differ/scenario.h"

namespace tipgate::differ {
namespace {

constexpr int64_t kRequestsMax = 1'000'000'000'000;
constexpr absl::Duration kProgressInterval = absl::Seconds(5);

// True if core and oracle agree; else tells what differs.
bool RunScenario(uint64_t seed, int64_t* requests_count, Tally* tally) {
  Scenario scenario(seed);
  const bool is_same = scenario.Run();
  *requests_count += scenario.requests_count();
  tally->Add(scenario.tally());
  if (is_same) return true;
  std::cout << scenario.Report() << "Rerun with: ./dev oracle --scenario " << seed << "\n";
  return false;
}

bool RunMany(uint64_t seed, int64_t requests_max) {
  const absl::Time start = absl::Now();
  absl::Time next_progress = start + kProgressInterval;
  int64_t requests_count = 0;
  Tally tally;
  const auto tell_progress = [&](absl::Time now) {
    std::cout << absl::StrFormat(
                     "%d of %d requests, %.0f a second, no difference\n", requests_count,
                     requests_max,
                     static_cast<double>(requests_count) / absl::ToDoubleSeconds(now - start))
              << std::flush;
  };
  for (int64_t n = 0; requests_count < requests_max; ++n) {
    if (!RunScenario(ScenarioSeed(seed, n), &requests_count, &tally)) return false;
    const absl::Time now = absl::Now();
    if (now < next_progress) continue;
    next_progress = now + kProgressInterval;
    tell_progress(now);
  }
  tell_progress(absl::Now());
  std::cout << "What was met, by the numbers of tests/oracle/codes.h:\n" << tally.Text();
  return true;
}

int Main(int argc, char** argv) {
  CLI::App app(
      "Sends random requests to the real core and to the oracle, and compares all answers.");
  uint64_t seed = 1;
  int64_t requests = 1'000'000;
  std::optional<uint64_t> scenario;
  app.add_option("--seed", seed, "Draws the scenarios; another seed, other scenarios");
  app.add_option("--requests", requests, "How many requests at least")
      ->check(CLI::Range(int64_t{1}, kRequestsMax));
  app.add_option("--scenario", scenario, "Runs this one scenario, as a difference has named it");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (!scenario.has_value()) return RunMany(seed, requests) ? 0 : 1;
  int64_t requests_count = 0;
  Tally tally;
  if (!RunScenario(*scenario, &requests_count, &tally)) return 1;
  std::cout << absl::StrFormat("%d requests, no difference\n", requests_count);
  return 0;
}

}  // namespace
}  // namespace tipgate::differ

int main(int argc, char** argv) { return tipgate::differ::Main(argc, argv); }
