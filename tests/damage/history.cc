#include "tests/damage/history.h"

#include <algorithm>
#include <filesystem>
#include <memory>

#include "core/check.h"
#include "core/fold.h"
#include "core/recovery.h"
#include "rocksdb/db.h"
#include "storage/data_directory.h"
#include "storage/head_mark.h"
#include "tests/support/core_gate.h"
#include "tests/support/random_evening.h"

namespace tipgate::damage {
namespace {

constexpr int64_t kFilterBytes = int64_t{1} << 20;
// Of a checkpoint, in entities: it has several.
constexpr size_t kPart = 1'000;

}  // namespace

std::vector<Entry> MakeHistory(uint64_t seed, int payers_count, int operations_count) {
  CoreGate gate;
  for (int i = 0; i < payers_count; ++i) gate.PutAdult(PayerId(1'000 + i));
  RunRandomEvening(seed, operations_count, &gate);
  return std::move(gate.journal->entries());
}

Author::Author(std::string directory, std::vector<Entry> history)
    : directory_(std::move(directory)), history_(std::move(history)) {
  TIPGATE_CHECK(DataDirectory::Open(directory_).ok());  // makes FORMAT and LOCK
}

Author::~Author() { Close(); }

void Author::Open() {
  open_ = *OpenJournalAt(directory_ + "/db");
  store_ = *RocksDbStateStore::Open(open_.database.get(), kFilterBytes);
  TIPGATE_CHECK(open_.journal->Claim().ok());
}

void Author::Close() {
  store_.reset();
  open_.journal.reset();
  open_.database.reset();
}

void Author::Append(int64_t count) {
  for (int64_t i = 0; i < count && left_count() > 0; ++i) {
    const Entry& entry = history_[static_cast<size_t>(written_count_++)];
    TIPGATE_CHECK(open_.journal->Append(entry).ok());
    FoldEntry(entry, &state_);
    InsertKeys(entry, &keys_);
    book_.hashes.push_back(open_.journal->Head().hash);
    book_.fingerprints.push_back(state_.Fingerprint(entry.moment.time_ms));
    for (size_t position = 0; position < entry.records.size(); ++position) {
      const Intent* const intent = IntentOf(entry.records[position]);
      if (intent == nullptr) continue;
      book_.keys.emplace_back(HashKey(intent->caller, intent->key.view()), entry.IdAt(position));
    }
  }
}

void Author::Checkpoint() {
  const int64_t sequence = book_.last_sequence();
  state_.BeginCheckpoint(sequence);
  const KeyTables keys = keys_.Freeze(sequence);
  for (bool has_more = true; has_more;) {
    StateImage image;
    has_more = state_.CopyCheckpoint(kPart, &image);
    image.decided_sequence = sequence;
    if (!has_more) image.keys = keys;
    TIPGATE_CHECK(store_->Write(image).ok());
  }
  keys_.NoteStored(sequence);
}

void Author::Flush(Family family) {
  TIPGATE_CHECK(
      open_.database->db().Flush(rocksdb::FlushOptions(), open_.database->family(family)).ok());
}

void Author::Mark() {
  HeadMarker marker(directory_, open_.journal.get(), open_.database.get());
  TIPGATE_CHECK(marker.Mark().ok());
}

}  // namespace tipgate::damage
