// tipctl verify, server info.
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "cli/command.h"
#include "cli/money_text.h"
#include "cli/progress_bar.h"
#include "cli/table.h"
#include "cli/time_text.h"
#include "tipgate/v1/audit.grpc.pb.h"

namespace tipgate {
namespace {

using AuditStub = v1::AuditService::Stub;

void AddTotals(const v1::Totals& totals, Record& record) {
  record.Add("tips accepted", absl::StrCat(totals.tips_accepted_count()));
  record.Add("tips rejected", absl::StrCat(totals.tips_rejected_count()));
  record.Add("accepted", MoneyText(totals.accepted_minor()));
  record.Add("  held", MoneyText(totals.held_minor()));
  record.Add("  pending", MoneyText(totals.pending_minor()));
  record.Add("  frozen", MoneyText(totals.frozen_minor()));
  record.Add("  settled", MoneyText(totals.settled_minor()));
  record.Add("  voided", MoneyText(totals.voided_minor()));
  record.Add("  refunded", MoneyText(totals.refunded_minor()));
  record.Add("reminders", absl::StrCat(totals.reminders_count()));
  record.Add("recharges", MoneyText(totals.recharge_authorized_minor()));
  record.Add("  held", MoneyText(totals.recharge_held_minor()));
  record.Add("  captured", MoneyText(totals.recharge_captured_minor()));
  record.Add("  voided", MoneyText(totals.recharge_voided_minor()));
  record.Add("  expired", MoneyText(totals.recharge_expired_minor()));
  if (totals.recharge_refunded_minor() != 0 || totals.balances_minor() != 0) {
    record.Add("  refunded", MoneyText(totals.recharge_refunded_minor()));
    record.Add("balances", MoneyText(totals.balances_minor()));
  }
  record.Add("payers", absl::StrCat(totals.payers_count()));
  record.Add("streamers", absl::StrCat(totals.streamers_count()));
  record.Add("sessions", absl::StrCat(totals.sessions_count()));
}

std::string VerifiedText(const v1::VerifyJournalResponse& response) {
  Record record;
  record.Add("journal", "verified: everything agrees");
  record.Add("entries", absl::StrCat(response.entries_verified_count()));
  record.Add("records", absl::StrCat(response.records_verified_count()));
  record.Add("chain head", response.chain_head());
  record.Add("state hash", response.state_hash());
  AddTotals(response.totals(), record);
  return record.Render();
}

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

ExitCode ServerInfo(CommandContext& context, const v1::GetServerInfoRequest& request) {
  const auto response = context.client.Call<v1::AuditService>(&AuditStub::GetServerInfo, request);
  if (!response.ok()) return Fail(context, response.status());
  context.output.Print(*response, ServerText(*response));
  return kExitOk;
}

}  // namespace

void AddAuditCommands(CLI::App& root, Command& chosen) {
  CLI::App& verify = *root.add_subcommand("verify", "Replay the journal and compare everything");
  verify.callback([&chosen] { chosen = Verify; });

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
