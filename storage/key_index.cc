#include "storage/key_index.h"

#include <algorithm>
#include <string>

#include "absl/strings/string_view.h"
#include "rocksdb/db.h"
#include "rocksdb/options.h"
#include "rocksdb/sst_file_writer.h"
#include "rocksdb/write_batch.h"
#include "storage/advice.h"
#include "storage/byte_order.h"
#include "storage/forget_filter.h"
#include "storage/rocksdb_status.h"

namespace tipgate {
namespace {

// From here on a file of their own is cheaper than a log record and a memtable entry for each.
constexpr size_t kFileRowsMin = 4096;
// A journal append waits behind one such batch at most.
constexpr size_t kBatchRows = 1024;

class IndexKey {
 public:
  explicit IndexKey(const Hash128& key) { PutBigEndian(key.low, PutBigEndian(key.high, bytes_)); }
  rocksdb::Slice slice() const { return {bytes_, sizeof(bytes_)}; }

 private:
  char bytes_[sizeof(Hash128)];
};

class IndexValue {
 public:
  explicit IndexValue(RecordId id) { PutBigEndian(static_cast<uint64_t>(id.value()), bytes_); }
  rocksdb::Slice slice() const { return {bytes_, sizeof(bytes_)}; }

 private:
  char bytes_[sizeof(int64_t)];
};

absl::Status Fault(const rocksdb::Status& status, absl::string_view doing) {
  return FromRocksDb(status, doing, kRebuildKeysAdvice);
}

}  // namespace

KeyIndex::KeyIndex(const Database* database)
    : database_(database), path_(database->db().GetName() + "/new_keys.tmp") {}

absl::Status KeyIndex::Write(const std::vector<std::shared_ptr<const KeyTable>>& tables) {
  Collect(tables);
  if (rows_.empty()) return absl::OkStatus();
  return rows_.size() < kFileRowsMin ? WriteBatches() : WriteFile();
}

absl::StatusOr<RecordId> KeyIndex::Find(const Hash128& key) const {
  rocksdb::PinnableSlice value;
  const rocksdb::Status status = database_->db().Get(
      rocksdb::ReadOptions(), database_->family(Family::kKeys), IndexKey(key).slice(), &value);
  if (status.IsNotFound()) return RecordId();
  if (!status.ok()) return Fault(status, "look up an idempotency key");
  if (value.size() != sizeof(int64_t)) {
    return WithAdvice(absl::StatusCode::kDataLoss, "a record in the key index is damaged",
                      kRebuildKeysAdvice);
  }
  const RecordId id(static_cast<int64_t>(GetBigEndian(value.data())));
  // Whether a compaction has come by must not show.
  return id.sequence() < database_->forget_filter().forget_before() ? RecordId() : id;
}

// Fills rows_: ascending, each key once.
void KeyIndex::Collect(const std::vector<std::shared_ptr<const KeyTable>>& tables) {
  rows_.clear();
  for (const auto& table : tables) {
    for (const auto& [key, record] : *table) rows_.push_back({key, record});
  }
  // A key that two tables know was forgotten in between, so its later record is the larger.
  std::sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) {
    return a.key != b.key ? a.key < b.key : a.record > b.record;
  });
  const auto same_key = [](const Row& a, const Row& b) { return a.key == b.key; };
  rows_.erase(std::unique(rows_.begin(), rows_.end(), same_key), rows_.end());
}

absl::Status KeyIndex::WriteBatches() {
  rocksdb::WriteBatch batch;
  has_unflushed_keys_ = true;
  for (size_t begin = 0; begin < rows_.size(); begin += kBatchRows) {
    const size_t end = std::min(begin + kBatchRows, rows_.size());
    batch.Clear();
    for (size_t i = begin; i < end; ++i) {
      batch
          .Put(database_->family(Family::kKeys), IndexKey(rows_[i].key).slice(),
               IndexValue(rows_[i].record).slice())
          .PermitUncheckedError();  // fails only for a batch with a size limit
    }
    const rocksdb::Status status = database_->db().Write(rocksdb::WriteOptions(), &batch);
    if (!status.ok()) return Fault(status, "write idempotency keys");
  }
  return absl::OkStatus();
}

absl::Status KeyIndex::WriteFile() {
  rocksdb::DB& db = database_->db();
  rocksdb::ColumnFamilyHandle* family = database_->family(Family::kKeys);
  // Taking in a file over unflushed keys would flush them while every write waits: do it before, on
  // the side.
  if (has_unflushed_keys_) {
    const rocksdb::Status flushed = db.Flush(rocksdb::FlushOptions(), family);
    if (!flushed.ok()) return Fault(flushed, "flush idempotency keys");
    has_unflushed_keys_ = false;
  }
  // A crash can leave a file that is also linked as one of the database's: unlink it, never write
  // into it.
  const rocksdb::Status deleted = db.GetEnv()->DeleteFile(path_);
  if (!deleted.ok() && !deleted.IsPathNotFound()) {
    return Fault(deleted, "delete " + path_);
  }
  rocksdb::SstFileWriter writer(rocksdb::EnvOptions(), db.GetOptions(family), family);
  rocksdb::Status status = writer.Open(path_);
  for (const Row& row : rows_) {
    if (!status.ok()) break;
    status = writer.Put(IndexKey(row.key).slice(), IndexValue(row.record).slice());
  }
  if (status.ok()) status = writer.Finish();
  if (!status.ok()) return Fault(status, "write " + path_);
  rocksdb::IngestExternalFileOptions options;
  options.move_files = true;
  options.write_global_seqno = false;
  return Fault(db.IngestExternalFile(family, {path_}, options), "take in " + path_);
}

}  // namespace tipgate
