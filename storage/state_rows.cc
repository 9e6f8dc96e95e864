#include "storage/state_rows.h"

#include <algorithm>
#include <tuple>

#include "rocksdb/db.h"
#include "rocksdb/write_batch.h"
#include "storage/rocksdb_status.h"

namespace tipgate {

void StateRows::AddTo(const Database& database, rocksdb::WriteBatch* batch) const {
  rocksdb::ColumnFamilyHandle* const family = database.family(Family::kState);
  for (const Row& row : rows_) {
    const StateKey key(row.kind, row.id);
    // These fail only for a batch with a size limit, which this has not.
    if (row.size == 0) {
      batch->Delete(family, ToSlice(key.view())).PermitUncheckedError();
    } else {
      batch->Put(family, ToSlice(key.view()), ToSlice(ValueOf(row))).PermitUncheckedError();
    }
  }
}

absl::Status StateRows::WriteTo(BulkFile* file) {
  const auto key_of = [](const Row& row) { return std::make_tuple(row.kind, row.id); };
  // Ids are positive, so their order is that of their bytes.
  std::stable_sort(rows_.begin(), rows_.end(),
                   [&](const Row& a, const Row& b) { return key_of(a) < key_of(b); });
  absl::Status status = file->Begin();
  for (size_t i = 0; i < rows_.size() && status.ok(); ++i) {
    const Row& row = rows_[i];
    if (i + 1 < rows_.size() && key_of(rows_[i + 1]) == key_of(row)) continue;  // changed again
    const StateKey key(row.kind, row.id);
    status = row.size == 0 ? file->Delete(ToSlice(key.view()))
                           : file->Put(ToSlice(key.view()), ToSlice(ValueOf(row)));
  }
  return status.ok() ? file->Finish() : status;
}

void StateRows::Clear() {
  rows_.clear();
  bytes_.Clear();
}

}  // namespace tipgate
