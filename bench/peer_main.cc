// peerbench: how many tips a second do the servers decide that one would take instead of the gate,
// durable before the answer and under as many of its rules as they can express?

#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "bench/load_interrupt.h"
#include "bench/load_scene.h"
#include "bench/load_servers.h"
#include "bench/peer_bench.h"
#include "bench/peer_check.h"
#include "bench/peer_naive.h"
#include "bench/peer_options.h"
#include "bench/peer_postgres.h"
#include "bench/peer_redis.h"
#include "bench/peer_rules.h"
#include "bench/report.h"
#include "bench/report_file.h"
#include "bench/scratch_directory.h"

namespace tipgate {
namespace {

// What came of it, and who it was.
struct Outcome {
  std::string version;
  std::optional<LoadReport> report;  // None if only the rules were checked.
};

absl::StatusOr<Outcome> BenchNaive(const PeerOptions& options, const ScratchDirectory& scratch) {
  absl::Status status = CheckNaive(scratch.path());
  if (!status.ok()) return status;
  Outcome outcome;
  outcome.version = "synced put a tip";
  if (options.is_check_only) return outcome;
  const std::string policy_file = scratch.Join("policy.yaml");
  status = WriteRoomyPolicy(options.load.policy_file, policy_file);
  if (!status.ok()) return status;
  auto peer = NaivePeer::Start(scratch.Join("data"), policy_file, options.load.gifts_file);
  if (!peer.ok()) return peer.status();
  LoadOptions load = options.load;
  load.target = (*peer)->target();
  load.server_pid = (*peer)->pid();
  auto servers = LoadServers::Start(load);
  if (!servers.ok()) return servers.status();
  auto report = RunBench(load, **servers);
  (*peer)->Stop();
  if (!report.ok()) return report.status();
  status = CheckNothingIsRefused("tipnaive", report->gate.result);
  if (!status.ok()) return status;
  outcome.report = *std::move(report);
  return outcome;
}

absl::StatusOr<Outcome> BenchPeer(const PeerOptions& options, const ScratchDirectory& scratch) {
  const auto rules = ReadPeerRules(options.load.policy_file, options.load.gifts_file);
  if (!rules.ok()) return rules.status();
  auto peer = options.kind == PeerKind::kPostgres
                  ? StartPostgres(scratch.path())
                  : StartRedis(scratch.path(),
                               options.is_pipelined ? RedisStyle::kPipeline : RedisStyle::kScript);
  if (!peer.ok()) return peer.status();
  Outcome outcome;
  outcome.version = (*peer)->version();
  absl::Status status = RunPeerChecks(**peer, PeerChecks(*rules));
  if (status.ok() && !options.is_check_only) {
    auto report = RunPeerBench(options.load, *rules, **peer);
    status = report.status();
    if (report.ok()) outcome.report = *std::move(report);
  }
  status.Update((*peer)->Stop());
  if (!status.ok()) return status;
  return outcome;
}

// True if every tip was decided.
absl::StatusOr<bool> Bench(const PeerOptions& options) {
  std::optional<ReportFile> json_file;
  if (!options.load.json_file.empty()) {
    auto opened = ReportFile::Open(options.load.json_file);
    if (!opened.ok()) return opened.status();
    json_file = *std::move(opened);
  }
  const auto scratch = ScratchDirectory::Create(options.load.data_parent);
  if (!scratch.ok()) return scratch.status();
  auto outcome = options.kind == PeerKind::kNaive ? BenchNaive(options, *scratch)
                                                  : BenchPeer(options, *scratch);
  if (!outcome.ok()) return outcome.status();
  std::cout << PeerKindName(options.kind) << " (" << outcome->version << "): the rules hold\n";
  if (!outcome->report) return true;
  const LoadReport& report = *outcome->report;
  JsonObject json =
      JsonReport(options.load, FileSystemOf(scratch->path()), ReadMachineFacts(), report);
  json.AddText("peer", PeerKindName(options.kind));
  json.AddText("peer_version", outcome->version);
  json.AddText("style", options.is_pipelined ? "pipeline" : "call");
  std::cout << report.gate.TipsPerSecond() << " tips/s, " << options.load.batch << " a call, "
            << options.load.connections << " connections\n";
  if (json_file) {
    absl::Status status = json_file->Write(json.ToString() + "\n");
    if (!status.ok()) return status;
  }
  return report.gate.result.error_count == 0;
}

int Main(int argc, char** argv) {
  const ParsedPeerCommandLine parsed = ParsePeerOptions(argc, argv);
  if (parsed.is_done) return parsed.exit_code;
  CatchInterrupts();
  const auto is_clean = Bench(parsed.options);
  if (!is_clean.ok()) std::cerr << "peerbench: " << is_clean.status().message() << "\n";
  return is_clean.ok() && *is_clean ? 0 : 1;
}

}  // namespace
}  // namespace tipgate

int main(int argc, char** argv) { return tipgate::Main(argc, argv); }
