#include "storage/key_rebuild.h"

#include <algorithm>
#include <memory>

#include "core/key_memory.h"
#include "core/recovery.h"
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

// Adds all keys that are remembered. Those of entries after the stored state too, which the start
// puts into memory as well; that does no harm.
absl::Status Fill(const Database& database, const Journal& journal) {
  const absl::StatusOr<int64_t> forget_before = GetMeta(database, kMetaForgetKeysBefore);
  if (!forget_before.ok()) return forget_before.status();
  const std::unique_ptr<JournalReader> reader =
      journal.ReadFrom(std::max<int64_t>(*forget_before, 1));
  KeyIndex index(&database, kFilterBytes);
  KeyMemory keys;
  size_t keys_count = 0;
  Entry entry;
  while (true) {
    const absl::StatusOr<bool> has_entry = reader->Next(&entry);
    if (!has_entry.ok()) return has_entry.status();
    if (!*has_entry) return index.Write(keys.Freeze(journal.Head().sequence));
    InsertKeys(entry, &keys);
    keys_count += entry.records.size();
    if (keys_count < kFileKeys) continue;
    if (absl::Status status = index.Write(keys.Freeze(entry.sequence)); !status.ok()) {
      return status;
    }
    keys = KeyMemory();
    keys_count = 0;
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
