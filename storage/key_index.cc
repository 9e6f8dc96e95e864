#include "storage/key_index.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "rocksdb/db.h"
#include "rocksdb/iterator.h"
#include "rocksdb/options.h"
#include "rocksdb/write_batch.h"
#include "storage/advice.h"
#include "storage/byte_order.h"
#include "storage/forget_filter.h"
#include "storage/rocksdb_status.h"

namespace tipgate {
namespace {

// Rows that go into the filter at a time, while others who add wait.
constexpr size_t kLoadRows = 4096;
constexpr size_t kReadaheadBytes = size_t{2} << 20;
// As many keys as are looked for while a line of memory comes.
constexpr size_t kPrefetchDistance = 16;
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

// Nothing if it is damaged.
std::optional<KeyRow> ParseRow(const rocksdb::Slice& key, const rocksdb::Slice& value) {
  if (key.size() != sizeof(Hash128) || value.size() != sizeof(int64_t)) return std::nullopt;
  return KeyRow{
      .key = {.high = GetBigEndian(key.data()), .low = GetBigEndian(key.data() + sizeof(uint64_t))},
      .record = RecordId(static_cast<int64_t>(GetBigEndian(value.data())))};
}

absl::Status Fault(const rocksdb::Status& status, absl::string_view doing) {
  return FromRocksDb(status, doing, kRebuildKeysAdvice);
}

absl::Status DamagedRowError() {
  return WithAdvice(absl::StatusCode::kDataLoss, "a record in the key index is damaged",
                    kRebuildKeysAdvice);
}

}  // namespace

absl::Status ForEachKey(const Database& database, absl::FunctionRef<bool(const KeyRow&)> visit) {
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  options.readahead_size = kReadaheadBytes;
  const std::unique_ptr<rocksdb::Iterator> iterator(
      database.db().NewIterator(options, database.family(Family::kKeys)));
  for (iterator->SeekToFirst(); iterator->Valid(); iterator->Next()) {
    const std::optional<KeyRow> row = ParseRow(iterator->key(), iterator->value());
    if (!row.has_value()) return DamagedRowError();
    if (!visit(*row)) return absl::OkStatus();
  }
  return Fault(iterator->status(), "walk the idempotency keys");
}

KeyIndex::KeyIndex(const Database* database, int64_t filter_bytes)
    : database_(database),
      file_(database, Family::kKeys, kRebuildKeysAdvice),
      filter_(filter_bytes) {}

KeyIndex::~KeyIndex() {
  is_stopping_.store(true);
  if (loader_.joinable()) loader_.join();
}

void KeyIndex::StartLoading() {
  loader_ = std::thread([this] { Load(); });
}

// What is written meanwhile is added by Write.
void KeyIndex::Load() {
  std::vector<KeyRow> rows;
  const auto add = [&] {
    filter_.Add(rows, database_->forget_filter().forget_before());
    rows.clear();
  };
  const absl::Status status = ForEachKey(*database_, [&](const KeyRow& row) {
    rows.push_back(row);
    if (rows.size() == kLoadRows) add();
    return !is_stopping_.load();
  });
  add();
  // If it is damaged, who looks a key up is told.
  if (status.ok() && !is_stopping_.load()) is_loaded_.store(true, std::memory_order_release);
}

absl::Status KeyIndex::Write(const KeyTables& tables) {
  Collect(tables);
  if (rows_.empty()) return absl::OkStatus();
  filter_.Add(rows_, database_->forget_filter().forget_before());
  return rows_.size() < BulkFile::kRowsMin ? WriteBatches() : WriteFile();
}

absl::Status KeyIndex::Find(absl::Span<KeyLookup> keys) const {
  const bool is_loaded = this->is_loaded();
  const size_t ahead = std::min(keys.size(), kPrefetchDistance);
  for (size_t i = 0; i < ahead; ++i) filter_.Prefetch(keys[i].hash);
  for (size_t i = 0; i < keys.size(); ++i) {
    if (i + ahead < keys.size()) filter_.Prefetch(keys[i + ahead].hash);
    keys[i].stored = RecordId();
    if (is_loaded && !filter_.MayContain(keys[i].hash)) continue;
    const absl::StatusOr<RecordId> stored = FindStored(keys[i].hash);
    if (!stored.ok()) return stored.status();
    keys[i].stored = *stored;
  }
  return absl::OkStatus();
}

absl::StatusOr<RecordId> KeyIndex::FindStored(const Hash128& key) const {
  rocksdb::PinnableSlice value;
  const rocksdb::Status status = database_->db().Get(
      rocksdb::ReadOptions(), database_->family(Family::kKeys), IndexKey(key).slice(), &value);
  if (status.IsNotFound()) return RecordId();
  if (!status.ok()) return Fault(status, "look up an idempotency key");
  const std::optional<KeyRow> row = ParseRow(IndexKey(key).slice(), value);
  if (!row.has_value()) return DamagedRowError();
  const RecordId id = row->record;
  // Whether a compaction has come by must not show.
  return id.sequence() < database_->forget_filter().forget_before() ? RecordId() : id;
}

// Fills rows_: ascending, each key once.
void KeyIndex::Collect(const KeyTables& tables) {
  rows_.clear();
  for (const auto& table : tables) {
    for (const auto& [key, record] : *table) rows_.push_back({key, record});
  }
  // A key that two tables know was forgotten in between, so its later record is the larger.
  std::sort(rows_.begin(), rows_.end(), [](const KeyRow& a, const KeyRow& b) {
    return a.key != b.key ? a.key < b.key : a.record > b.record;
  });
  const auto same_key = [](const KeyRow& a, const KeyRow& b) { return a.key == b.key; };
  rows_.erase(std::unique(rows_.begin(), rows_.end(), same_key), rows_.end());
}

absl::Status KeyIndex::WriteBatches() {
  rocksdb::WriteBatch batch;
  file_.NoteUnflushed();
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
  absl::Status status = file_.Begin();
  for (const KeyRow& row : rows_) {
    if (!status.ok()) return status;
    status = file_.Put(IndexKey(row.key).slice(), IndexValue(row.record).slice());
  }
  return status.ok() ? file_.Finish() : status;
}

}  // namespace tipgate
