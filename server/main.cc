// The composition root: flags, config, storage, gate; then signals. The only file that sees all.

#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/command_line.h"
#include "server/config.h"
#include "server/exit_code.h"
#include "server/gate.h"
#include "server/log.h"
#include "server/open_files.h"
#include "server/policy_conversion.h"
#include "server/policy_file.h"
#include "server/ready_file.h"
#include "server/system_clock.h"
#include "server/version.h"
#include "storage/data_directory.h"
#include "storage/database.h"
#include "storage/head_mark.h"
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
  _exit(static_cast<int>(status.code() == absl::StatusCode::kDataLoss ? ExitCode::kDamaged
                                                                      : ExitCode::kIoError));
}

// The files, and what the flags say instead.
absl::StatusOr<Gate::Options> LoadOptions(const CommandLine& flags) {
  absl::StatusOr<v1::ServerConfig> config = LoadServerConfig(flags.config_file);
  if (!config.ok()) return config.status();
  if (!flags.data_dir.empty()) config->set_data_dir(flags.data_dir);
  if (!flags.listen_address.empty()) config->set_listen_address(flags.listen_address);
  if (!flags.metrics_address.empty()) config->set_metrics_address(flags.metrics_address);
  if (!flags.policy_file.empty()) config->set_policy_file(flags.policy_file);
  if (!flags.gifts_file.empty()) config->set_gifts_file(flags.gifts_file);
  const absl::StatusOr<v1::TippingPolicy> policy = LoadPolicy(config->policy_file());
  if (!policy.ok()) return policy.status();
  const absl::StatusOr<v1::GiftCatalog> gifts = LoadGifts(config->gifts_file());
  if (!gifts.ok()) return gifts.status();
  return Gate::Options{.config = *std::move(config),
                       .policy = ToPolicy(*policy),
                       .catalog = ToGiftCatalog(*gifts),
                       .format_version = kDirectoryFormat,
                       .accepts_clock_jump = flags.accepts_clock_jump};
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

// SIGTERM and SIGINT are for main alone: blocked before the first thread is made.
sigset_t BlockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

// Marks how far the journal has come, if it has come further.
class HeadMarker {
 public:
  HeadMarker(std::string directory, const Journal* journal)
      : directory_(std::move(directory)), journal_(*journal) {}

  void Mark() {
    const JournalHead head = journal_.Head();
    if (head.sequence == marked_sequence_) return;
    if (const absl::Status status = WriteHeadMark(directory_, head); !status.ok()) FailStop(status);
    marked_sequence_ = head.sequence;
  }

 private:
  std::string directory_;
  const Journal& journal_;
  int64_t marked_sequence_ = 0;
};

// Returns once the process is told to end. Looks after RocksDB's own threads and the mark
// meanwhile.
void AwaitSignal(const sigset_t& signals, const Database& database, HeadMarker& marker) {
  constexpr timespec kInterval{.tv_sec = 1, .tv_nsec = 0};
  constexpr int kIntervalsPerMark = 10;  // a mark costs the disk about what a batch costs
  for (int i = 1; sigtimedwait(&signals, nullptr, &kInterval) < 0; ++i) {
    if (const absl::Status status = database.BackgroundError(); !status.ok()) FailStop(status);
    if (i % kIntervalsPerMark == 0) marker.Mark();
  }
}

int Serve(const CommandLine& flags, Gate::Options options) {
  const sigset_t signals = BlockSignals();
  if (const absl::Status status = RaiseOpenFilesLimit(kOpenFilesMin); !status.ok()) {
    return Say(status, ExitCode::kConfig);
  }
  const auto directory = DataDirectory::Open(options.config.data_dir());
  if (!directory.ok()) return Say(directory.status(), ExitCode::kCannotOpen);
  const auto database = Database::Open((*directory)->database_path(),
                                       {.block_cache_bytes = options.config.block_cache_bytes()});
  if (!database.ok()) return Say(database.status(), ExitCodeOfOpen(database.status()));
  const auto journal = RocksDbJournal::Open(database->get());
  if (!journal.ok()) return Say(journal.status(), ExitCodeOfOpen(journal.status()));
  const absl::Status reaches_mark = CheckHeadMark((*directory)->path(), **journal);
  if (!reaches_mark.ok()) return Say(reaches_mark, ExitCodeOfOpen(reaches_mark));
  const auto store = RocksDbStateStore::Open(database->get());
  if (!store.ok()) return Say(store.status(), ExitCodeOfOpen(store.status()));

  const SystemClock clock;
  const auto gate = Gate::Recover(std::move(options),
                                  {.journal = journal->get(),
                                   .store = store->get(),
                                   .clock = &clock,
                                   .storage_health = [&] { return HealthOf(**database); }},
                                  FailStop);
  if (!gate.ok()) {
    const bool is_damaged = gate.status().code() == absl::StatusCode::kDataLoss;
    return Say(gate.status(), is_damaged ? ExitCode::kDamaged : ExitCode::kConfig);
  }
  absl::Status status = (*gate)->Serve();
  HeadMarker marker((*directory)->path(), journal->get());
  marker.Mark();
  if (status.ok() && !flags.ready_file.empty()) {
    status =
        WriteReadyFile(flags.ready_file, (*gate)->listen_address(), (*gate)->metrics_address());
  }
  if (status.ok()) {
    Log(Severity::kInfo,
        absl::StrCat("tipgate ", kVersion, " serves gRPC on ", (*gate)->listen_address(),
                     ", metrics and health on ", (*gate)->metrics_address()));
    AwaitSignal(signals, **database, marker);
    Log(Severity::kInfo, "draining");
  }
  (*gate)->Drain();
  marker.Mark();
  if (!status.ok()) return Say(status, ExitCode::kUnavailable);
  Log(Severity::kInfo, "drained");
  return static_cast<int>(ExitCode::kDrained);
}

int Main(int argc, char** argv) {
  CommandLine flags;
  if (const auto code = ParseCommandLine(argc, argv, &flags)) return static_cast<int>(*code);
  absl::StatusOr<Gate::Options> options = LoadOptions(flags);
  if (!options.ok()) return Say(options.status(), ExitCode::kConfig);
  if (flags.only_check) {
    Log(Severity::kInfo, "the configuration, the policy and the gifts are well");
    return static_cast<int>(ExitCode::kDrained);
  }
  return Serve(flags, *std::move(options));
}

}  // namespace
}  // namespace tipgate

int main(int argc, char** argv) { return tipgate::Main(argc, argv); }
