#pragma once

#include <optional>
#include <string>

#include "server/exit_code.h"

namespace tipgate {

// What the command line says; an empty text was not given.
struct CommandLine {
  std::string config_file;
  std::string data_dir;
  std::string listen_address;
  std::string metrics_address;
  std::string policy_file;
  std::string gifts_file;
  std::string ready_file;
  bool accepts_clock_jump = false;
  bool rebuilds_keys = false;
  bool applies_files = false;
  bool only_check = false;
};

// Fills `command_line`. A code if the process should end now: after --help and --version, or an
// error, which was printed.
std::optional<ExitCode> ParseCommandLine(int argc, char** argv, CommandLine* command_line);

}  // namespace tipgate
