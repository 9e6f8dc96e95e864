// tipctl: the operator's command line.
#include <algorithm>
#include <iostream>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "cli/command.h"
#include "cli/options.h"

namespace tipgate {
namespace {

constexpr const char* kFooter =
    "Money is in minor units (fen) in options and JSON, with two decimals in tables.\n"
    "Exit status: 0 done, or accepted; 1 rejected by the rules; 2 wrong command line; 3 the call "
    "failed.";

struct GlobalOptions {
  std::string target = "127.0.0.1:7443";
  absl::Duration timeout = absl::Seconds(10);
  std::string identity;
  bool is_json = false;
};

// What the gate takes; gRPC would end the process for some other bytes.
std::string ParseIdentity(const std::string& text) {
  constexpr size_t kBytesMax = 32;
  const auto is_allowed = [](unsigned char c) {
    return absl::ascii_isalnum(c) || c == '-' || c == '_' || c == '.';
  };
  if (!text.empty() && text.size() <= kBytesMax &&
      std::all_of(text.begin(), text.end(), is_allowed)) {
    return text;
  }
  throw CLI::ValidationError("--identity", "expected 1 .. 32 letters, digits, '-', '_' or '.'");
}

std::string UsageError(const CLI::App*, const CLI::Error& error) {
  return absl::StrCat("tipctl: ", error.what(), " (--help tells more)\n");
}

void AddGlobalOptions(CLI::App& app, GlobalOptions& options) {
  app.set_version_flag("--version", "tipctl " TIPCTL_VERSION);
  app.add_option("--target", options.target, "The gate")
      ->envname("TIPGATE_TARGET")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  AddDuration(
      app, "--timeout", [&options](absl::Duration timeout) { options.timeout = timeout; },
      "How long to wait for an answer; 10s if left out. Not for watch, verify, backup create and "
      "--stream");
  app.add_option_function<std::string>(
         "--identity",
         [&options](const std::string& text) { options.identity = ParseIdentity(text); },
         "Who you are, for a gate with development_identities")
      ->type_name("NAME");
  app.add_flag("--json", options.is_json, "JSON for machines, one object a line");
}

void AddCommands(CLI::App& app, Command& chosen) {
  AddTipCommands(app, chosen);
  AddRechargeCommands(app, chosen);
  AddPayerCommands(app, chosen);
  AddStreamerCommands(app, chosen);
  AddIncomeCommands(app, chosen);
  AddSessionCommands(app, chosen);
  AddStopCommands(app, chosen);
  AddPolicyCommands(app, chosen);
  AddWatchCommand(app, chosen);
  AddAuditCommands(app, chosen);
  AddBackupCommands(app, chosen);
  AddExplainCommand(app, chosen);
}

int Run(int argc, char** argv) {
  CLI::App app("Asks and instructs a tipgate", "tipctl");
  app.footer(kFooter);
  app.failure_message(UsageError);
  app.require_subcommand(1);
  app.fallthrough();  // Global options may stand anywhere.
  GlobalOptions options;
  Command chosen;
  AddGlobalOptions(app, options);
  AddCommands(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitOk : kExitUsage;
  }
  CommandContext context{Client(options.target, options.timeout, options.identity),
                         Output(options.is_json)};
  const ExitCode code = chosen(context);
  if (context.output.is_writable()) return code;
  context.output.Note("cannot write to standard output");
  return kExitError;
}

}  // namespace
}  // namespace tipgate

int main(int argc, char** argv) { return tipgate::Run(argc, argv); }
