#include "offline/database_verification.h"

#include <memory>

#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/history_verification.h"
#include "core/key_memory.h"
#include "core/recovery.h"
#include "offline/key_check.h"
#include "storage/advice.h"
#include "storage/rocksdb_journal.h"
#include "storage/rocksdb_state_store.h"

namespace tipgate {
namespace {

// Payers of the stored state who are kept in memory, besides those that the journal's tail names.
constexpr int64_t kResidentMax = 0;

constexpr absl::Duration kProgressInterval = absl::Milliseconds(100);

// What core finds has no advice yet.
absl::Status WithRestoreAdvice(const absl::Status& status) {
  if (!absl::IsDataLoss(status) || absl::StrContains(status.message(), ";")) return status;
  return DamageError(status.message());
}

class DatabaseVerification {
 public:
  DatabaseVerification(const Database& database, const Journal& journal,
                       VerificationProgress progress)
      : database_(database),
        journal_(journal),
        progress_(progress),
        head_(journal.Head()),
        history_(journal) {}

  absl::StatusOr<VerificationReport> Run() {
    const auto store = RocksDbStateStore::OpenWithoutFilter(&database_);
    if (!store.ok()) return store.status();
    absl::Status status = ReadHistory(**store);
    if (status.ok()) status = CompareStored(**store);
    if (!status.ok()) return WithRestoreAdvice(status);
    report_.entries_count = head_.sequence;
    report_.records_count = history_.records_count();
    report_.last_time_ms = head_.time_ms;
    report_.chain_head = ToHex(history_.chain_head());
    return report_;
  }

 private:
  // The keys are compared on the way.
  absl::Status ReadHistory(const StateStore& store) {
    absl::StatusOr<KeyCheck> keys = KeyCheck::Of(database_);
    if (!keys.ok()) return keys.status();
    absl::Status status = history_.Run(head_.sequence, [&](const Entry& entry) {
      keys->Add(entry);
      TellProgress(entry.sequence);
      return true;
    });
    if (status.ok()) status = keys->Compare(journal_, store);
    report_.keys_count = keys->count();
    return status;
  }

  void TellProgress(int64_t sequence) {
    const absl::Time now = absl::Now();
    if (now - tell_time_ < kProgressInterval) return;
    tell_time_ = now;
    progress_(sequence, head_.sequence);
  }

  // As a start would: what is stored, and the fold of what came after.
  absl::Status CompareStored(StateStore& store) {
    State state;
    KeyMemory keys;
    const absl::StatusOr<RecoveryReport> recovered =
        Recover(journal_, store, kResidentMax, &state, &keys);
    if (!recovered.ok()) return recovered.status();
    report_.stored_entries = recovered->stored_sequence;
    const StateSummary stored = SummaryOf(state, head_.sequence, head_.time_ms);
    report_.state_hash = stored.fingerprint.ToHex();
    ForEachSum(stored.totals, stored.counts, [this](const char* name, int64_t value) {
      report_.totals.push_back({name, value});
    });
    return history_.Compare(stored, "the stored");
  }

  const Database& database_;
  const Journal& journal_;
  const VerificationProgress progress_;
  const JournalHead head_;
  HistoryVerification history_;
  VerificationReport report_;
  absl::Time tell_time_;
};

}  // namespace

absl::StatusOr<VerificationReport> VerifyDatabase(const Database& database,
                                                  JournalCheck check_reaches,
                                                  VerificationProgress progress) {
  const auto journal = RocksDbJournal::Open(&database);
  if (!journal.ok()) return journal.status();
  if (absl::Status status = check_reaches(**journal); !status.ok()) {
    return WithRestoreAdvice(status);
  }
  return DatabaseVerification(database, **journal, progress).Run();
}

}  // namespace tipgate
