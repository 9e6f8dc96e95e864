// How long does a gate take from its start to serving, by how much it has stored?
//
// Makes a data directory with payers and a tail of tips that no checkpoint has stored, as a crash
// leaves it, and starts the real server on copies of it, some times, each time ended by a crash:
// SIGKILL. Prints one JSON object a start.

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "bench/gate_process.h"
#include "bench/load_interrupt.h"
#include "bench/made_directory.h"
#include "bench/report_json.h"
#include "bench/scratch_directory.h"

namespace tipgate {
namespace {

struct Options {
  MadeDirectoryOptions made{.path = "", .payers = 1'000'000, .tail_tips = 1'000'000};
  std::string data_dir;
  std::string data_parent;
  std::string config_file;
  int starts = 1;
};

// Half a directory is none: nobody could tell it from a whole one.
absl::Status Make(const MadeDirectoryOptions& options) {
  absl::Status status = MakeDirectory(options);
  if (status.ok()) return status;
  std::error_code ignored;
  std::filesystem::remove_all(options.path, ignored);
  return status;
}

absl::Status Start(const Options& options, const std::string& data_dir, int number) {
  GateProcessOptions process;
  process.data_dir = data_dir;
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

// A directory of ours is gone afterwards; a given one stays as it was made, and is made if it is
// not there. Copies lie beside it, for tables are linked.
absl::Status Run(Options options) {
  const bool is_given = !options.data_dir.empty();
  auto scratch = ScratchDirectory::Create(
      is_given ? std::filesystem::absolute(options.data_dir).parent_path().string()
               : options.data_parent);
  if (!scratch.ok()) return scratch.status();
  options.made.path = is_given ? options.data_dir : scratch->Join("made");
  if (!std::ifstream(options.made.path + "/FORMAT").good()) {
    if (absl::Status status = Make(options.made); !status.ok()) return status;
  }
  for (int number = 1; number <= options.starts; ++number) {
    if (IsInterrupted()) return absl::CancelledError("interrupted");
    const std::string copy = scratch->Join(absl::StrCat("start-", number));
    absl::Status status = CopyDirectory(options.made.path, copy);
    if (status.ok()) status = Start(options, copy, number);
    if (!status.ok()) return status;
    std::error_code ignored;  // The scratch goes at the end in any case.
    std::filesystem::remove_all(copy, ignored);
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
  auto* data_dir =
      app.add_option("--data-dir", options.data_dir, "Stays as it is; is made if it is not there");
  app.add_option("--data-parent", options.data_parent,
                 "Folder to make a directory in that does not stay; default $TMPDIR")
      ->excludes(data_dir)
      ->check(CLI::ExistingDirectory);
  app.add_option("--config", options.config_file, "Config of the gate; default the sample");
  app.add_option("--starts", options.starts,
                 "How often, each time on a copy; 0: only make the directory")
      ->check(CLI::Range(0, 100));
  CLI11_PARSE(app, argc, argv);
  tipgate::CatchInterrupts();
  const absl::Status status = tipgate::Run(options);
  if (status.ok()) return 0;
  std::cerr << "restart_benchmark: " << status.message() << "\n";
  return 1;
}
