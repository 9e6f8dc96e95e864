// How long does a gate take from its start to serving, by how much it has stored?
//
// Makes a data directory with payers and a tail of tips that no checkpoint has stored, as a crash
// leaves it, and starts the real server on it, some times, each time by a crash: SIGKILL. Prints
// one JSON object a start.

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "bench/gate_process.h"
#include "bench/made_directory.h"
#include "bench/report_json.h"
#include "bench/scratch_directory.h"

namespace tipgate {
namespace {

struct Options {
  MadeDirectoryOptions made{.path = "", .payers = 1'000'000, .tail_tips = 1'000'000};
  std::string data_dir;
  std::string config_file;
  int starts = 1;
};

absl::Status Start(const Options& options, int number) {
  GateProcessOptions process;
  process.data_dir = options.made.path;
  process.config_file = options.config_file;
  process.ready_timeout = absl::Minutes(30);
  const absl::Time begin = absl::Now();
  auto gate = GateProcess::Start(process);
  if (!gate.ok()) return gate.status();
  const absl::Duration took = absl::Now() - begin;
  JsonObject json;
  json.AddInteger("payers", options.made.payers);
  json.AddInteger("tail_tips", options.made.tail_tips);
  json.AddInteger("start", number);
  json.AddNumber("seconds_to_serving", absl::ToDoubleSeconds(took));
  json.AddNumber("cpu_seconds", absl::ToDoubleSeconds((*gate)->CpuTime()));
  json.AddInteger("resident_bytes", ProcessResidentBytes((*gate)->pid()));
  std::cout << json.ToString() << std::endl;
  (*gate)->Kill();
  return absl::OkStatus();
}

// A directory of ours is gone afterwards; a given one stays, and is used as it is if it is there.
absl::Status Run(Options options) {
  auto scratch = ScratchDirectory::Create();
  if (!scratch.ok()) return scratch.status();
  const bool is_given = !options.data_dir.empty();
  options.made.path = is_given ? options.data_dir : scratch->Join("data");
  if (!std::ifstream(options.made.path + "/FORMAT").good()) {
    if (absl::Status status = MakeDirectory(options.made); !status.ok()) return status;
  }
  for (int number = 1; number <= options.starts; ++number) {
    if (absl::Status status = Start(options, number); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace tipgate

int main(int argc, char** argv) {
  tipgate::Options options;
  CLI::App app("How long does a restart take?");
  app.add_option("--payers", options.made.payers, "Payers that are registered and stored")
      ->check(CLI::Range(int64_t{1}, int64_t{1'000'000'000}));
  app.add_option("--tips", options.made.tail_tips, "Tips that stand in the journal alone")
      ->check(CLI::Range(int64_t{0}, int64_t{100'000'000}));
  app.add_option("--active-payers", options.made.active_payers, "Payers of these; default all")
      ->check(CLI::Range(int64_t{1}, int64_t{1'000'000'000}));
  app.add_option("--data-dir", options.data_dir, "Stays; is made if it is not there");
  app.add_option("--config", options.config_file, "Config of the gate; default the sample");
  app.add_option("--starts", options.starts,
                 "How often; 0: only make the directory. Later ones find no tail")
      ->check(CLI::Range(0, 100));
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = tipgate::Run(options);
  if (status.ok()) return 0;
  std::cerr << status.message() << "\n";
  return 1;
}
