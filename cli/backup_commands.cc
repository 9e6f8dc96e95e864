// tipctl backup create, list; tipctl restore.
#include <sys/stat.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/progress_bar.h"
#include "cli/table.h"
#include "cli/time_text.h"
#include "cli/verification_text.h"
#include "offline/backups.h"
#include "offline/restore.h"
#include "tipgate/v1/audit.grpc.pb.h"

namespace tipgate {
namespace {

using AuditStub = v1::AuditService::Stub;

std::string BackupText(const v1::Backup& backup) {
  Record record;
  record.Add("backup", absl::StrCat(backup.backup_id()));
  record.Add("made", TimeText(backup.create_time()));
  record.Add("journal entries", absl::StrCat(backup.journal_sequence()));
  record.AddIfSet("chain head", backup.chain_head());
  record.Add("bytes", absl::StrCat(backup.size_bytes()));
  return record.Render();
}

std::string ListText(const v1::ListBackupsResponse& response) {
  Table table({{"BACKUP", Align::kRight},
               {"MADE"},
               {"ENTRIES", Align::kRight},
               {"BYTES", Align::kRight},
               {"CHAIN HEAD"}});
  for (const v1::Backup& backup : response.backups()) {
    table.AddRow({absl::StrCat(backup.backup_id()), TimeText(backup.create_time()),
                  absl::StrCat(backup.journal_sequence()), absl::StrCat(backup.size_bytes()),
                  backup.chain_head()});
  }
  return table.Render();
}

// Reads the progress and returns the last message.
absl::StatusOr<v1::CreateBackupResponse> RunCreate(const Client& client) {
  ProgressBar bar("bytes");
  v1::CreateBackupResponse last;
  const auto show = [&](const v1::CreateBackupResponse& response) {
    bar.ShowCount(response.written_bytes());
    last = response;
    return true;
  };
  const absl::Status status =
      client.Read<v1::AuditService>(&AuditStub::CreateBackup, v1::CreateBackupRequest(), show);
  if (!status.ok()) return status;
  if (!last.has_backup()) return absl::DataLossError("the gate ended without a backup");
  return last;
}

ExitCode Create(CommandContext& context) {
  const auto result = RunCreate(context.client);
  if (!result.ok()) return Fail(context, result.status());
  context.output.Print(*result, BackupText(result->backup()));
  return kExitOk;
}

// Of a directory that is at hand.
absl::StatusOr<v1::ListBackupsResponse> ListHere(const std::string& backup_dir) {
  const auto lines = ListBackups(backup_dir);
  if (!lines.ok()) return lines.status();
  v1::ListBackupsResponse response;
  for (const BackupLine& line : *lines) {
    v1::Backup& backup = *response.add_backups();
    backup.set_backup_id(line.id);
    *backup.mutable_create_time() = ToProto(absl::FromUnixMillis(line.create_time_ms));
    backup.set_journal_sequence(line.sequence);
    if (line.sequence > 0) backup.set_chain_head(line.chain_head);
    backup.set_size_bytes(line.bytes);
  }
  return response;
}

ExitCode List(CommandContext& context, const std::string& backup_dir) {
  const auto response = backup_dir.empty() ? context.client.Call<v1::AuditService>(
                                                 &AuditStub::ListBackups, v1::ListBackupsRequest())
                                           : ListHere(backup_dir);
  if (!response.ok()) return Fail(context, response.status());
  context.output.Print(*response, ListText(*response));
  return kExitOk;
}

absl::StatusOr<RestoreReport> RunRestore(const RestoreOptions& options) {
  ProgressBar bytes("bytes copied");
  ProgressBar entries("entries verified");
  return Restore(options, [&](RestoreStep step, int64_t done, int64_t total) {
    if (step == RestoreStep::kCopy) bytes.Show(done, total);
    if (step == RestoreStep::kVerify) entries.Show(done, total);
  });
}

ExitCode RestoreTo(CommandContext& context, const RestoreOptions& options) {
  umask(S_IRWXG | S_IRWXO);  // who pays whom is nobody else's to read
  const absl::StatusOr<RestoreReport> report = RunRestore(options);
  if (!report.ok()) return Fail(context, report.status());
  const v1::VerifyJournalResponse verified = ToProto(report->verified);
  Record record;
  record.Add("restored", absl::StrCat("backup ", report->backup_id, " to ", options.data_dir));
  context.output.Print(verified, record.Render() + VerifiedText(verified));
  return kExitOk;
}

void AddRestoreCommand(CLI::App& root, Command& chosen) {
  CLI::App& restore =
      *root.add_subcommand("restore", "Make a data directory of a backup, and verify it");
  const auto options = std::make_shared<RestoreOptions>();
  AddPath(restore, "--from", &options->backup_dir, "A gate's backup_dir, or a copy of it")
      ->required();
  AddPath(restore, "--to", &options->data_dir, "The new data directory: empty, or not there yet")
      ->required();
  AddCount(restore, "--backup", &options->backup_id, "Which backup; the newest if left out");
  CLI::Option* const sequence = AddCount(restore, "--to-sequence", &options->to_sequence,
                                         "Only journal entries up to this one");
  AddTime(
      restore, "--to-time",
      [options](const google::protobuf::Timestamp& time) {
        options->to_time_ms = absl::ToUnixMillis(absl::FromUnixSeconds(time.seconds()) +
                                                 absl::Nanoseconds(time.nanos()));
      },
      "Only journal entries up to this time")
      ->excludes(sequence);
  restore.callback([options, &chosen] {
    chosen = [options](CommandContext& context) { return RestoreTo(context, *options); };
  });
}

}  // namespace

void AddBackupCommands(CLI::App& root, Command& chosen) {
  CLI::App& backup = *root.add_subcommand("backup", "Copies of the whole data directory");
  backup.require_subcommand(1);
  CLI::App& create =
      *backup.add_subcommand("create", "Make one in the gate's backup_dir, while it serves");
  create.callback([&chosen] { chosen = Create; });
  CLI::App& list = *backup.add_subcommand("list", "Those that are whole");
  const auto backup_dir = std::make_shared<std::string>();
  AddPath(list, "--backup-dir", backup_dir.get(),
          "Not the gate's own: the backups in this directory");
  list.callback([backup_dir, &chosen] {
    chosen = [backup_dir](CommandContext& context) { return List(context, *backup_dir); };
  });
  AddRestoreCommand(root, chosen);
}

}  // namespace tipgate
