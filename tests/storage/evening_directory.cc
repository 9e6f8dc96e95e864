#include "tests/storage/evening_directory.h"

#include <memory>

#include "core/fold.h"
#include "core/key_memory.h"
#include "rocksdb/db.h"
#include "storage/data_directory.h"
#include "storage/database.h"
#include "storage/head_mark.h"
#include "storage/rocksdb_journal.h"
#include "storage/rocksdb_state_store.h"
#include "tests/support/core_gate.h"
#include "tests/support/random_evening.h"

namespace tipgate {
namespace {

constexpr int64_t kDayMs = int64_t{24} * 3600 * 1000;

// What the random evening leaves out, of people of its own.
void RunEveryKind(CoreGate& gate) {
  gate.Activate(SamplePolicy());
  for (const Stop& stop : std::vector<Stop>(gate.state.stops.stops)) {
    for (const char* actor : {"ann", "bob"}) gate.LiftStop(stop.scope, actor);
  }
  const PayerId payer(101);
  gate.PutAdult(payer);
  StreamerRecord streamer;
  streamer.streamer = StreamerId(101);
  streamer.is_verified = true;
  streamer.age.band = AgeBand::kAdult;
  streamer.tier = TierName("L3");
  streamer.agency = AgencyId(7);
  gate.PutStreamer(streamer);
  gate.OpenSession(SessionId(1'000'001), streamer.streamer);
  const auto tip = [&](bool is_held) {
    TipRequest request = gate.MakeTip(payer, GiftId(1), 10);
    request.streamer = streamer.streamer;
    request.session = SessionId(1'000'001);
    request.is_hold = is_held;
    return gate.Tip(request).id;
  };
  gate.CaptureTip(tip(true), Money(7));
  gate.VoidTip(tip(true));
  tip(true);  // expires
  const RecordId refunded = tip(false);
  gate.RefundTip(refunded, Money(3));
  gate.DelayIncome(streamer.streamer, 2 * kDayMs);
  tip(false);
  gate.FreezeIncome(IncomeScopeKind::kStreamer, streamer.streamer.value());
  gate.ReleaseIncome(IncomeScopeKind::kStreamer, streamer.streamer.value());
  const RecordId proposal = gate.Propose(SamplePolicy(), "ann").id;
  gate.Approve(proposal, "bob");
  gate.PutGifts(SampleCatalog());
  PreferencesRecord preferences;
  preferences.payer = payer;
  preferences.public_display_change = SwitchChange::kOn;
  gate.SetPreferences(preferences);
  const PayerId other(102);
  gate.PutAdult(other);
  SelfLimitsRecord limits;
  limits.payer = other;
  limits.day_limit_change = {.kind = LimitChangeKind::kSet, .amount = Money(1'000)};
  gate.SetSelfLimits(limits);
  gate.CoolOff(other, absl::Minutes(5));
  gate.Pause(other, absl::Hours(24));
  gate.Freeze(other);
  gate.Advance(absl::Hours(24 * 8));
  gate.Tick();
  gate.SettleAll();
}

class Maker {
 public:
  explicit Maker(const std::string& path)
      : directory_(*DataDirectory::Open(path)),
        database_(*Database::Open(directory_->database_path(), {})),
        journal_(*RocksDbJournal::Open(database_.get())) {
    TIPGATE_CHECK(journal_->Claim().ok());
  }

  void Append(const Entry& entry) {
    TIPGATE_CHECK(journal_->Append(entry).ok());
    FoldEntry(entry, &state_);
    for (size_t position = 0; position < entry.records.size(); ++position) {
      const Intent* const intent = IntentOf(entry.records[position]);
      if (intent == nullptr) continue;
      keys_[HashKey(intent->caller, intent->key.view())] = entry.IdAt(position);
    }
  }

  void Store(const EveningDirectoryOptions& options) {
    options.forge_state(state_);
    const auto store = *RocksDbStateStore::Open(database_.get());
    const int64_t sequence = journal_->Head().sequence;
    state_.BeginCheckpoint(sequence);
    StateImage image;
    TIPGATE_CHECK(!state_.CopyCheckpoint(SIZE_MAX, &image));
    image.decided_sequence = sequence;
    image.complete_sequence = sequence;
    options.forge_keys(keys_);
    image.keys = {std::make_shared<const KeyTable>(keys_)};
    TIPGATE_CHECK(store->Write(image).ok());
    for (const Family family : {Family::kJournal, Family::kState, Family::kKeys, Family::kMeta}) {
      TIPGATE_CHECK(database_->db().Flush(rocksdb::FlushOptions(), database_->family(family)).ok());
    }
  }

  void MarkHead() { TIPGATE_CHECK(WriteHeadMark(directory_->path(), journal_->Head()).ok()); }

 private:
  const std::unique_ptr<DataDirectory> directory_;
  const std::unique_ptr<Database> database_;
  const std::unique_ptr<RocksDbJournal> journal_;
  State state_;
  KeyTable keys_;
};

}  // namespace

std::vector<Entry> EveningEntries(uint64_t seed, int operations) {
  CoreGate gate;
  RunRandomEvening(seed, operations, &gate);
  RunEveryKind(gate);
  return gate.journal->entries();
}

std::vector<Entry> MakeEveningDirectory(const std::string& path,
                                        const EveningDirectoryOptions& options) {
  std::vector<Entry> entries = EveningEntries(options.seed, options.operations);
  options.forge_entries(entries);
  Maker maker(path);
  const size_t stored_count = entries.size() * 2 / 3;
  for (size_t i = 0; i < entries.size(); ++i) {
    maker.Append(entries[i]);
    if (i + 1 == stored_count) maker.Store(options);
  }
  maker.MarkHead();
  return entries;
}

}  // namespace tipgate
