#include "bench/load_options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "absl/strings/str_join.h"
#include "bench/gate_process.h"
#include "yaml/duration_text.h"

namespace tipgate {
namespace {

constexpr char kDescription[] =
    "How many tips a second does a gate decide, and how long does a caller wait?\n\n"
    "Without --target it starts a gate of its own on free loopback ports and a temporary folder, "
    "and stops it\n"
    "afterwards. That gate gets a copy of the policy with the day limit, the month limit and the "
    "session caps out of\n"
    "reach, so that they do not end the run; every rule is still evaluated.\n";

constexpr int kBatchDefault = 50;
constexpr int64_t kPayersDefault = 100'000;
constexpr int64_t kPayersMax = 1'000'000'000;
constexpr int kSessionsDefault = 1'000;
constexpr int kSessionsMax = 1'000'000;  // Ids and slots are made for fewer than 2^24.
constexpr int kBatchMax = 8'192;         // The contract's.
constexpr int kSecondsMax = 3'600;
constexpr int kInFlightMax = 65'536;
constexpr int kConnectionsMax = 256;
constexpr int kThreadsMax = 64;
constexpr int64_t kRateMax = 100'000'000;
constexpr int64_t kIncomeTipsMax = 100'000'000;
constexpr int64_t kDeadlineMsMax = 3'600'000;
constexpr int kRoundsDefault = 5;
constexpr int kRoundsMax = 100;

const std::map<std::string, LoadMode> kModes = {
    {"unary", LoadMode::kUnary}, {"batch", LoadMode::kBatch}, {"stream", LoadMode::kStream}};

// Empty if the text is a duration that a deadline may have.
std::string CheckDeadline(const std::string& text) {
  const std::optional<int64_t> deadline_ms = ParseDurationMs(text);
  if (deadline_ms && *deadline_ms > 0 && *deadline_ms <= kDeadlineMsMax) return "";
  return "expected a duration such as 100ms or 2s, up to an hour";
}

// Enough messages under way to keep a gate busy while it writes, and not so many that they only
// wait in a line.
int DefaultInFlight(LoadMode mode) {
  switch (mode) {
    case LoadMode::kUnary:
      return 512;
    case LoadMode::kBatch:
      return 32;
    case LoadMode::kStream:
      return 16;
  }
  return 1;
}

void AddTrafficFlags(CLI::App& app, LoadOptions& options) {
  options.batch = kBatchDefault;
  options.payers = kPayersDefault;
  options.sessions = kSessionsDefault;
  options.zipf = 1.0;
  options.seed = 1;
  app.add_option_function<std::string>(
         "--mode", [&options](const std::string& name) { options.mode = kModes.at(name); },
         "Call a tip, a batch, or a stream of batches; default unary")
      ->check(CLI::IsMember({"unary", "batch", "stream"}));
  app.add_option("--batch", options.batch, "Tips a message, in batch and stream mode; default 50")
      ->check(CLI::Range(1, kBatchMax));
  app.add_option("--payers", options.payers, "Payers, put beforehand; default 100,000")
      ->check(CLI::Range(int64_t{1}, kPayersMax));
  app.add_option("--active-payers", options.active_payers,
                 "Who of them tip: so many, spread evenly over all; default all")
      ->check(CLI::Range(int64_t{1}, kPayersMax));
  app.add_option("--sessions", options.sessions, "Live sessions, opened beforehand; default 1,000")
      ->check(CLI::Range(1, kSessionsMax));
  app.add_option("--zipf", options.zipf,
                 "How uneven the sessions' popularity is; 0 is even; default 1")
      ->check(CLI::Range(0.0, 10.0));
  app.add_option("--seed", options.seed, "The same seed gives the same tips; default 1");
}

void AddPaceFlags(CLI::App& app, LoadOptions& options) {
  options.seconds = 10;
  options.warmup_seconds = 2;
  options.connections = 4;
  options.threads = 1;
  app.add_option("--seconds", options.seconds, "How long to measure; default 10")
      ->check(CLI::Range(1, kSecondsMax));
  app.add_option("--warmup", options.warmup_seconds,
                 "Seconds before that are not counted; default 2")
      ->check(CLI::Range(0, kSecondsMax));
  app.add_option(
         "--rounds", options.rounds,
         "With --echo, rounds that gate and echo take turns in; default 5, or --seconds if fewer")
      ->check(CLI::Range(1, kRoundsMax));
  app.add_option(
         "--rate", options.tips_per_second,
         "Open loop: tips a second, whatever the gate says; latency counts from the intended start")
      ->check(CLI::Range(int64_t{1}, kRateMax));
  app.add_option_function<std::string>(
         "--deadline",
         [&options](const std::string& text) { options.deadline_ms = *ParseDurationMs(text); },
         "Of each call, from its intended start, such as 100ms: what is answered later is expired, "
         "not decided; what the gate refuses as overloaded is sent again later. Not for streams")
      ->check(CheckDeadline);
  app.add_option("--repeat-permille", options.repeat_permille,
                 "Of 1,000 messages so many are one that was sent before, as of callers who lost "
                 "the answer; default 0")
      ->check(CLI::Range(0, 999));
  app.add_option(
         "--income-tips", options.income_tips,
         "Also: give one streamer so many tips beforehand, and after the measurement freeze, "
         "then refund them all, with the same load going on")
      ->check(CLI::Range(int64_t{1}, kIncomeTipsMax));
  app.add_option("--connections", options.connections,
                 "TCP connections; a stream on each; default 4")
      ->check(CLI::Range(1, kConnectionsMax));
  app.add_option("--in-flight", options.in_flight,
                 "Messages under way at a time; default 512, 32, 16 by mode")
      ->check(CLI::Range(1, kInFlightMax));
  app.add_option("--threads", options.threads, "Threads that make load; default 1")
      ->check(CLI::Range(1, kThreadsMax));
}

void AddGateFlags(CLI::App& app, LoadOptions& options) {
  options.binary = ProgramNextToUs("tipgate");
  options.config_file = SampleFile("tipgate.yaml");
  options.policy_file = SampleFile("policy.yaml");
  options.gifts_file = SampleFile("gifts.yaml");
  app.add_flag("--echo", options.with_echo,
               "Also drive an empty service with the same messages, as a baseline");
  auto* target =
      app.add_option("--target", options.target, "HOST:PORT of a gate that serves already");
  app.add_option("--server-pid", options.server_pid, "Process of the target, for its CPU time")
      ->needs(target);
  app.add_option("--gifts", options.gifts_file, "Gift catalogue of the gate; default the sample");
  app.add_option("--policy", options.policy_file, "Policy of the gate; default the sample");
  app.add_option("--config", options.config_file, "Config of a gate of our own; default the sample")
      ->excludes(target);
  app.add_option("--binary", options.binary,
                 "Program of a gate of our own; default tipgate next to this one")
      ->excludes(target);
  app.add_option("--data-parent", options.data_parent,
                 "Folder for the data of a gate of our own; default $TMPDIR")
      ->excludes(target)
      ->check(CLI::ExistingDirectory);
  app.add_option("--data-dir", options.data_dir,
                 "Data of a gate of our own, which has the payers 1 to --payers already, as "
                 "restart_benchmark makes it; stays, with what is tipped")
      ->excludes(target)
      ->check(CLI::ExistingDirectory);
  app.add_option("--json", options.json_file, "Also write the report as JSON");
}

// What one flag alone cannot tell. Empty if all is well.
std::string Conflict(const LoadOptions& options) {
  if (std::isnan(options.zipf)) return "--zipf must be a number";
  if (options.active_payers > options.payers) return "--active-payers must be at most --payers";
  if (options.in_flight < options.connections) return "--in-flight must be at least --connections";
  if (options.connections < options.threads) return "--connections must be at least --threads";
  if (options.income_tips > 0 && options.with_echo) return "--income-tips goes without --echo";
  if (options.deadline_ms > 0 && options.mode == LoadMode::kStream) {
    return "--deadline goes without --mode stream";
  }
  if (options.seconds < options.rounds) return "--seconds must be at least --rounds";
  return "";
}

}  // namespace

std::string LoadModeName(LoadMode mode) {
  for (const auto& [name, value] : kModes) {
    if (value == mode) return name;
  }
  return "";
}

ParsedCommandLine ParseLoadOptions(int argc, const char* const* argv) {
  ParsedCommandLine parsed;
  LoadOptions& options = parsed.options;
  options.command_line = absl::StrJoin(argv, argv + argc, " ");
  CLI::App app(kDescription, "tipbench");
  // So that a flag can be added to a command that has it already.
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  AddTrafficFlags(app, options);
  AddPaceFlags(app, options);
  AddGateFlags(app, options);
  try {
    app.parse(argc, argv);
    if (options.mode == LoadMode::kUnary) options.batch = 1;
    if (options.in_flight == 0) options.in_flight = DefaultInFlight(options.mode);
    if (options.rounds == 0) options.rounds = std::min(kRoundsDefault, options.seconds);
    if (!options.with_echo) options.rounds = 1;
    const std::string conflict = Conflict(options);
    if (!conflict.empty()) throw CLI::ValidationError(conflict);
  } catch (const CLI::ParseError& error) {
    parsed.is_done = true;
    parsed.exit_code = app.exit(error) == 0 ? 0 : 64;  // EX_USAGE, as the gate has it.
  }
  return parsed;
}

}  // namespace tipgate
