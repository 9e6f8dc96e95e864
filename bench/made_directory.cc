#include "bench/made_directory.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "bench/load_interrupt.h"
#include "core/payer_look_ups.h"
#include "core/sequencer.h"
#include "storage/data_directory.h"
#include "storage/database.h"
#include "storage/rocksdb_journal.h"
#include "storage/rocksdb_state_store.h"

namespace tipgate {
namespace {

constexpr int64_t kSessions = 300;
constexpr int64_t kPayersPerBatch = 8'000;
constexpr int64_t kTipsPerBatch = 2'000;
constexpr int64_t kBatchesPerCheckpoint = 50;
constexpr size_t kCheckpointPart = 100'000;
constexpr int64_t kResidentMax = 2'000'000;
constexpr int64_t kDayMs = int64_t{24} * 3600 * 1000;
// Their keys are forgotten by now.
constexpr int64_t kRegisteredMsAgo = 30 * kDayMs;
constexpr int64_t kTipsMsAgo = 600'000;
constexpr Money kLimit{900'000'000'000'000};

Policy MakePolicy() {
  Policy policy;
  policy.currency = "CNY";
  policy.time_zone = "Asia/Shanghai";
  policy.gift_price_max = Money(300'000);
  policy.tip_max = Money(500'000);
  policy.day_limit = kLimit;
  policy.month_limit = kLimit;
  policy.tiers = {{.name = TierName("L3"),
                   .session_received_max = kLimit,
                   .session_duration_max_ms = 28'800'000,
                   .sessions_per_day_max = 6,
                   .session_interval_ms = 600'000,
                   .settle_delay_ms = kDayMs}};
  return policy;
}

// SplitMix64.
class Random {
 public:
  int64_t Below(int64_t bound) {
    state_ += 0x9e3779b97f4a7c15;
    uint64_t word = state_;
    word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9;
    word = (word ^ (word >> 27)) * 0x94d049bb133111eb;
    return static_cast<int64_t>((word ^ (word >> 31)) % static_cast<uint64_t>(bound));
  }

 private:
  uint64_t state_ = 1;
};

StateLimits Limits() {
  return {.payers_max = 1'000'000'000,
          .payers_resident_max = kResidentMax,
          .streamers_max = kSessions,
          .sessions_max = kSessions,
          .recharges_max = 1,
          .tips_max = 1,
          .income_jobs_max = 1,
          .idempotency_retention_ms = 7 * kDayMs};
}

class Maker {
 public:
  explicit Maker(const MadeDirectoryOptions& options)
      : options_(options), calendar_(*Calendar::Load("Asia/Shanghai")) {}

  absl::Status Run() {
    if (absl::Status status = Open(); !status.ok()) return status;
    const int64_t now_ms = absl::ToUnixMillis(absl::Now());
    now_ = calendar_.At(now_ms - kRegisteredMsAgo);
    sequencer_ = std::make_unique<Sequencer>(&state_, &keys_, Limits(), calendar_, 0);
    absl::Status status = PutPolicy();
    status.Update(PutPayers());
    now_ = calendar_.At(now_ms - kTipsMsAgo);
    status.Update(OpenSessions());
    // Twice: what a restart reads is to be one whole checkpoint and the tail.
    status.Update(Checkpoint());
    status.Update(Checkpoint());
    status.Update(PutTips());
    return status;
  }

 private:
  absl::Status Open() {
    auto directory = DataDirectory::Open(options_.path);
    if (!directory.ok()) return directory.status();
    directory_ = *std::move(directory);
    auto database = Database::Open(directory_->database_path(), {});
    if (!database.ok()) return database.status();
    database_ = *std::move(database);
    auto journal = RocksDbJournal::Open(database_.get());
    if (!journal.ok()) return journal.status();
    journal_ = *std::move(journal);
    auto store = RocksDbStateStore::Open(database_.get());
    if (!store.ok()) return store.status();
    store_ = *std::move(store);
    return journal_->Claim().status();
  }

  void Begin() { sequencer_->Begin(now_, &batch_); }

  // `look_ups`: what is known already.
  absl::Status Run(Command command, PayerLookUps look_ups = {}) {
    if (!look_ups.done.empty()) return Execute(&command, &look_ups);
    do {
      absl::Status status = LookUpPayers(command, sequencer_->residents(), *store_, &look_ups);
      if (!status.ok()) return status;
    } while (!sequencer_->Admit(command, &look_ups));
    sequencer_->Execute(command);
    return absl::OkStatus();
  }

  absl::Status Execute(Command* command, PayerLookUps* look_ups) {
    TIPGATE_CHECK(sequencer_->Admit(*command, look_ups));
    sequencer_->Execute(*command);
    return absl::OkStatus();
  }

  absl::Status End() {
    return sequencer_->End() ? journal_->Append(batch_.entry) : absl::OkStatus();
  }

  absl::Status PutPolicy() {
    Begin();
    const Gift gift{.id = GiftId(1), .name = "gift", .unit_price = Money(100), .is_enabled = true};
    absl::Status status =
        Run(PolicyCommand{.policy = std::make_shared<const Policy>(MakePolicy())});
    status.Update(
        Run(CatalogCommand{.catalog = std::make_shared<const GiftCatalog>(std::vector{gift})}));
    status.Update(End());
    return status;
  }

  absl::Status PutPayers() {
    int64_t batches = 0;
    for (int64_t id = 1; id <= options_.payers;) {
      if (IsInterrupted()) return absl::CancelledError("interrupted");
      Begin();
      const int64_t end = std::min(id + kPayersPerBatch, options_.payers + 1);
      for (; id < end; ++id) {
        if (absl::Status status = PutPayer(id); !status.ok()) return status;
      }
      if (absl::Status status = End(); !status.ok()) return status;
      if (++batches % kBatchesPerCheckpoint != 0) continue;
      if (absl::Status status = Checkpoint(); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status PutPayer(int64_t id) {
    PayerRecord record;
    record.intent = NewIntent();
    record.payer = PayerId(id);
    record.is_verified = true;
    record.age.birth_date = {.year = static_cast<int16_t>(1960 + random_.Below(40)),
                             .month = static_cast<int8_t>(1 + random_.Below(12)),
                             .day = static_cast<int8_t>(1 + random_.Below(28))};
    record.requested_observe_time_ms = now_.time_ms - random_.Below(kRegisteredMsAgo);
    return Run(PayerCommand{.request = record, .key = KeyOf(record.intent), .answer = {}},
               {.done = {{.id = record.payer, .found = {}}}, .missing = {}});  // nobody is stored
  }

  absl::Status OpenSessions() {
    Begin();
    absl::Status status;
    for (int64_t id = 1; id <= kSessions; ++id) {
      StreamerRecord record;
      record.intent = NewIntent();
      record.streamer = StreamerId(id);
      record.is_verified = true;
      record.age.band = AgeBand::kAdult;
      record.tier = TierName("L3");
      status.Update(
          Run(StreamerCommand{.request = record, .key = KeyOf(record.intent), .answer = {}}));
      const SessionRequest session{
          .intent = NewIntent(), .session = SessionId(id), .streamer = StreamerId(id)};
      status.Update(
          Run(OpenSessionCommand{.request = session, .key = KeyOf(session.intent), .answer = {}}));
    }
    status.Update(End());
    return status;
  }

  absl::Status PutTips() {
    const int64_t active = options_.active_payers == 0 ? options_.payers : options_.active_payers;
    for (int64_t done = 0; done < options_.tail_tips;) {
      if (IsInterrupted()) return absl::CancelledError("interrupted");
      const int64_t count = std::min(kTipsPerBatch, options_.tail_tips - done);
      done += count;
      TipsCommand tips;
      for (int64_t i = 0; i < count; ++i) {
        const int64_t session = 1 + random_.Below(1 + random_.Below(kSessions));
        tips.requests.push_back({.intent = NewIntent(),
                                 .payer = PayerId(1 + random_.Below(active)),
                                 .streamer = StreamerId(session),
                                 .session = SessionId(session),
                                 .gift = GiftId(1),
                                 .unit_price = Money(100),
                                 .count = 10});
        tips.keys.push_back(KeyOf(tips.requests.back().intent));
      }
      Begin();
      absl::Status status = Run(std::move(tips));
      status.Update(End());
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  // Keys of payers are forgotten by the time that a gate starts here.
  absl::Status Checkpoint() {
    const int64_t sequence = sequencer_->last_sequence();
    state_.BeginCheckpoint(sequence);
    keys_.Freeze(sequence);
    for (bool has_more = true; has_more;) {
      StateImage image;
      has_more = state_.CopyCheckpoint(kCheckpointPart, &image);
      image.decided_sequence = sequence;
      image.forget_keys_before = sequence + 1;
      if (absl::Status status = store_->Write(image); !status.ok()) return status;
    }
    keys_.NoteStored(sequence);
    return absl::OkStatus();
  }

  Intent NewIntent() {
    return {.caller = CallerId{}, .key = IdempotencyKey(absl::StrCat("made-", ++intents_count_))};
  }
  static KeyLookup KeyOf(const Intent& intent) {
    return {.hash = HashKey(intent.caller, intent.key.view()), .stored = RecordId()};
  }

  const MadeDirectoryOptions& options_;
  Calendar calendar_;
  std::unique_ptr<DataDirectory> directory_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<RocksDbJournal> journal_;
  std::unique_ptr<RocksDbStateStore> store_;
  State state_;
  KeyMemory keys_;
  std::unique_ptr<Sequencer> sequencer_;
  Batch batch_;
  Moment now_;
  Random random_;
  int64_t intents_count_ = 0;
};

}  // namespace

absl::Status CopyDirectory(const std::string& from, const std::string& to) {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::create_directory(to, error);
  std::vector<fs::path> paths;
  for (fs::recursive_directory_iterator entry(from, error), end; !error && entry != end;
       entry.increment(error)) {
    paths.push_back(entry->path());
  }
  for (size_t i = 0; i < paths.size() && !error; ++i) {
    const fs::path target = fs::path(to) / fs::relative(paths[i], from, error);
    if (error) break;
    if (fs::is_directory(paths[i])) {
      fs::create_directory(target, error);
    } else if (paths[i].extension() == ".sst") {
      fs::create_hard_link(paths[i], target, error);
    } else {
      fs::copy_file(paths[i], target, error);
    }
  }
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat("cannot copy ", from, " to ", to, ": ", error.message()));
}

absl::Status MakeDirectory(const MadeDirectoryOptions& options) { return Maker(options).Run(); }

}  // namespace tipgate
