#pragma once

#include <string>

#include "bench/load_options.h"

namespace tipgate {

enum class PeerKind { kNaive, kRedis, kPostgres };

// What peerbench was asked for. All values are within their ranges.
struct PeerOptions {
  PeerKind kind = PeerKind::kNaive;
  // How to load: only what tipbench knows too. Unary mode for a batch of 1, batch mode otherwise.
  LoadOptions load;
  bool is_pipelined = false;   // Redis: a batch is many scripts sent at once, not one script.
  bool is_check_only = false;  // Nothing is measured.
};

// "naive", "redis" or "postgres".
std::string PeerKindName(PeerKind kind);

// What the command line says: the options, or, with `is_done`, that everything is said.
struct ParsedPeerCommandLine {
  PeerOptions options;
  bool is_done = false;
  int exit_code = 0;
};
ParsedPeerCommandLine ParsePeerOptions(int argc, const char* const* argv);

}  // namespace tipgate
