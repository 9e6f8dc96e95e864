#include "server/command_line.h"

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/config.h"
#include "server/version.h"

namespace tipgate {
namespace {

CLI::Validator AddressValidator(bool (*is_valid)(absl::string_view), const char* expected) {
  return {[=](const std::string& text) {
            return is_valid(text) ? std::string() : absl::StrCat("expected ", expected);
          },
          "HOST:PORT"};
}

// For `--data-dir "$DIR"` and `--data-dir $DIR --check` of a shell that knows no DIR: an empty text
// would mean that the flag was not given, and CLI11 takes the next flag for a value.
CLI::Validator PathValidator() {
  return {[](const std::string& text) {
            if (!text.empty() && !absl::StartsWith(text, "--")) return std::string();
            return absl::StrCat("expected a path, found ", text.empty() ? "nothing" : text);
          },
          "PATH"};
}

}  // namespace

std::optional<ExitCode> ParseCommandLine(int argc, char** argv, CommandLine* command_line) {
  CLI::App app("Tipgate: the gate that every tip passes before money moves.", "tipgate");
  app.set_version_flag("--version", kVersion);
  app.add_option("--config", command_line->config_file, "Configuration file (YAML)")
      ->required()
      ->check(PathValidator());
  app.add_option("--data-dir", command_line->data_dir,
                 "Data directory, instead of the configured one")
      ->check(PathValidator());
  app.add_option("--listen", command_line->listen_address, "Where gRPC listens")
      ->check(AddressValidator(IsListenAddress, kListenAddressExpected));
  app.add_option("--metrics", command_line->metrics_address, "Where metrics and health listen")
      ->check(AddressValidator(IsMetricsAddress, kMetricsAddressExpected));
  app.add_option("--policy", command_line->policy_file,
                 "Policy file, instead of the configured one")
      ->check(PathValidator());
  app.add_option("--gifts", command_line->gifts_file,
                 "Gift catalogue, instead of the configured one")
      ->check(PathValidator());
  app.add_option("--ready-file", command_line->ready_file,
                 "Written once the gate serves: its addresses and process id, as JSON")
      ->check(PathValidator());
  app.add_flag("--accept-clock-jump", command_line->accepts_clock_jump,
               "Start although the clock is far ahead of the journal");
  app.add_flag("--rebuild-keys", command_line->rebuilds_keys,
               "Make the key index anew from the journal, then start");
  app.add_flag(
      "--apply-files", command_line->applies_files,
      "Put the policy and the gifts of the files into force, whatever was put over the API");
  app.add_flag("--check", command_line->only_check, "Check the files, then exit");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? ExitCode::kDrained : ExitCode::kUsage;
  }
  return std::nullopt;
}

}  // namespace tipgate
