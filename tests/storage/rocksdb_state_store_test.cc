#include "storage/rocksdb_state_store.h"

#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "rocksdb/db.h"
#include "rocksdb/iterator.h"
#include "rocksdb/options.h"
#include "storage/forget_filter.h"
#include "storage/rocksdb_status.h"
#include "storage/sealed_value.h"
#include "tests/storage/temporary_directory.h"

namespace tipgate {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

template <typename T>
std::string BytesOf(const T& entity) {
  ByteBuffer buffer;
  AppendSealed("key", entity, &buffer);
  return std::string(buffer.view());
}

Payer MakePayer(int64_t id, int64_t changed_sequence) {
  Payer payer;
  payer.id = PayerId(id);
  payer.is_verified = true;
  payer.age.band = AgeBand::kAdult;
  payer.tips.day_total = Money(id / 3);
  payer.recharges.month_total = Money(kMax);
  payer.day_permille_told = 1000;
  payer.changed = RecordId(changed_sequence, 1);
  return payer;
}

Tip MakeTip(int64_t id) {
  Tip tip;
  tip.id = RecordId(id, 1);
  tip.state = TipState::kFrozen;
  tip.amount = Money(79);
  tip.terms.agency = AgencyId(7);
  tip.freezes.PushBack(RecordId(8, 9));
  tip.changed = RecordId(8, 10);
  return tip;
}

// One or two entities of each kind.
StateImage MakeImage(int64_t sequence) {
  StateImage image;
  image.payers = {MakePayer(1, sequence), MakePayer(kMax, sequence)};
  Streamer streamer;
  streamer.id = StreamerId(2);
  streamer.tier = TierName("gold");
  streamer.tips.pending = Money(77);
  image.streamers = {streamer};
  StreamerSanctions sanctions;
  sanctions.id = StreamerId(2);
  sanctions.sanctions = {{.id = RecordId(8, 1), .kind = SanctionKind::kBan, .resume_time_ms = kMax},
                         {.id = RecordId(9, 1), .kind = SanctionKind::kWarn}};
  image.sanctions = {sanctions};
  Session session;
  session.id = SessionId(3);
  session.received = Money(88);
  image.sessions = {session};
  Recharge recharge;
  recharge.id = RecordId(4, 5);
  recharge.state = RechargeState::kCaptured;
  image.recharges = {recharge};
  image.tips = {MakeTip(6)};
  Agency agency;
  agency.id = AgencyId(7);
  agency.receivable = Money(78);
  image.agencies = {agency};
  IncomeJob job;
  job.id = RecordId(8, 9);
  job.action = IncomeAction::kFreeze;
  job.scope.kind = IncomeScopeKind::kAgency;
  job.note.reason = ReasonText("fraud");
  image.income_jobs = {job};
  image.totals.emplace();
  image.totals->accepted = Money(99);
  image.totals->cursors = {{.delay_ms = 1, .last_sequence = 2}, {.delay_ms = 3}};
  Stop stop;
  stop.scope = {.kind = StopKind::kApp, .id = 0, .app = ActorName("web")};
  stop.start_time_ms = 5;
  image.stops.emplace();
  image.stops->stops = {stop};
  image.policies.emplace();
  image.policies->Add(RecordId(5, 6)).state = ProposalState::kActive;
  image.policies->gifts_version = 4;
  image.decided_sequence = sequence;
  return image;
}

class RocksDbStateStoreTest : public testing::Test {
 protected:
  RocksDbStateStoreTest() { Reopen(); }

  void Reopen() {
    store_.reset();
    database_.reset();
    database_ = *Database::Open(temporary_.File("db"), {});
    store_ = *RocksDbStateStore::Open(database_.get());
  }
  // As the last of its checkpoint.
  absl::Status WriteLast(StateImage image) {
    image.complete_sequence = image.decided_sequence;
    return store_->Write(image);
  }
  StoredState Load() {
    absl::StatusOr<StoredState> state = store_->Load();
    EXPECT_TRUE(state.ok()) << state.status();
    return *std::move(state);
  }
  std::vector<Payer> LoadPayers() {
    std::vector<Payer> payers;
    const absl::Status status = store_->LoadPayers([&](absl::Span<const Payer> some) {
      payers.insert(payers.end(), some.begin(), some.end());
    });
    EXPECT_TRUE(status.ok()) << status;
    return payers;
  }
  // Everything.
  absl::Status TryToLoad() {
    absl::Status status = store_->Load().status();
    status.Update(store_->LoadPayers([](absl::Span<const Payer>) {}));
    return status;
  }

