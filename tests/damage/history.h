#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/entry.h"
#include "core/hash128.h"
#include "core/journal.h"
#include "core/key_memory.h"
#include "core/state.h"
#include "storage/rocksdb_state_store.h"
#include "tests/storage/journal_fixture.h"

namespace tipgate::damage {

// What was acknowledged and written to a data directory: what must be there whatever happens.
struct Book {
  std::vector<ChainHash> hashes = {{}};  // of the entries, by sequence; first of the empty journal
  std::vector<Hash128> fingerprints = {{}};        // of the state after each entry, at its time
  std::vector<std::pair<Hash128, RecordId>> keys;  // by record

  int64_t last_sequence() const { return static_cast<int64_t>(hashes.size()) - 1; }
};

// Entries of an evening with records of every kind: so many payers register, then so many things
// happen. By seed.
std::vector<Entry> MakeHistory(uint64_t seed, int payers_count, int operations_count);

// Writes a history into a data directory as a gate would: entry by entry, with checkpoints. One
// thread.
class Author {
 public:
  Author(std::string directory, std::vector<Entry> history);
  ~Author();

  // A life begins, and ends without a last checkpoint.
  void Open();
  void Close();

  // Appends the next entries, or all that are left.
  void Append(int64_t count);
  // Stores the state as of the last entry.
  void Checkpoint();
  // Makes tables of the rows of a family that are in memory alone.
  void Flush(Family family);
  // Marks the last entry in HEAD, and how far the files are durable in TAILS.
  void Mark();

  const std::string& directory() const { return directory_; }
  const Book& book() const { return book_; }
  int64_t left_count() const { return static_cast<int64_t>(history_.size()) - written_count_; }

 private:
  const std::string directory_;
  const std::vector<Entry> history_;
  int64_t written_count_ = 0;
  Book book_;
  State state_;
  KeyMemory keys_;
  OpenJournal open_;
  std::unique_ptr<RocksDbStateStore> store_;
};

}  // namespace tipgate::damage
