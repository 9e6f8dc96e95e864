// tipdamage: is anything lost in silence by damage to a disk, over more cases than the tests have
// time for? Exit status 0: nothing was; 1: something was, and where; 2: bad options.
#include <CLI/CLI.hpp>
#include <cstdint>
#include <iostream>
#include <string>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/damage/cuts.h"
#include "tests/damage/disk_faults.h"
#include "tests/damage/flips.h"

namespace tipgate::damage {
namespace {

constexpr absl::Duration kProgressInterval = absl::Seconds(5);
// Of the cuts this many are tried with a HEAD that marks an entry: one in so many.
constexpr int64_t kCutsPerMark = 8;
// Full disks: volumes of this many bytes and its multiples.
constexpr int64_t kRoomStep = 6'007;

// Tells how far it is, and what is wrong.
class Progress {
 public:
  Progress(const char* what, int64_t cases_max) : what_(what), cases_max_(cases_max) {}

  void Tell(int64_t cases_count, const std::string& fault) {
    if (!fault.empty()) {
      ++faults_count_;
      std::cout << "WRONG: " << fault << "\n" << std::flush;
    }
    if (absl::Now() < next_ && cases_count < cases_max_) return;
    next_ = absl::Now() + kProgressInterval;
    std::cout << absl::StrFormat("%s: %d of %d, %.0f s, %d wrong\n", what_, cases_count, cases_max_,
                                 absl::ToDoubleSeconds(absl::Now() - start_), faults_count_)
              << std::flush;
  }

  int64_t faults_count() const { return faults_count_; }

 private:
  const char* const what_;
  const int64_t cases_max_;
  const absl::Time start_ = absl::Now();
  absl::Time next_ = start_ + kProgressInterval;
  int64_t faults_count_ = 0;
};

int64_t RunFlips(uint64_t seed, int64_t flips_count) {
  if (flips_count == 0) return 0;
  Flipper flipper(seed);
  Progress progress("flips", flips_count);
  for (int64_t i = 1; i <= flips_count; ++i) progress.Tell(i, flipper.Try(flipper.Draw()));
  std::cout << "kind        flips  recovered  refused  by a read  (rebuilt)  torn tail  lost\n";
  for (const auto& [kind, tally] : flipper.tallies()) {
    std::cout << absl::StrFormat("%-9s %7d %10d %8d %10d %10d %10d %5d\n", kind, tally.cases_count,
                                 tally.recovered_count, tally.refused_count,
                                 tally.found_by_read_count, tally.rebuilt_count, tally.torn_count,
                                 tally.lost_count);
  }
  for (const auto& [code, count] : flipper.exit_codes()) {
    std::cout << absl::StrFormat("  exit code %d: %d\n", code, count);
  }
  return progress.faults_count();
}

int64_t RunCuts(uint64_t seed, int64_t cuts_count) {
  if (cuts_count == 0) return 0;
  Cutter cutter(seed);
  Progress progress("cuts", cuts_count);
  for (int64_t i = 1; i <= cuts_count; ++i) {
    // All of them, or some at even distances.
    const int64_t cut = i * Cutter::kTailBytes / cuts_count;
    progress.Tell(i, cutter.Try(cut, i % kCutsPerMark == 0));
  }
  const CutTally& tally = cutter.tally();
  std::cout << absl::StrFormat(
      "%d cuts: %d with all entries, %d with exactly those before the cut, %d refused because HEAD "
      "marks a later one, %d lost\n",
      tally.cases_count, tally.whole_count, tally.shorter_count, tally.refused_count,
      tally.lost_count);
  return progress.faults_count();
}

void Tell(const char* what, const FaultTally& tally) {
  std::cout << absl::StrFormat("%s: %d of %d struck, %d answers before them, none after\n", what,
                               tally.struck_count, tally.cases_count, tally.answered_count);
  for (const auto& [code, count] : tally.exit_codes) {
    std::cout << absl::StrFormat("  exit code %d: %d\n", code, count);
  }
  for (const auto& [file, count] : tally.files) {
    std::cout << absl::StrFormat("  on %s: %d\n", file, count);
  }
}

int64_t RunFaults(int64_t faults_count) {
  int64_t wrong_count = 0;
  for (const DiskOperation operation : {DiskOperation::kWrite, DiskOperation::kSync}) {
    if (faults_count == 0) break;
    const char* const what = operation == DiskOperation::kWrite ? "failed writes" : "failed syncs";
    FaultTally tally;
    Progress progress(what, faults_count);
    for (int64_t k = 1; k <= faults_count; ++k) {
      progress.Tell(k, TryDiskFault(operation, k, &tally));
    }
    Tell(what, tally);
    wrong_count += progress.faults_count();
  }
  if (faults_count == 0) return wrong_count;
  const int64_t rooms_count = faults_count / 5;
  FaultTally tally;
  Progress progress("full disks", rooms_count);
  for (int64_t i = 1; i <= rooms_count; ++i) {
    progress.Tell(i, TryFullDisk(i * kRoomStep, &tally));
  }
  Tell("full disks", tally);
  return wrong_count + progress.faults_count();
}

int Main(int argc, char** argv) {
  CLI::App app("Damages the disk of a gate in many ways, and looks for silent loss.");
  uint64_t seed = 1;
  int64_t flips = 10'000;
  int64_t cuts = Cutter::kTailBytes;
  int64_t faults = 500;
  app.add_option("--seed", seed, "Of the history and of the flips")->capture_default_str();
  app.add_option("--flips", flips, "Flipped bits, one at a time")
      ->capture_default_str()
      ->check(CLI::Range(int64_t{0}, int64_t{100'000'000}));
  app.add_option("--cuts", cuts, "Lengths of the log within its last 64 KiB, all of them or fewer")
      ->capture_default_str()
      ->check(CLI::Range(int64_t{0}, Cutter::kTailBytes));
  app.add_option("--faults", faults, "The first writes, and the first syncs, that fail")
      ->capture_default_str()
      ->check(CLI::Range(int64_t{0}, int64_t{500}));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const int64_t wrong_count = RunFaults(faults) + RunFlips(seed, flips) + RunCuts(seed, cuts);
  std::cout << (wrong_count == 0 ? "Nothing was lost in silence.\n"
                                 : "Something was lost, see WRONG above.\n");
  return wrong_count == 0 ? 0 : 1;
}

}  // namespace
}  // namespace tipgate::damage

int main(int argc, char** argv) { return tipgate::damage::Main(argc, argv); }