  const TemporaryDirectory temporary_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<RocksDbStateStore> store_;
};

TEST_F(RocksDbStateStoreTest, NothingWasStoredAtFirst) {
  const StoredState state = Load();
  EXPECT_EQ(state.complete_sequence, 0);
  EXPECT_TRUE(LoadPayers().empty());
  EXPECT_EQ(BytesOf(state.totals), BytesOf(Totals()));
}

TEST_F(RocksDbStateStoreTest, AnImageComesBack) {
  StateImage image = MakeImage(10);
  image.complete_sequence = 9;
  ASSERT_TRUE(store_->Write(image).ok());
  Reopen();
  const StoredState state = Load();
  EXPECT_EQ(state.complete_sequence, 9);
  const std::vector<Payer> payers = LoadPayers();
  ASSERT_EQ(payers.size(), 2u);
  EXPECT_EQ(BytesOf(payers[0]), BytesOf(image.payers[0]));
  EXPECT_EQ(BytesOf(payers[1]), BytesOf(image.payers[1]));
  ASSERT_EQ(state.streamers.size(), 1u);
  EXPECT_EQ(BytesOf(state.streamers[0]), BytesOf(image.streamers[0]));
  ASSERT_EQ(state.sanctions.size(), 1u);
  EXPECT_EQ(BytesOf(state.sanctions[0]), BytesOf(image.sanctions[0]));
  EXPECT_EQ(BytesOf(state.stops), BytesOf(*image.stops));
  ASSERT_EQ(state.tips.size(), 1u);
  EXPECT_EQ(BytesOf(state.tips[0]), BytesOf(image.tips[0]));
  ASSERT_EQ(state.agencies.size(), 1u);
  EXPECT_EQ(BytesOf(state.agencies[0]), BytesOf(image.agencies[0]));
  ASSERT_EQ(state.income_jobs.size(), 1u);
  EXPECT_EQ(BytesOf(state.income_jobs[0]), BytesOf(image.income_jobs[0]));
  ASSERT_EQ(state.sessions.size(), 1u);
  EXPECT_EQ(BytesOf(state.sessions[0]), BytesOf(image.sessions[0]));
  ASSERT_EQ(state.recharges.size(), 1u);
  EXPECT_EQ(BytesOf(state.recharges[0]), BytesOf(image.recharges[0]));
  EXPECT_EQ(BytesOf(state.totals), BytesOf(*image.totals));
  EXPECT_EQ(BytesOf(state.policies), BytesOf(*image.policies));
}

TEST_F(RocksDbStateStoreTest, EntitiesMayBeNewerThanWhatIsComplete) {
  StateImage image = MakeImage(10);
  image.complete_sequence = 9;
  ASSERT_TRUE(store_->Write(image).ok());
  StateImage newer;
  newer.payers = {MakePayer(1, 15)};
  newer.decided_sequence = 15;
  newer.complete_sequence = 12;
  ASSERT_TRUE(store_->Write(newer).ok());
  const StoredState state = Load();
  EXPECT_EQ(state.complete_sequence, 12);
  const std::vector<Payer> payers = LoadPayers();
  ASSERT_EQ(payers.size(), 2u);
  EXPECT_EQ(payers[0].changed, RecordId(15, 1));
  EXPECT_EQ(payers[1].changed, RecordId(10, 1));
}

// More rows than a batch takes: they become a file.
TEST_F(RocksDbStateStoreTest, ManyEntitiesOfSeveralImagesAreStoredByTheLast) {
  constexpr int64_t kPayers = 10'000;
  constexpr int64_t kImages = 4;
  for (int64_t image_number = 1; image_number <= 2 * kImages; ++image_number) {
    StateImage image;
    for (int64_t id = 1 + image_number; id <= kPayers; id += 3) {
      image.payers.push_back(MakePayer(id, image_number));
    }
    image.decided_sequence = image_number;
    image.complete_sequence = image_number % kImages == 0 ? image_number : 0;
    ASSERT_TRUE(store_->Write(image).ok());
  }
  for (int round = 0; round < 2; ++round) {
    const StoredState state = Load();
    EXPECT_EQ(state.complete_sequence, 2 * kImages);
    const std::vector<Payer> payers = LoadPayers();
    ASSERT_EQ(payers.size(), static_cast<size_t>(kPayers - 1));
    for (const Payer& payer : payers) {
      // The newest image that has this id.
      int64_t newest = 2 * kImages;
      while (1 + newest > payer.id.value() || (payer.id.value() - 1 - newest) % 3 != 0) --newest;
      ASSERT_EQ(payer.changed.sequence(), newest) << payer.id.value();
    }
    Reopen();
  }
}

TEST_F(RocksDbStateStoreTest, WhatIsDeletedAmongManyIsGone) {
  constexpr int64_t kTips = 6'000;
  StateImage image;
  for (int64_t id = 1; id <= kTips; ++id) image.tips.push_back(MakeTip(id));
  image.decided_sequence = 8;
  image.complete_sequence = 8;
  ASSERT_TRUE(store_->Write(image).ok());
  StateImage next;
  next.forgotten_tips = image.tips;
  next.decided_sequence = 9;
  next.complete_sequence = 9;
  ASSERT_TRUE(store_->Write(next).ok());
  EXPECT_TRUE(Load().tips.empty());
  const absl::StatusOr<std::optional<Tip>> found = store_->FindTip(RecordId(kTips, 1));
  ASSERT_TRUE(found.ok() && found->has_value());
  EXPECT_EQ((*found)->amount, Money(79));
}

TEST_F(RocksDbStateStoreTest, ForgottenRechargesAreGone) {
  ASSERT_TRUE(WriteLast(MakeImage(10)).ok());
  StateImage image;
  image.forgotten_recharges = MakeImage(10).recharges;
  const RecordId id = image.forgotten_recharges.front().id;
  image.decided_sequence = 11;
  ASSERT_TRUE(WriteLast(image).ok());
  EXPECT_TRUE(Load().recharges.empty());
  EXPECT_FALSE(store_->FindRecharge(id)->has_value());
}

TEST_F(RocksDbStateStoreTest, AForgottenRechargeOfTheWalletIsFoundButNotLoaded) {
  ASSERT_TRUE(WriteLast(MakeImage(10)).ok());
  StateImage image;
  image.forgotten_recharges = MakeImage(10).recharges;
  Recharge& recharge = image.forgotten_recharges.front();
  recharge.is_in_wallet = true;
  recharge.refunded = Money(7);
  image.decided_sequence = 11;
  ASSERT_TRUE(WriteLast(image).ok());
  Reopen();
  EXPECT_TRUE(Load().recharges.empty());
  EXPECT_EQ(LoadPayers().size(), 2u);
  const auto found = store_->FindRecharge(recharge.id);
  ASSERT_TRUE(found.ok() && found->has_value());
  EXPECT_EQ(BytesOf(**found), BytesOf(recharge));
  // One that is refunded again stands where it stood first.
  StateImage again;
  again.recharges = {recharge};
  again.recharges[0].refunded = Money(8);
  again.decided_sequence = 12;
  ASSERT_TRUE(WriteLast(again).ok());
  EXPECT_EQ((*store_->FindRecharge(recharge.id))->refunded, Money(8));
  EXPECT_EQ(Load().recharges.size(), 1u);
}

TEST_F(RocksDbStateStoreTest, AForgottenTipIsFoundButNotLoaded) {
  ASSERT_TRUE(WriteLast(MakeImage(10)).ok());
  EXPECT_EQ((*store_->FindTip(RecordId(6, 1)))->amount, Money(79));
  EXPECT_FALSE(store_->FindTip(RecordId(6, 2))->has_value());
  StateImage forgetting;
  forgetting.forgotten_tips = {MakeTip(6)};
  forgetting.forgotten_jobs = {RecordId(8, 9)};
  forgetting.decided_sequence = 11;
  ASSERT_TRUE(WriteLast(forgetting).ok());
  Reopen();
  const StoredState state = Load();
  EXPECT_TRUE(state.tips.empty());
  EXPECT_TRUE(state.income_jobs.empty());
  const auto found = store_->FindTip(RecordId(6, 1));
  ASSERT_TRUE(found.ok() && found->has_value());
  EXPECT_EQ(BytesOf(**found), BytesOf(MakeTip(6)));
  // One that changes again stands where it stood first.
  StateImage again;
  again.tips = {MakeTip(6)};
  again.tips[0].refunded = Money(1);
  again.decided_sequence = 12;
  ASSERT_TRUE(WriteLast(again).ok());
  EXPECT_EQ((*store_->FindTip(RecordId(6, 1)))->refunded, Money(1));
  EXPECT_EQ(Load().tips.size(), 1u);
}

TEST_F(RocksDbStateStoreTest, AForgottenSessionIsFoundButNotLoaded) {
  StateImage image = MakeImage(10);
  ASSERT_TRUE(WriteLast(image).ok());
  ASSERT_TRUE(store_->FindSession(SessionId(3))->has_value());
  StateImage forgetting;
  forgetting.forgotten_sessions = image.sessions;
  forgetting.decided_sequence = 11;
  ASSERT_TRUE(WriteLast(forgetting).ok());
  Reopen();
  EXPECT_TRUE(Load().sessions.empty());
  EXPECT_EQ(LoadPayers().size(), 2u);
  const absl::StatusOr<std::optional<Session>> found = store_->FindSession(SessionId(3));
  ASSERT_TRUE(found.ok() && found->has_value());
  EXPECT_EQ((*found)->received, Money(88));
  EXPECT_FALSE(store_->FindSession(SessionId(4))->has_value());
}

TEST_F(RocksDbStateStoreTest, KeysAreFoundAndForgottenForGood) {
  const Hash128 old_key{1, 2};
  const Hash128 new_key{3, 4};
  StateImage image = MakeImage(10);
  image.complete_sequence = 10;
  image.keys = {
      std::make_shared<KeyTable>(KeyTable{{old_key, RecordId(5, 1)}, {new_key, RecordId(6, 2)}})};
  ASSERT_TRUE(store_->Write(image).ok());
  Reopen();
  EXPECT_EQ(store_->FindKey(old_key), absl::StatusOr<RecordId>(RecordId(5, 1)));
  image.keys.clear();
  image.forget_keys_before = 6;
  ASSERT_TRUE(store_->Write(image).ok());
  image.forget_keys_before = 0;  // never goes back
  ASSERT_TRUE(store_->Write(image).ok());
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(store_->FindKey(old_key), absl::StatusOr<RecordId>(RecordId()));
    EXPECT_EQ(store_->FindKey(new_key), absl::StatusOr<RecordId>(RecordId(6, 2)));
    Reopen();
  }
}

