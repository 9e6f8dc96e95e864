// tipcrash: is anything lost, doubled or over a limit, however often a real gate is killed? Exit
// status 0: nothing; 1: something was, and how to see it again; 2: bad options.
#include <CLI/CLI.hpp>
#include <iostream>

#include "tests/crash/crash_run.h"
#include "tests/crash/kill_point.h"

namespace tipgate::crash {
namespace {

int Run(const RunOptions& options) {
  const Report report = RunCrashes(options);
  std::cout << PointsOf(report) << SummaryOf(report) << "\n";
  if (report.fault.empty()) return 0;
  std::cout << report.fault << "\nRerun with: ./dev crash --seed " << options.seed << " --rounds "
            << options.rounds << (options.only.empty() ? "" : " --point ") << options.only << "\n";
  return 1;
}

int Main(int argc, char** argv) {
  CLI::App app("Kills a real gate under load, round after round, at named points.");
  RunOptions options;
  app.add_option("--seed", options.seed, "Draws what clients do and where the gate dies")
      ->capture_default_str();
  app.add_option("--rounds", options.rounds, "How often it dies while it serves")
      ->capture_default_str()
      ->check(CLI::Range(int64_t{1}, int64_t{1'000'000}));
  app.add_option("--point", options.only, "This point in every round, instead of all in turn")
      ->check([](const std::string& name) {
        return FindKillPoint(name) != nullptr ? std::string() : "no point is called " + name;
      });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  options.tell = [&](const std::string& round, const Report& so_far) {
    std::cout << round << "\n  " << SummaryOf(so_far) << std::endl;
  };
  return Run(options);
}

}  // namespace
}  // namespace tipgate::crash

int main(int argc, char** argv) { return tipgate::crash::Main(argc, argv); }
