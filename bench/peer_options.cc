#include "bench/peer_options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>

#include "absl/strings/str_join.h"
#include "bench/gate_process.h"

namespace tipgate {
namespace {

constexpr char kDescription[] =
    "How many tips a second does another durable server decide, under as many of the gate's rules "
    "as "
    "it can express?\n\n"
    "Starts the server on a free loopback port with its data in a temporary folder, proves that it "
    "applies the rules,\n"
    "loads it as tipbench loads the gate, and stops it.\n";

constexpr int64_t kPayersDefault = 100'000;
constexpr int64_t kPayersMax = 1'000'000'000;
constexpr int kSessionsDefault = 1'000;
constexpr int kSessionsMax = 1'000'000;
constexpr int kBatchMax = 8'192;
constexpr int kSecondsMax = 3'600;
constexpr int kConnectionsMax = 256;
// Under way on all connections of the naive gate.
constexpr int kNaiveCalls = 128;
constexpr int kNaiveBatches = 8;

const std::map<std::string, PeerKind> kKinds = {
    {"naive", PeerKind::kNaive}, {"redis", PeerKind::kRedis}, {"postgres", PeerKind::kPostgres}};

// What was best of 1, 2, 4 ... 256 on two cores. Calls under way share an fsync, so one tip a call
// wants many; with many tips a call, those only wait in a line.
int DefaultConnections(PeerKind kind, int batch) {
  switch (kind) {
    case PeerKind::kNaive:
      return 4;  // Of gRPC, with many calls on each.
    case PeerKind::kRedis:
      return batch == 1 ? 256 : 16;
    case PeerKind::kPostgres:
      return batch == 1 ? 64 : 2;
  }
  return 1;
}

void AddTrafficFlags(CLI::App& app, PeerOptions& options) {
  LoadOptions& load = options.load;
  load.payers = kPayersDefault;
  load.sessions = kSessionsDefault;
  load.zipf = 1.0;
  load.seed = 1;
  load.seconds = 10;
  load.warmup_seconds = 2;
  load.rounds = 1;
  load.threads = 1;
  app.add_option_function<std::string>(
         "--peer", [&options](const std::string& name) { options.kind = kKinds.at(name); },
         "Who is measured")
      ->required()
      ->check(CLI::IsMember({"naive", "redis", "postgres"}));
  app.add_option("--batch", load.batch, "Tips a call; default 1")->check(CLI::Range(1, kBatchMax));
  app.add_option("--payers", load.payers, "Payers, put beforehand; default 100,000")
      ->check(CLI::Range(int64_t{1}, kPayersMax));
  app.add_option("--sessions", load.sessions, "Live sessions; default 1,000")
      ->check(CLI::Range(1, kSessionsMax));
  app.add_option("--zipf", load.zipf, "How uneven the sessions' popularity is; default 1")
      ->check(CLI::Range(0.0, 10.0));
  app.add_option("--seed", load.seed, "The same seed gives the same tips; default 1");
  app.add_option("--seconds", load.seconds, "How long to measure; default 10")
      ->check(CLI::Range(1, kSecondsMax));
  app.add_option("--warmup", load.warmup_seconds, "Seconds before that are not counted; default 2")
      ->check(CLI::Range(0, kSecondsMax));
  app.add_option("--connections", load.connections,
                 "TCP connections, with one call under way on each (naive: more); default by peer "
                 "and batch")
      ->check(CLI::Range(1, kConnectionsMax));
}

void AddOtherFlags(CLI::App& app, PeerOptions& options) {
  LoadOptions& load = options.load;
  load.policy_file = SampleFile("policy.yaml");
  load.gifts_file = SampleFile("gifts.yaml");
  app.add_flag("--pipelined", options.is_pipelined,
               "Redis: send a batch as many scripts at once instead of one script");
  app.add_flag("--check-only", options.is_check_only, "Only prove that it applies the rules");
  app.add_option("--policy", load.policy_file, "Policy; default the sample");
  app.add_option("--gifts", load.gifts_file, "Gift catalogue; default the sample");
  app.add_option("--data-parent", load.data_parent, "Folder for the data; default $TMPDIR")
      ->check(CLI::ExistingDirectory);
  app.add_option("--json", load.json_file, "Also write the report as JSON");
}

}  // namespace

std::string PeerKindName(PeerKind kind) {
  for (const auto& [name, value] : kKinds) {
    if (value == kind) return name;
  }
  return "";
}

ParsedPeerCommandLine ParsePeerOptions(int argc, const char* const* argv) {
  ParsedPeerCommandLine parsed;
  PeerOptions& options = parsed.options;
  LoadOptions& load = options.load;
  load.command_line = absl::StrJoin(argv, argv + argc, " ");
  CLI::App app(kDescription, "peerbench");
  AddTrafficFlags(app, options);
  AddOtherFlags(app, options);
  try {
    app.parse(argc, argv);
    if (options.is_pipelined && options.kind != PeerKind::kRedis) {
      throw CLI::ValidationError("--pipelined is for redis");
    }
  } catch (const CLI::ParseError& error) {
    parsed.is_done = true;
    parsed.exit_code = app.exit(error) == 0 ? 0 : 64;  // EX_USAGE, as the gate has it.
    return parsed;
  }
  load.mode = load.batch == 1 ? LoadMode::kUnary : LoadMode::kBatch;
  if (load.connections == 0) load.connections = DefaultConnections(options.kind, load.batch);
  load.in_flight = load.connections;
  if (options.kind == PeerKind::kNaive) {
    load.in_flight = std::max(load.connections, load.batch == 1 ? kNaiveCalls : kNaiveBatches);
  }
  return parsed;
}

}  // namespace tipgate
