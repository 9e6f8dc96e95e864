// tipbench: how many tips a second does a gate decide, how long does a caller wait, and what part
// of the cost is gRPC's?

#include <iostream>
#include <optional>

#include "absl/status/status.h"
#include "bench/load_bench.h"
#include "bench/load_interrupt.h"
#include "bench/load_options.h"
#include "bench/load_servers.h"
#include "bench/report.h"
#include "bench/report_file.h"

namespace tipgate {
namespace {

// With deadlines callers give up, and what could not even be sent in time is no exception.
bool IsClean(const LoadOptions& options, const LoadResult& result) {
  return result.error_count == 0 && (options.deadline_ms > 0 || result.unsent_count == 0);
}

// True if every tip was decided; with deadlines, if nothing else stopped one.
absl::StatusOr<bool> Bench(const LoadOptions& options) {
  std::optional<ReportFile> json_file;
  if (!options.json_file.empty()) {
    auto opened = ReportFile::Open(options.json_file);
    if (!opened.ok()) return opened.status();
    json_file = *std::move(opened);
  }
  auto servers = LoadServers::Start(options);
  if (!servers.ok()) return servers.status();
  auto report = RunBench(options, **servers);
  if (!report.ok()) return report.status();
  std::cout << TextReport(options, **servers, *report);
  absl::Status status = (*servers)->Stop();
  if (json_file) {
    const JsonObject json =
        JsonReport(options, (*servers)->file_system(), ReadMachineFacts(), *report);
    status.Update(json_file->Write(json.ToString() + "\n"));
  }
  if (!status.ok()) return status;
  return IsClean(options, report->gate.result) &&
         (!report->echo || IsClean(options, report->echo->result));
}

int Main(int argc, char** argv) {
  const ParsedCommandLine parsed = ParseLoadOptions(argc, argv);
  if (parsed.is_done) return parsed.exit_code;
  CatchInterrupts();
  const auto is_clean = Bench(parsed.options);
  if (!is_clean.ok()) std::cerr << "tipbench: " << is_clean.status().message() << "\n";
  return is_clean.ok() && *is_clean ? 0 : 1;
}

}  // namespace
}  // namespace tipgate

int main(int argc, char** argv) { return tipgate::Main(argc, argv); }
