#pragma once

#include <cstdint>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "core/journal.h"
#include "storage/database.h"
#include "storage/entry_codec.h"

namespace rocksdb {
class WriteBatch;
}  // namespace rocksdb

namespace tipgate {

// The journal in RocksDB's family `journal`: sequence -> entry.
//
// Threads as in Journal. Invariants:
// 1. An entry is visible only after the fsync of the log that holds it has returned.
// 2. After the first failed write nothing is written any more: what reached the disk is unknown.
class RocksDbJournal : public Journal {
 public:
  // `database` outlives the journal and its readers. DATA_LOSS if the last entry is damaged, if an
  // entry after the stored state is missing, or if state is stored that the journal does not reach.
  static absl::StatusOr<std::unique_ptr<RocksDbJournal>> Open(const Database* database);
  ~RocksDbJournal() override;

  absl::StatusOr<int64_t> Claim() override;
  // Stamps the term of the last Claim; does not read entry.term.
  absl::Status Append(const Entry& entry) override;
  JournalHead Head() const override;
  absl::Status Read(int64_t sequence, Entry* entry) const override;
  std::unique_ptr<JournalReader> ReadFrom(int64_t first_sequence) const override;

 private:
  RocksDbJournal(const Database* database, const JournalHead& head);

  absl::Status Write(absl::string_view doing);

  const Database* database_;

  // The appending thread's.
  int64_t term_ = 0;  // 0: not claimed
  absl::Status failure_;
  EntryEncoder encoder_;
  std::unique_ptr<rocksdb::WriteBatch> batch_;

  mutable absl::Mutex mutex_;
  JournalHead head_ ABSL_GUARDED_BY(mutex_);  // changed by the appending thread only
};

}  // namespace tipgate
