#include "storage/key_rebuild.h"

#include <algorithm>
#include <memory>

#include "core/key_memory.h"
#include "core/record.h"
#include "core/state_store.h"
#include "rocksdb/db.h"
#include "rocksdb/options.h"
#include "rocksdb/write_batch.h"
#include "storage/key_index.h"
#include "storage/meta.h"
#include "storage/rocksdb_status.h"

namespace tipgate {
namespace {

// Keys that are held in memory, some 30 MB, and become a file.
constexpr size_t kFileKeys = 500'000;
// Nobody looks for keys meanwhile.
constexpr int64_t kFilterBytes = int64_t{64} << 10;

absl::Status PutMark(const Database& database, bool is_rebuilding) {
  rocksdb::WriteBatch batch;
  PutMeta(database, kMetaKeysRebuilding, is_rebuilding ? 1 : 0, &batch);
  rocksdb::WriteOptions options;
  options.sync = true;
  return FromRocksDb(database.db().Write(options, &batch), "mark a rebuild of the key index");
}

// A key that was forgotten in between may come twice: it names the later record.
void AddKeys(const Entry& entry, KeyTable* keys) {
  for (size_t position = 0; position < entry.records.size(); ++position) {
    const Intent* const intent = IntentOf(entry.records[position]);
    if (intent == nullptr) continue;
    keys->insert_or_assign(HashKey(intent->caller, intent->key.view()), entry.IdAt(position));
  }
}

// Adds all keys that are remembered. Those of entries after the stored state too, which the start
// puts into memory as well; that does no harm.
absl::Status Fill(const Database& database, const Journal& journal) {
  const absl::StatusOr<int64_t> forget_before = GetMeta(database, kMetaForgetKeysBefore);
  if (!forget_before.ok()) return forget_before.status();
  const std::unique_ptr<JournalReader> reader =
      journal.ReadFrom(std::max<int64_t>(*forget_before, 1));
  KeyIndex index(&database, kFilterBytes);
  auto keys = std::make_shared<KeyTable>();
  Entry entry;
  while (true) {
    const absl::StatusOr<bool> has_entry = reader->Next(&entry);
    if (!has_entry.ok()) return has_entry.status();
    if (!*has_entry) return index.Write({keys});
    AddKeys(entry, keys.get());
    if (keys->size() < kFileKeys) continue;
    if (absl::Status status = index.Write({keys}); !status.ok()) return status;
    keys = std::make_shared<KeyTable>();
  }
}

}  // namespace

absl::StatusOr<bool> RebuildKeys(Database* database, const Journal& journal, bool is_wanted) {
  const absl::StatusOr<int64_t> is_unfinished = GetMeta(*database, kMetaKeysRebuilding);
  if (!is_unfinished.ok()) return is_unfinished.status();
  if (!is_wanted && *is_unfinished == 0) return false;
  absl::Status status = PutMark(*database, true);
  if (status.ok()) status = database->Clear(Family::kKeys);
  if (status.ok()) status = Fill(*database, journal);
  if (!status.ok()) return status;
  // The last keys may be in a log, unsynced, and the mark must not go before they are safe.
  status =
      FromRocksDb(database->db().Flush(rocksdb::FlushOptions(), database->family(Family::kKeys)),
                  "flush the key index");
  if (status.ok()) status = PutMark(*database, false);
  if (!status.ok()) return status;
  return true;
}

}  // namespace tipgate
