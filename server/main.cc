// The composition root: flags, config, storage, gate; then signals. The only file that sees all.

#include <sys/stat.h>
#include <unistd.h>

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/command_line.h"
#include "server/exit_code.h"
#include "server/gate.h"
#include "server/gate_options.h"
#include "server/log.h"
#include "server/open_files.h"
#include "server/ready_file.h"
#include "server/system_clock.h"
#include "server/termination.h"
#include "server/thread.h"
#include "server/version.h"
#include "storage/data_directory.h"
#include "storage/database.h"
#include "storage/free_space.h"
#include "storage/head_mark.h"
#include "storage/key_rebuild.h"
#include "storage/rocksdb_backup_store.h"
#include "storage/rocksdb_journal.h"
#include "storage/rocksdb_state_store.h"

namespace tipgate {
namespace {

int Say(const absl::Status& status, ExitCode code) {
  Log(Severity::kError, status.message());
  return static_cast<int>(code);
}

// The outcome of a write is unknown: nothing more may leave this process. A restart recovers what
// was acknowledged.
[[noreturn]] void FailStop(const absl::Status& status) {
  Log(Severity::kError, absl::StrCat("stopping without another answer: ", status.ToString()));
  _exit(static_cast<int>(ExitCodeOfStop(status)));
}

StorageHealth HealthOf(const Database& database) {
  const DatabaseStats stats = database.Stats();
  return {.wal_bytes = stats.wal_bytes,
          .sst_bytes = stats.sst_bytes,
          .memtable_bytes = stats.memtable_bytes,
          .block_cache_bytes = stats.block_cache_bytes,
          .pending_compaction_bytes = stats.pending_compaction_bytes,
          .running_compactions_count = stats.running_compactions_count,
          .background_errors_count = stats.background_errors_count,
          .is_stalled = stats.is_stalled};
}

// Null if none are configured.
std::unique_ptr<BackupStore> MakeBackupStore(const v1::ServerConfig& config,
                                             const Database& database, const Journal& journal) {
  if (config.backup_dir().empty()) return nullptr;
  return std::make_unique<RocksDbBackupStore>(
      &database, &journal,
      RocksDbBackupStore::Options{.path = config.backup_dir(),
                                  .bytes_per_second_max = config.backup_bytes_per_second_max(),
                                  .kept_count = config.backups_kept_max()});
}

void Mark(HeadMarker& marker) {
  if (const absl::Status status = marker.Mark(); !status.ok()) FailStop(status);
}

// Returns once the process is told to end. Looks after RocksDB's own threads and the mark
// meanwhile.
void AwaitEnd(const Termination& termination, const Database& database, HeadMarker& marker) {
  constexpr absl::Duration kInterval = absl::Seconds(1);
  constexpr int kIntervalsPerMark = 10;  // a mark costs the disk about what a batch costs
  for (int i = 1; !termination.Await(kInterval); ++i) {
    if (const absl::Status status = database.BackgroundError(); !status.ok()) FailStop(status);
    if (i % kIntervalsPerMark == 0) Mark(marker);
  }
}

int Serve(const CommandLine& flags, Gate::Options options, const Termination& termination) {
  if (const absl::Status status = RaiseOpenFilesLimit(kOpenFilesMin); !status.ok()) {
    return Say(status, ExitCode::kConfig);
  }
  const auto directory = DataDirectory::Open(options.config.data_dir());
  if (!directory.ok()) return Say(directory.status(), ExitCodeOfOpen(directory.status()));
  if (const absl::Status& privacy = (*directory)->privacy(); !privacy.ok()) {
    Log(Severity::kWarning, privacy.message());
  }
  const auto database = Database::Open((*directory)->database_path(),
                                       {.block_cache_bytes = options.config.block_cache_bytes(),
                                        .compacts_keys = !flags.rebuilds_keys,
                                        .on_background_work = LowerThreadPriority});
  if (!database.ok()) return Say(database.status(), ExitCodeOfOpen(database.status()));
  const auto journal = RocksDbJournal::Open(database->get());
  if (!journal.ok()) return Say(journal.status(), ExitCodeOfOpen(journal.status()));
  const absl::Status reaches_mark = CheckHeadMark((*directory)->path(), **journal);
  if (!reaches_mark.ok()) return Say(reaches_mark, ExitCodeOfOpen(reaches_mark));
  const auto is_rebuilt = RebuildKeys(database->get(), **journal, flags.rebuilds_keys);
  if (!is_rebuilt.ok()) return Say(is_rebuilt.status(), ExitCodeOfOpen(is_rebuilt.status()));
  if (*is_rebuilt) Log(Severity::kInfo, "the key index was made anew from the journal");
  const auto store = RocksDbStateStore::Open(database->get(), options.config.key_filter_bytes());
  if (!store.ok()) return Say(store.status(), ExitCodeOfOpen(store.status()));

  const std::unique_ptr<BackupStore> backups =
      MakeBackupStore(options.config, **database, **journal);

  const SystemClock clock;
  const auto gate =
      Gate::Recover(std::move(options),
                    {.journal = journal->get(),
                     .store = store->get(),
                     .clock = &clock,
                     .storage_health = [&] { return HealthOf(**database); },
                     .spare_bytes = [&] { return SpareBytes((*directory)->database_path()); },
                     .backups = backups.get()},
                    FailStop);
  if (!gate.ok()) return Say(gate.status(), ExitCodeOfRecovery(gate.status()));
  absl::Status status = (*gate)->Listen();
  if (!status.ok()) return Say(status, ExitCode::kUnavailable);
  status = (*gate)->Claim();
  HeadMarker marker((*directory)->path(), journal->get(), database->get());
  Mark(marker);
  if (status.ok()) (*gate)->Serve();
  if (status.ok() && !flags.ready_file.empty()) {
    status =
        WriteReadyFile(flags.ready_file, (*gate)->listen_address(), (*gate)->metrics_address());
  }
  if (status.ok()) {
    Log(Severity::kInfo,
        absl::StrCat("tipgate ", kVersion, " serves gRPC on ", (*gate)->listen_address(),
                     ", metrics and health on ", (*gate)->metrics_address()));
    AwaitEnd(termination, **database, marker);
    Log(Severity::kInfo, "draining");
  }
  (*gate)->Drain();
  Mark(marker);
  if (!status.ok()) return Say(status, ExitCode::kUnavailable);
  Log(Severity::kInfo, "drained");
  return static_cast<int>(ExitCode::kDrained);
}

int Main(int argc, char** argv) {
  const Termination termination;
  umask(S_IRWXG | S_IRWXO);  // what stands in our files is for our user alone
  CommandLine flags;
  if (const auto code = ParseCommandLine(argc, argv, &flags)) return static_cast<int>(*code);
  absl::StatusOr<Gate::Options> options = LoadGateOptions(flags, kDirectoryFormat);
  if (!options.ok()) return Say(options.status(), ExitCode::kConfig);
  if (flags.only_check) {
    Log(Severity::kInfo,
        "the configuration, the policy and the gifts are well; what was approved or "
        "put over the API stays in force");
    return static_cast<int>(ExitCode::kDrained);
  }
  return Serve(flags, *std::move(options), termination);
}

}  // namespace
}  // namespace tipgate

int main(int argc, char** argv) { return tipgate::Main(argc, argv); }
