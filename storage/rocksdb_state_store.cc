#include "storage/rocksdb_state_store.h"

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "rocksdb/db.h"
#include "rocksdb/iterator.h"
#include "rocksdb/metadata.h"
#include "rocksdb/options.h"
#include "rocksdb/write_batch.h"
#include "storage/advice.h"
#include "storage/byte_order.h"
#include "storage/forget_filter.h"
#include "storage/meta.h"
#include "storage/rocksdb_status.h"
#include "storage/sealed_value.h"

namespace tipgate {
namespace {

// Load walks everything once: large reads.
constexpr size_t kReadaheadBytes = size_t{4} << 20;
// Rows that wait, before they become a file.
constexpr size_t kRowsBytesMax = size_t{32} << 20;

bool IsOfKind(absl::string_view key, StateKind kind) {
  return !key.empty() && key[0] == static_cast<char>(kind);
}

template <typename T>
absl::Status LoadEntity(absl::string_view key, absl::string_view bytes, std::vector<T>* entities) {
  T& entity = entities->emplace_back();
  const absl::Status status = Unseal(key, bytes, &entity);
  if (!status.ok()) return status;
  if (static_cast<uint64_t>(entity.id.value()) != GetBigEndian(key.data() + 1)) {
    return absl::DataLossError("it stands under another id");
  }
  return absl::OkStatus();
}

absl::Status LoadValue(absl::string_view key, absl::string_view bytes, StoredState* state) {
  if (key.size() != StateKey::kBytes) return absl::DataLossError("a malformed key");
  switch (static_cast<StateKind>(key[0])) {
    case StateKind::kStreamer:
      return LoadEntity(key, bytes, &state->streamers);
    case StateKind::kSession:
      return LoadEntity(key, bytes, &state->sessions);
    case StateKind::kRecharge:
      return LoadEntity(key, bytes, &state->recharges);
    case StateKind::kControls:
      return LoadEntity(key, bytes, &state->controls);
    case StateKind::kRecentTips:
      return LoadEntity(key, bytes, &state->recent_tips);
    case StateKind::kSanctions:
      return LoadEntity(key, bytes, &state->sanctions);
    case StateKind::kStops:
      return Unseal(key, bytes, &state->stops);
    case StateKind::kTotals:
      return Unseal(key, bytes, &state->totals);
    case StateKind::kPolicies:
      return Unseal(key, bytes, &state->policies);
    case StateKind::kTip:
      return LoadEntity(key, bytes, &state->tips);
    case StateKind::kAgency:
      return LoadEntity(key, bytes, &state->agencies);
    case StateKind::kIncomeJob:
      return LoadEntity(key, bytes, &state->income_jobs);
    case StateKind::kPayer:
    case StateKind::kOldSession:
    case StateKind::kOldTip:
    case StateKind::kOldRecharge:
      break;  // not asked for
  }
  return absl::DataLossError("an unknown kind");
}

std::string Describe(absl::string_view key) {
  if (key.size() != StateKey::kBytes) return "stored state";
  return absl::StrCat("stored state of kind ", static_cast<int>(key[0]), ", id ",
                      GetBigEndian(key.data() + 1));
}

absl::Status DamagedValueError(absl::string_view key, const absl::Status& damage) {
  return DamageError(absl::StrCat(Describe(key), " is damaged: ", damage.message()));
}

// Payers go to the one who takes them in parts of this size.
constexpr size_t kPayersPart = 1024;
// Threads that read payers; one more than that gains little, since who takes them is one.
constexpr int kPayerThreads = 2;

// Where to cut the payers, so that threads share the work: at the ends of their files.
std::vector<std::string> PayerCuts(const Database& database) {
  rocksdb::ColumnFamilyMetaData family;
  database.db().GetColumnFamilyMetaData(database.family(Family::kState), &family);
  std::vector<std::string> cuts = {std::string(1, static_cast<char>(StateKind::kPayer))};
  for (const rocksdb::LevelMetaData& level : family.levels) {
    for (const rocksdb::SstFileMetaData& file : level.files) {
      if (IsOfKind(file.smallestkey, StateKind::kPayer)) cuts.push_back(file.smallestkey);
    }
  }
  cuts.emplace_back(1, static_cast<char>(StateKind::kPayer) + 1);
  std::sort(cuts.begin(), cuts.end());
  return cuts;
}

// Reads all payers on a few threads.
class PayerLoader {
 public:
  PayerLoader(const Database& database, StateStore::PayersTaker take)
      : database_(database), take_(take), cuts_(PayerCuts(database)) {}

