// tipctl verify, server info.
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/progress_bar.h"
#include "cli/table.h"
#include "cli/time_text.h"
#include "cli/verification_text.h"
#include "offline/backups.h"
#include "offline/verify_directory.h"
#include "tipgate/v1/audit.grpc.pb.h"

namespace tipgate {
namespace {

using AuditStub = v1::AuditService::Stub;

std::string ServerText(const v1::GetServerInfoResponse& info) {
  Record record;
  record.Add("version", info.version());
  record.Add("data format", absl::StrCat(info.format_version()));
  record.Add("policy version", absl::StrCat(info.policy_version()));
  record.Add("time zone", info.time_zone());
  record.Add("currency", info.currency());
  record.Add("keys remembered", DurationText(info.idempotency_retention()));
  record.Add("serving since", TimeText(info.start_time()));
  record.Add("journal entries", absl::StrCat(info.journal_sequence()));
  record.Add("chain head", info.chain_head());
  record.Add("journal time", TimeText(info.journal_time()));
  record.AddIfSet("state hash", info.state_hash());
  AddTotals(info.totals(), record);
  return record.Render();
}

// Reads the progress and returns the last message.
absl::StatusOr<v1::VerifyJournalResponse> RunVerify(const Client& client) {
  ProgressBar bar("entries");
  v1::VerifyJournalResponse last;
  const auto show = [&](const v1::VerifyJournalResponse& response) {
    bar.Show(response.entries_verified_count(), response.entries_total_count());
    last = response;
    return true;
  };
  const absl::Status status =
      client.Read<v1::AuditService>(&AuditStub::VerifyJournal, v1::VerifyJournalRequest(), show);
  if (!status.ok()) return status;
  if (!last.is_done()) return absl::DataLossError("the gate ended without a result; run it again");
  return last;
}

ExitCode Verify(CommandContext& context) {
  const auto result = RunVerify(context.client);
  if (!result.ok()) return Fail(context, result.status());
  context.output.Print(*result, VerifiedText(*result));
  return kExitOk;
}

// What is verified here, where no gate serves it.
struct OfflineSource {
  std::string data_dir;
  std::string backup_dir;
  int64_t backup_id = 0;  // 0: the newest

  bool is_set() const { return !data_dir.empty() || !backup_dir.empty(); }
};

absl::StatusOr<VerificationReport> RunOffline(const OfflineSource& source) {
  ProgressBar bar("entries");
  const auto show = [&](int64_t done, int64_t total) { bar.Show(done, total); };
  if (!source.data_dir.empty()) return VerifyDirectory(source.data_dir, show);
  return VerifyBackup(source.backup_dir, source.backup_id, show);
}

ExitCode VerifyOffline(CommandContext& context, const OfflineSource& source) {
  const absl::StatusOr<VerificationReport> report = RunOffline(source);
  if (!report.ok()) return Fail(context, report.status());
  const v1::VerifyJournalResponse result = ToProto(*report);
  context.output.Print(result, VerifiedText(result));
  return kExitOk;
}

ExitCode ServerInfo(CommandContext& context, const v1::GetServerInfoRequest& request) {
  const auto response = context.client.Call<v1::AuditService>(&AuditStub::GetServerInfo, request);
  if (!response.ok()) return Fail(context, response.status());
  context.output.Print(*response, ServerText(*response));
  return kExitOk;
}

void AddVerifyCommand(CLI::App& root, Command& chosen) {
  CLI::App& verify = *root.add_subcommand("verify", "Replay the journal and compare everything");
  const auto source = std::make_shared<OfflineSource>();
  CLI::Option* const data_dir =
      AddPath(verify, "--data-dir", &source->data_dir,
              "Not the gate's own: a data directory that no gate serves. It is only read");
  CLI::Option* const backup_dir =
      AddPath(verify, "--backup-dir", &source->backup_dir,
              "Not the gate's own: a backup in this directory, which is only read");
  backup_dir->excludes(data_dir);
  AddCount(verify, "--backup", &source->backup_id, "Which backup; the newest if left out")
      ->needs(backup_dir);
  verify.callback([source, &chosen] {
    chosen = [source](CommandContext& context) {
      return source->is_set() ? VerifyOffline(context, *source) : Verify(context);
    };
  });
}

}  // namespace

void AddAuditCommands(CLI::App& root, Command& chosen) {
  AddVerifyCommand(root, chosen);

  CLI::App& server = *root.add_subcommand("server", "About the gate itself");
  server.require_subcommand(1);
  CLI::App& info = *server.add_subcommand("info", "Version, journal head and totals");
  const auto request = std::make_shared<v1::GetServerInfoRequest>();
  info.add_flag_function(
      "--state-hash", [request](int64_t) { request->set_include_state_hash(true); },
      "Also the hash of the state; no tip is decided while it is computed");
  info.callback([request, &chosen] {
    chosen = [request](CommandContext& context) { return ServerInfo(context, *request); };
  });
}

}  // namespace tipgate
