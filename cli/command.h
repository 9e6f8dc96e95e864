// What a command is: options on a CLI11 subcommand, and a function that runs after all of them have
// been read. Parsing only chooses; nothing is called before the whole line has been understood.
#pragma once

#include <functional>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "cli/client.h"
#include "cli/output.h"
#include "tipgate/v1/decision.pb.h"

namespace tipgate {

// The exit status, for scripts.
enum ExitCode : int {
  kExitOk = 0,        // Done; a decision was ACCEPTED.
  kExitRejected = 1,  // The gate decided: REJECTED by the rules.
  kExitUsage = 2,     // The command line is wrong; nothing was sent.
  kExitError = 3,     // The call failed: connection, gRPC error, or unwritable output.
};

struct CommandContext {
  Client client;
  Output output;
};

using Command = std::function<ExitCode(CommandContext&)>;

// Each adds the commands of one resource; the one on the command line ends up in `chosen`.
void AddTipCommands(CLI::App& root, Command& chosen);
// The one of `tip` that reads many from a file.
void AddTipBatchCommand(CLI::App& tip, Command& chosen);
// Those of `tip` that change one.
void AddTipChangeCommands(CLI::App& tip, Command& chosen);
void AddRechargeCommands(CLI::App& root, Command& chosen);
void AddPayerCommands(CLI::App& root, Command& chosen);
// Those of `payer` that hold one payer back.
void AddPayerControlCommands(CLI::App& payer, Command& chosen);
void AddStreamerCommands(CLI::App& root, Command& chosen);
// Those of `streamer` about sanctions.
void AddSanctionCommands(CLI::App& streamer, Command& chosen);
void AddIncomeCommands(CLI::App& root, Command& chosen);
void AddSessionCommands(CLI::App& root, Command& chosen);
void AddStopCommands(CLI::App& root, Command& chosen);
void AddPolicyCommands(CLI::App& root, Command& chosen);
void AddWatchCommand(CLI::App& root, Command& chosen);
void AddAuditCommands(CLI::App& root, Command& chosen);
void AddBackupCommands(CLI::App& root, Command& chosen);
void AddExplainCommand(CLI::App& root, Command& chosen);

// Prints why a call failed.
ExitCode Fail(const CommandContext& context, const absl::Status& error);

ExitCode ExitCodeOf(v1::Outcome outcome);

// A random idempotency key: "tipctl-" and 32 hexadecimal digits.
std::string NewIdempotencyKey();

// Gives a request without a key a new one, and says so before the call: if the answer gets lost,
// the same key makes a repeat safe.
template <typename Request>
void EnsureKey(const CommandContext& context, Request& request) {
  if (!request.idempotency_key().empty()) return;
  request.set_idempotency_key(NewIdempotencyKey());
  context.output.Note("to repeat this safely: --key " + request.idempotency_key());
}

}  // namespace tipgate