TEST_F(RocksDbStateStoreTest, EveryDamagedValueIsFound) {
  StateImage image = MakeImage(10);
  ASSERT_TRUE(WriteLast(image).ok());
  rocksdb::ColumnFamilyHandle* family = database_->family(Family::kState);
  const std::unique_ptr<rocksdb::Iterator> iterator(
      database_->db().NewIterator(rocksdb::ReadOptions(), family));
  int values_count = 0;
  for (iterator->SeekToFirst(); iterator->Valid(); iterator->Next(), ++values_count) {
    const std::string value = iterator->value().ToString();
    std::string damaged = value;
    damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 8);
    const rocksdb::WriteOptions options;
    ASSERT_TRUE(database_->db().Put(options, family, iterator->key(), damaged).ok());
    const absl::Status status = TryToLoad();
    EXPECT_TRUE(absl::IsDataLoss(status)) << status;
    EXPECT_TRUE(absl::StrContains(status.message(), "restore")) << status;
    ASSERT_TRUE(database_->db().Put(options, family, iterator->key(), value).ok());
  }
  EXPECT_EQ(values_count, 12);
  EXPECT_TRUE(TryToLoad().ok());
}

TEST_F(RocksDbStateStoreTest, AValueUnderAnotherKeyIsFound) {
  ASSERT_TRUE(WriteLast(MakeImage(10)).ok());
  rocksdb::ColumnFamilyHandle* family = database_->family(Family::kState);
  const std::unique_ptr<rocksdb::Iterator> iterator(
      database_->db().NewIterator(rocksdb::ReadOptions(), family));
  iterator->SeekToFirst();
  const std::string value = iterator->value().ToString();
  iterator->Next();
  ASSERT_TRUE(database_->db().Put(rocksdb::WriteOptions(), family, iterator->key(), value).ok());
  EXPECT_TRUE(absl::IsDataLoss(TryToLoad()));
}

TEST_F(RocksDbStateStoreTest, AnUnknownKindIsRefused) {
  ASSERT_TRUE(database_->db()
                  .Put(rocksdb::WriteOptions(), database_->family(Family::kState),
                       "\x09"
                       "12345678",
                       "x")
                  .ok());
  EXPECT_TRUE(absl::IsDataLoss(TryToLoad()));
}

}  // namespace
}  // namespace tipgate
