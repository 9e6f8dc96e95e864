#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace tipgate {

enum class LoadMode { kUnary, kBatch, kStream };

// What tipbench was asked for. All values are within their ranges.
struct LoadOptions {
  LoadMode mode = LoadMode::kUnary;
  int batch = 1;  // Tips a message; 1 in unary mode.
  int64_t payers = 0;
  int64_t active_payers = 0;  // Of them, those who tip; 0: all.
  int sessions = 0;
  double zipf = 0;
  int seconds = 0;
  int warmup_seconds = 0;
  int rounds = 0;               // Into which the seconds are cut.
  int64_t tips_per_second = 0;  // 0: closed loop.
  int64_t deadline_ms = 0;      // Of each call, from its intended start; 0: none.
  int repeat_permille = 0;      // Of the messages that are sent once more, as callers do.
  int64_t income_tips = 0;      // That orders about many tips are given for; 0: no orders.
  int connections = 0;
  int in_flight = 0;  // Messages under way at a time, over all connections.
  int threads = 0;
  uint64_t seed = 0;
  bool with_echo = false;
  std::string target;       // Empty: a gate of our own.
  std::string binary;       // Of our own gate.
  std::string config_file;  // Of our own gate.
  std::string policy_file;
  std::string gifts_file;
  std::string data_parent;  // Where our own gate's folder is made; empty: the default.
  // Of our own gate, which finds the payers 1 to `payers` in it; it stays. Empty: a new one, and
  // payers are put.
  std::string data_dir;
  int64_t server_pid = 0;  // Whose CPU time is counted when there is a target; 0: nobody's.
  std::string json_file;
  std::string command_line;  // As it was typed, for the report.
};

// "unary", "batch" or "stream".
std::string LoadModeName(LoadMode mode);

// What the command line says: the options, or, with `is_done`, that everything is said (--help, or
// a wrong flag).
struct ParsedCommandLine {
  LoadOptions options;
  bool is_done = false;
  int exit_code = 0;
};
ParsedCommandLine ParseLoadOptions(int argc, const char* const* argv);

}  // namespace tipgate
