#pragma once

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/journal.h"
#include "storage/database.h"
#include "storage/entry_codec.h"

namespace rocksdb {
class Iterator;
}  // namespace rocksdb

namespace tipgate {

// Where an entry stands in the journal's family: its sequence, big-endian.
class JournalKey {
 public:
  explicit JournalKey(int64_t sequence);
  absl::string_view view() const { return {bytes_, sizeof(bytes_)}; }

 private:
  char bytes_[sizeof(int64_t)];
};

// Turns a fault of one entry into the DATA_LOSS that an operator reads.
absl::Status DamagedEntry(int64_t sequence, absl::string_view fault);

// Reads one entry; NOT_FOUND if there is none. `head` becomes what the journal's head would be
// after it.
absl::Status ReadJournalEntry(const Database& database, int64_t sequence, EntryDecoder* decoder,
                              Entry* entry, JournalHead* head);

// Walks the journal and checks that each entry follows from the one before: sequence, hash, term,
// time.
class RocksDbJournalReader : public JournalReader {
 public:
  // Both outlive the reader. Entries are visible up to journal->Head().
  RocksDbJournalReader(const Database* database, const Journal* journal, int64_t first_sequence);
  ~RocksDbJournalReader() override;

  absl::StatusOr<bool> Next(Entry* entry) override;
  const ChainHash& hash() const override { return last_.hash; }

 private:
  absl::Status ReadPredecessor(Entry* scratch);
  absl::Status Seek();
  absl::Status Decode(Entry* entry);

  const Database* database_;
  const Journal* journal_;
  int64_t next_;
  bool is_started_ = false;  // last_ is the entry before next_
  JournalHead last_;
  int64_t durable_sequence_ = 0;  // the head when last asked
  EntryDecoder decoder_;
  std::unique_ptr<rocksdb::Iterator> iterator_;  // null, or at the entry before next_
  int64_t iterator_reads_left_ = 0;
};

}  // namespace tipgate