  absl::Status Run() {
    std::vector<std::thread> threads;
    for (int i = 1; i < kPayerThreads; ++i) threads.emplace_back([this] { ReadStretches(); });
    ReadStretches();
    for (std::thread& thread : threads) thread.join();
    const absl::MutexLock lock(&mutex_);
    return failure_;
  }

 private:
  void ReadStretches() {
    for (size_t i = next_++; i + 1 < cuts_.size(); i = next_++) {
      const absl::Status status = ReadStretch(cuts_[i], cuts_[i + 1]);
      if (status.ok()) continue;
      const absl::MutexLock lock(&mutex_);
      failure_.Update(status);
      return;
    }
  }

  absl::Status ReadStretch(const std::string& begin, const std::string& end) {
    rocksdb::ReadOptions options;
    options.readahead_size = kReadaheadBytes;
    options.fill_cache = false;
    const rocksdb::Slice end_slice(end);
    options.iterate_upper_bound = &end_slice;
    const std::unique_ptr<rocksdb::Iterator> iterator(
        database_.db().NewIterator(options, database_.family(Family::kState)));
    std::vector<Payer> part;
    part.reserve(kPayersPart);
    for (iterator->Seek(begin); iterator->Valid(); iterator->Next()) {
      const absl::string_view key = ToView(iterator->key());
      const absl::Status status = LoadPayer(key, ToView(iterator->value()), &part);
      if (!status.ok()) return DamagedValueError(key, status);
      if (part.size() == kPayersPart) Give(&part);
    }
    Give(&part);
    return FromRocksDb(iterator->status(), "load the payers");
  }

  static absl::Status LoadPayer(absl::string_view key, absl::string_view bytes,
                                std::vector<Payer>* part) {
    if (key.size() != StateKey::kBytes) return absl::DataLossError("a malformed key");
    return LoadEntity(key, bytes, part);
  }

  void Give(std::vector<Payer>* part) {
    const absl::MutexLock lock(&mutex_);
    take_(*part);
    part->clear();
  }

