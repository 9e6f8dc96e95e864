#include "storage/journal_reader.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "rocksdb/db.h"
#include "rocksdb/iterator.h"
#include "rocksdb/options.h"
#include "storage/advice.h"
#include "storage/byte_order.h"
#include "storage/rocksdb_status.h"

namespace tipgate {
namespace {

// An iterator keeps memory and deleted files alive, so none lives longer than this many entries.
constexpr int64_t kIteratorReadsMax = 1024;

absl::Status CheckFollows(const JournalHead& last, const Entry& entry, const EntryLink& link) {
  const int64_t sequence = last.sequence + 1;
  if (entry.sequence != sequence) {
    return DamagedEntry(sequence, absl::StrCat("holds entry ", entry.sequence));
  }
  if (link.previous != last.hash) {
    return DamagedEntry(sequence, "does not follow from the entry before: the chain is broken");
  }
  if (entry.term < last.term) return DamagedEntry(sequence, "has an older term than before");
  if (entry.moment.time_ms < last.time_ms) {
    return DamagedEntry(sequence, "has an earlier time than the entry before");
  }
  return absl::OkStatus();
}

JournalHead HeadAfter(const Entry& entry, const EntryLink& link) {
  return {.term = entry.term,
          .sequence = entry.sequence,
          .time_ms = entry.moment.time_ms,
          .hash = link.hash};
}

}  // namespace

JournalKey::JournalKey(int64_t sequence) { PutBigEndian(static_cast<uint64_t>(sequence), bytes_); }

absl::Status DamagedEntry(int64_t sequence, absl::string_view fault) {
  return DamageError(absl::StrCat("journal entry ", sequence, " is damaged: ", fault));
}

absl::Status ReadJournalEntry(const Database& database, int64_t sequence, EntryDecoder* decoder,
                              Entry* entry, JournalHead* head) {
  rocksdb::PinnableSlice bytes;
  const rocksdb::Status status =
      database.db().Get(rocksdb::ReadOptions(), database.family(Family::kJournal),
                        ToSlice(JournalKey(sequence).view()), &bytes);
  if (!status.ok()) return FromRocksDb(status, absl::StrCat("read journal entry ", sequence));
  EntryLink link;
  const absl::Status decoded = decoder->Decode(ToView(bytes), entry, &link);
  if (!decoded.ok()) return DamagedEntry(sequence, decoded.message());
  if (entry->sequence != sequence) {
    return DamagedEntry(sequence, absl::StrCat("holds entry ", entry->sequence));
  }
  *head = HeadAfter(*entry, link);
  return absl::OkStatus();
}

RocksDbJournalReader::RocksDbJournalReader(const Database* database, const Journal* journal,
                                           int64_t first_sequence)
    : database_(database), journal_(journal), next_(first_sequence) {
  TIPGATE_CHECK(first_sequence >= 1);
}

RocksDbJournalReader::~RocksDbJournalReader() = default;

absl::StatusOr<bool> RocksDbJournalReader::Next(Entry* entry) {
  if (next_ > durable_sequence_) {
    iterator_.reset();  // it sees the past only
    durable_sequence_ = journal_->Head().sequence;
    if (next_ > durable_sequence_) return false;
  }
  if (!is_started_) {
    absl::Status status = ReadPredecessor(entry);
    if (!status.ok()) return status;
  }
  absl::Status status = Seek();
  if (!status.ok()) return status;
  status = Decode(entry);
  if (!status.ok()) return status;
  ++next_;
  return true;
}

absl::Status RocksDbJournalReader::ReadPredecessor(Entry* scratch) {
  if (next_ > 1) {
    const absl::Status status = ReadJournalEntry(*database_, next_ - 1, &decoder_, scratch, &last_);
    if (absl::IsNotFound(status)) return DamagedEntry(next_ - 1, "it is missing");
    if (!status.ok()) return status;
  }
  is_started_ = true;
  return absl::OkStatus();
}

// Brings the iterator to next_.
absl::Status RocksDbJournalReader::Seek() {
  if (iterator_ != nullptr && iterator_reads_left_ > 0) {
    iterator_->Next();
  } else {
    rocksdb::ReadOptions options;
    options.fill_cache = false;  // a walk must not push out what lookups need
    iterator_.reset(database_->db().NewIterator(options, database_->family(Family::kJournal)));
    iterator_->Seek(ToSlice(JournalKey(next_).view()));
    iterator_reads_left_ = kIteratorReadsMax;
  }
  --iterator_reads_left_;
  if (!iterator_->status().ok()) {
    return FromRocksDb(iterator_->status(), absl::StrCat("read journal entry ", next_));
  }
  if (!iterator_->Valid() || ToView(iterator_->key()) != JournalKey(next_).view()) {
    return DamagedEntry(next_, "it is missing");
  }
  return absl::OkStatus();
}

absl::Status RocksDbJournalReader::Decode(Entry* entry) {
  EntryLink link;
  const absl::Status decoded = decoder_.Decode(ToView(iterator_->value()), entry, &link);
  if (!decoded.ok()) return DamagedEntry(next_, decoded.message());
  const absl::Status follows = CheckFollows(last_, *entry, link);
  if (!follows.ok()) return follows;
  last_ = HeadAfter(*entry, link);
  return absl::OkStatus();
}

}  // namespace tipgate
