#include "storage/journal_cut.h"

#include <limits>
#include <vector>

#include "core/check.h"
#include "rocksdb/db.h"
#include "rocksdb/options.h"
#include "rocksdb/write_batch.h"
#include "storage/journal_reader.h"
#include "storage/meta.h"
#include "storage/rocksdb_status.h"

namespace tipgate {

absl::Status CutJournal(Database* database, int64_t last_sequence) {
  TIPGATE_CHECK(last_sequence >= 1);
  rocksdb::ColumnFamilyHandle* const journal = database->family(Family::kJournal);
  const JournalKey begin(last_sequence + 1);
  const JournalKey end(std::numeric_limits<int64_t>::max());
  rocksdb::WriteBatch batch;
  // Fail only for a batch with a size limit, which this has not.
  batch.DeleteRange(journal, ToSlice(begin.view()), ToSlice(end.view())).PermitUncheckedError();
  for (const absl::string_view name :
       {kMetaDecidedSequence, kMetaCompleteSequence, kMetaForgetKeysBefore}) {
    PutMeta(*database, name, 0, &batch);
  }
  PutMeta(*database, kMetaKeysRebuilding, 1, &batch);
  rocksdb::WriteOptions options;
  options.sync = true;
  absl::Status status = FromRocksDb(database->db().Write(options, &batch), "cut the journal");
  if (status.ok()) status = database->Clear(Family::kState);
  if (status.ok()) status = database->Clear(Family::kKeys);
  if (!status.ok()) return status;
  // What was cut leaves the disk as well.
  const rocksdb::Slice first = ToSlice(begin.view());
  return FromRocksDb(
      database->db().CompactRange(rocksdb::CompactRangeOptions(), journal, &first, nullptr),
      "rewrite the end of the journal");
}

absl::Status FlushAll(const Database& database) {
  for (const Family family : {Family::kJournal, Family::kState, Family::kKeys, Family::kMeta}) {
    const rocksdb::Status status =
        database.db().Flush(rocksdb::FlushOptions(), database.family(family));
    if (!status.ok()) return FromRocksDb(status, "flush the database");
  }
  return FromRocksDb(database.db().SyncWAL(), "sync the database");
}

}  // namespace tipgate