  const Database& database_;
  const StateStore::PayersTaker take_;
  const std::vector<std::string> cuts_;
  std::atomic<size_t> next_{0};
  absl::Mutex mutex_;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
};

template <typename T>
absl::StatusOr<std::optional<T>> FindOne(const Database& database, const StateKey& key) {
  rocksdb::PinnableSlice bytes;
  const rocksdb::Status status = database.db().Get(
      rocksdb::ReadOptions(), database.family(Family::kState), ToSlice(key.view()), &bytes);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return FromRocksDb(status, "look up what is stored");
  std::vector<T> found;
  if (absl::Status damage = LoadEntity(key.view(), ToView(bytes), &found); !damage.ok()) {
    return DamagedValueError(key.view(), damage);
  }
  return found.front();
}

// Where it stands first, first: so one that becomes old meanwhile is not missed.
template <typename T>
absl::StatusOr<std::optional<T>> FindEither(const Database& database, StateKind kind,
                                            StateKind old_kind, int64_t id) {
  absl::StatusOr<std::optional<T>> found = FindOne<T>(database, StateKey(kind, id));
  if (!found.ok() || found->has_value()) return found;
  return FindOne<T>(database, StateKey(old_kind, id));
}

}  // namespace

absl::StatusOr<std::unique_ptr<RocksDbStateStore>> RocksDbStateStore::Open(
    const Database* database, int64_t key_filter_bytes) {
  absl::StatusOr<std::unique_ptr<RocksDbStateStore>> store = Make(database, key_filter_bytes);
  if (store.ok()) (*store)->keys_.StartLoading();
  return store;
}

absl::StatusOr<std::unique_ptr<RocksDbStateStore>> RocksDbStateStore::OpenWithoutFilter(
    const Database* database) {
  constexpr int64_t kFilterBytesMin = int64_t{64} << 10;
  return Make(database, kFilterBytesMin);
}

absl::StatusOr<std::unique_ptr<RocksDbStateStore>> RocksDbStateStore::Make(
    const Database* database, int64_t key_filter_bytes) {
  const absl::StatusOr<int64_t> forget_before = GetMeta(*database, kMetaForgetKeysBefore);
  if (!forget_before.ok()) return forget_before.status();
  database->forget_filter().SetForgetBefore(*forget_before);
  return std::unique_ptr<RocksDbStateStore>(new RocksDbStateStore(database, key_filter_bytes));
}

RocksDbStateStore::RocksDbStateStore(const Database* database, int64_t key_filter_bytes)
    : database_(database), keys_(database, key_filter_bytes), file_(database, Family::kState) {}

absl::StatusOr<StoredState> RocksDbStateStore::Load() {
  StoredState state;
  const absl::StatusOr<int64_t> complete = GetMeta(*database_, kMetaCompleteSequence);
  if (!complete.ok()) return complete.status();
  state.complete_sequence = *complete;
  state.forget_keys_before = database_->forget_filter().forget_before();
  rocksdb::ReadOptions options;
  options.readahead_size = kReadaheadBytes;
  options.fill_cache = false;
  const std::string after_payers(1, static_cast<char>(StateKind::kPayer) + 1);
  const std::string after_old(1, static_cast<char>(StateKind::kOldRecharge) + 1);
  const std::unique_ptr<rocksdb::Iterator> iterator(
      database_->db().NewIterator(options, database_->family(Family::kState)));
  iterator->SeekToFirst();
  while (iterator->Valid()) {
    const absl::string_view key = ToView(iterator->key());
    if (IsOfKind(key, StateKind::kPayer)) {
      iterator->Seek(after_payers);
      continue;
    }
    if (IsOfKind(key, StateKind::kOldSession) || IsOfKind(key, StateKind::kOldTip) ||
        IsOfKind(key, StateKind::kOldRecharge)) {
      iterator->Seek(after_old);
      continue;
    }
    const absl::Status status = LoadValue(key, ToView(iterator->value()), &state);
    if (!status.ok()) {
      return DamagedValueError(key, status);
    }
    iterator->Next();
  }
  const absl::Status status = FromRocksDb(iterator->status(), "load the state");
  if (!status.ok()) return status;
  return state;
}

absl::Status RocksDbStateStore::LoadPayers(PayersTaker take) {
  return PayerLoader(*database_, take).Run();
}

// An image's rows wait for those of the next ones, for together they cost less; what the last one
// of a checkpoint promises is written by then.
absl::Status RocksDbStateStore::Write(const StateImage& image) {
  if (!failure_.ok()) return failure_;
  TIPGATE_CHECK(image.complete_sequence <= image.decided_sequence);
  failure_ = keys_.Write(image.keys);
  Collect(image);
  const bool is_last = image.complete_sequence > 0;
  if (failure_.ok() && (is_last || rows_.bytes() >= kRowsBytesMax)) failure_ = WriteRows(image);
  if (failure_.ok() && is_last) failure_ = WriteComplete(image);
  return failure_;
}

absl::StatusOr<std::optional<Payer>> RocksDbStateStore::FindPayer(PayerId id) const {
  return FindOne<Payer>(*database_, StateKey(StateKind::kPayer, id.value()));
}

absl::StatusOr<std::optional<Session>> RocksDbStateStore::FindSession(SessionId id) const {
  return FindEither<Session>(*database_, StateKind::kSession, StateKind::kOldSession, id.value());
}

absl::StatusOr<std::optional<Tip>> RocksDbStateStore::FindTip(RecordId id) const {
  return FindEither<Tip>(*database_, StateKind::kTip, StateKind::kOldTip, id.value());
}

absl::StatusOr<std::optional<Recharge>> RocksDbStateStore::FindRecharge(RecordId id) const {
  return FindEither<Recharge>(*database_, StateKind::kRecharge, StateKind::kOldRecharge,
                              id.value());
}

absl::Status RocksDbStateStore::FindKeys(absl::Span<KeyLookup> keys) const {
  return keys_.Find(keys);
}

void RocksDbStateStore::Collect(const StateImage& image) {
  rows_.Put(StateKind::kPayer, image.payers);
  rows_.Put(StateKind::kControls, image.controls);
  rows_.Put(StateKind::kRecentTips, image.recent_tips);
  rows_.Put(StateKind::kStreamer, image.streamers);
  rows_.Put(StateKind::kSanctions, image.sanctions);
  rows_.Put(StateKind::kSession, image.sessions);
  rows_.Put(StateKind::kRecharge, image.recharges);
  for (const PayerId id : image.forgotten_recent_tips) {
    rows_.Delete(StateKind::kRecentTips, id.value());
  }
  for (const Recharge& recharge : image.forgotten_recharges) {
    const int64_t id = recharge.id.value();
    rows_.Delete(StateKind::kRecharge, id);
    if (recharge.is_in_wallet) rows_.Put(StateKind::kOldRecharge, id, recharge);
  }
  for (const Session& session : image.forgotten_sessions) {
    rows_.Delete(StateKind::kSession, session.id.value());
  }
  rows_.Put(StateKind::kOldSession, image.forgotten_sessions);
  rows_.Put(StateKind::kTip, image.tips);
  rows_.Put(StateKind::kAgency, image.agencies);
  rows_.Put(StateKind::kIncomeJob, image.income_jobs);
  for (const Tip& tip : image.forgotten_tips) rows_.Delete(StateKind::kTip, tip.id.value());
  rows_.Put(StateKind::kOldTip, image.forgotten_tips);
  for (const RecordId id : image.forgotten_jobs) {
    rows_.Delete(StateKind::kIncomeJob, id.value());
  }
  if (image.totals.has_value()) rows_.Put(StateKind::kTotals, 0, *image.totals);
  if (image.stops.has_value()) rows_.Put(StateKind::kStops, 0, *image.stops);
  if (image.policies.has_value()) rows_.Put(StateKind::kPolicies, 0, *image.policies);
}

// All rows that wait, or none if there is a crash. After the last image everything that was written
// to the log before is synced.
absl::Status RocksDbStateStore::WriteRows(const StateImage& image) {
  const bool is_last = image.complete_sequence > 0;
  const bool is_file = rows_.count() >= BulkFile::kRowsMin;
  rocksdb::WriteBatch batch;
  PutMeta(*database_, kMetaDecidedSequence, image.decided_sequence, &batch);
  const int64_t forget_before =
      std::max(image.forget_keys_before, database_->forget_filter().forget_before());
  if (is_last) PutMeta(*database_, kMetaForgetKeysBefore, forget_before, &batch);
  if (!is_file) {
    rows_.AddTo(*database_, &batch);
    file_.NoteUnflushed();
  }
  rocksdb::WriteOptions options;
  options.sync = is_last || is_file;  // a file is there at once: not before what is said of it
  absl::Status status = FromRocksDb(database_->db().Write(options, &batch), "write state");
  if (status.ok() && is_file) status = rows_.WriteTo(&file_);
  rows_.Clear();
  // Only now: a key that a compaction has dropped must not come back to life after a crash.
  if (status.ok() && is_last) database_->forget_filter().SetForgetBefore(forget_before);
  return status;
}

// A log that is not the newest can lose its unsynced tail in a crash while the next one keeps its
// head. So the number goes into a write of its own, after the sync of all that it speaks for. It
// need not be synced itself.
absl::Status RocksDbStateStore::WriteComplete(const StateImage& image) {
  rocksdb::WriteBatch batch;
  PutMeta(*database_, kMetaCompleteSequence, image.complete_sequence, &batch);
  return FromRocksDb(database_->db().Write(rocksdb::WriteOptions(), &batch),
                     "write the end of a checkpoint");
}

}  // namespace tipgate
