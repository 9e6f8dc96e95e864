#include "storage/rocksdb_journal.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/check.h"
#include "rocksdb/db.h"
#include "rocksdb/iterator.h"
#include "rocksdb/options.h"
#include "rocksdb/write_batch.h"
#include "storage/advice.h"
#include "storage/byte_order.h"
#include "storage/journal_reader.h"
#include "storage/meta.h"
#include "storage/rocksdb_status.h"

namespace tipgate {
namespace {

std::unique_ptr<rocksdb::Iterator> NewIterator(const Database& database) {
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  return std::unique_ptr<rocksdb::Iterator>(
      database.db().NewIterator(options, database.family(Family::kJournal)));
}

// The sequence in the key that the iterator stands at.
absl::StatusOr<int64_t> SequenceAt(const rocksdb::Iterator& iterator) {
  if (iterator.key().size() != sizeof(int64_t)) {
    return DamageError("the journal has a key that is no sequence");
  }
  return static_cast<int64_t>(GetBigEndian(iterator.key().data()));
}

// Zeros for an empty journal.
absl::StatusOr<JournalHead> FindHead(const Database& database) {
  const std::unique_ptr<rocksdb::Iterator> iterator = NewIterator(database);
  iterator->SeekToLast();
  if (!iterator->status().ok())
    return FromRocksDb(iterator->status(), "find the last entry of the journal");
  JournalHead head;
  if (!iterator->Valid()) return head;
  const absl::StatusOr<int64_t> sequence = SequenceAt(*iterator);
  if (!sequence.ok()) return sequence.status();
  EntryDecoder decoder;
  Entry entry;
  const absl::Status status = ReadJournalEntry(database, *sequence, &decoder, &entry, &head);
  if (!status.ok()) return status;
  return head;
}

// State is written after the entries that it contains, to the same log, so it can be ahead of the
// journal only if something took entries away. And without the entries after it, it cannot be
// brought up to date.
absl::Status CheckReaches(const Database& database, const JournalHead& head) {
  const absl::StatusOr<int64_t> decided = GetMeta(database, kMetaDecidedSequence);
  if (!decided.ok()) return decided.status();
  if (*decided > head.sequence) {
    return DamageError(absl::StrCat("the journal ends at entry ", head.sequence,
                                    ", but stored state knows entry ", *decided,
                                    ": entries were lost"));
  }
  const absl::StatusOr<int64_t> complete = GetMeta(database, kMetaCompleteSequence);
  if (!complete.ok()) return complete.status();
  const std::unique_ptr<rocksdb::Iterator> iterator = NewIterator(database);
  int64_t expected = std::max<int64_t>(*complete, 1);
  for (iterator->Seek(ToSlice(JournalKey(expected).view())); iterator->Valid(); iterator->Next()) {
    const absl::StatusOr<int64_t> sequence = SequenceAt(*iterator);
    if (!sequence.ok()) return sequence.status();
    if (*sequence != expected) return DamagedEntry(expected, "it is missing");
    ++expected;
  }
  return FromRocksDb(iterator->status(), "walk the journal");
}

}  // namespace

absl::StatusOr<std::unique_ptr<RocksDbJournal>> RocksDbJournal::Open(const Database* database) {
  const absl::StatusOr<JournalHead> head = FindHead(*database);
  if (!head.ok()) return head.status();
  const absl::Status status = CheckReaches(*database, *head);
  if (!status.ok()) return status;
  return std::unique_ptr<RocksDbJournal>(new RocksDbJournal(database, *head));
}

RocksDbJournal::RocksDbJournal(const Database* database, const JournalHead& head)
    : database_(database), batch_(std::make_unique<rocksdb::WriteBatch>()), head_(head) {}

RocksDbJournal::~RocksDbJournal() = default;

absl::StatusOr<int64_t> RocksDbJournal::Claim() {
  const absl::StatusOr<int64_t> stored_term = GetMeta(*database_, kMetaTerm);
  if (!stored_term.ok()) return stored_term.status();
  const int64_t term = std::max(*stored_term, Head().term) + 1;
  batch_->Clear();
  PutMeta(*database_, kMetaTerm, term, batch_.get());
  const absl::Status status = Write("claim the journal");
  if (!status.ok()) return status;
  term_ = term;
  return term;
}

absl::Status RocksDbJournal::Append(const Entry& entry) {
  TIPGATE_CHECK(term_ > 0);
  const JournalHead last = Head();
  TIPGATE_CHECK(entry.sequence == last.sequence + 1);
  TIPGATE_CHECK(entry.moment.time_ms >= last.time_ms);
  const absl::string_view bytes = encoder_.Encode(entry, term_, last.hash);
  batch_->Clear();
  // Fails only for a batch with a size limit, which this has not.
  batch_
      ->Put(database_->family(Family::kJournal), ToSlice(JournalKey(entry.sequence).view()),
            ToSlice(bytes))
      .PermitUncheckedError();
  const absl::Status status = Write("append to the journal");
  if (!status.ok()) return status;
  const absl::MutexLock lock(&mutex_);
  head_ = {.term = term_,
           .sequence = entry.sequence,
           .time_ms = entry.moment.time_ms,
           .hash = encoder_.hash()};
  return absl::OkStatus();
}

JournalHead RocksDbJournal::Head() const {
  const absl::MutexLock lock(&mutex_);
  return head_;
}

absl::Status RocksDbJournal::Read(int64_t sequence, Entry* entry) const {
  if (sequence < 1 || sequence > Head().sequence) {
    return absl::NotFoundError(absl::StrCat("the journal has no entry ", sequence));
  }
  EntryDecoder decoder;
  JournalHead head;
  const absl::Status status = ReadJournalEntry(*database_, sequence, &decoder, entry, &head);
  return absl::IsNotFound(status) ? DamagedEntry(sequence, "it is missing") : status;
}

std::unique_ptr<JournalReader> RocksDbJournal::ReadFrom(int64_t first_sequence) const {
  return std::make_unique<RocksDbJournalReader>(database_, this, first_sequence);
}

// Writes batch_ and waits for the fsync. The first error is kept: whatever the disk did with the
// bytes, no later write may stand behind a hole.
absl::Status RocksDbJournal::Write(absl::string_view doing) {
  if (!failure_.ok()) return failure_;
  rocksdb::WriteOptions options;
  options.sync = true;
  failure_ = FromRocksDb(database_->db().Write(options, batch_.get()), doing);
  return failure_;
}

}  // namespace tipgate
