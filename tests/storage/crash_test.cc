// Power cuts at random moments, in recovery too, journal and state together, with write buffers so
// small that logs rotate and files are flushed and compacted all the time. What was not synced is
// gone, or there in part: bytes, and names of files that were made, renamed or deleted. A plain
// model says what must be there afterwards.
//
// TIPGATE_POWER_LOSSES: as many lives as that, instead of a few.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "rocksdb/env.h"
#include "storage/rocksdb_state_store.h"
#include "tests/storage/faulty_file_system.h"
#include "tests/storage/journal_fixture.h"

namespace tipgate {
namespace {

constexpr uint64_t kSeed = 20260103;
constexpr int64_t kSmallWriteBufferBytes = 1024 * 1024;
constexpr int64_t kPayersCount = 500;

constexpr uint64_t kLivesDefault = 96;
constexpr uint64_t kLivesPerDirectory = 8;
// A start makes some 60 changes and syncs of files and names, most work a few hundred.
constexpr int64_t kStartStepsMax = 100;
constexpr int64_t kWorkStepsMax = 400;

uint64_t LivesCount() {
  uint64_t count = kLivesDefault;
  const char* const told = std::getenv("TIPGATE_POWER_LOSSES");
  const bool is_number = told == nullptr || absl::SimpleAtoi(told, &count);
  EXPECT_TRUE(is_number) << told;
  return count;
}

// What was promised, kept over all lives of the database.
struct Model {
  std::vector<std::string> hashes{ToHex(ChainHash{})};  // of acknowledged entries, by sequence
  std::string in_doubt;  // the hash of one more, which the power cut came amid; empty: none
  int64_t complete_sequence = 0;      // of an acknowledged image, or of one in doubt
  std::map<int64_t, int64_t> payers;  // id -> sequence of the last acknowledged change
};

// One life: opens, checks against the model, works, loses power.
class Life {
 public:
  Life(const std::string& path, Model* model, uint64_t seed)
      : model_(*model),
        random_(seed),
        faults_(std::make_shared<FaultyFileSystem>()),
        env_(rocksdb::NewCompositeEnv(faults_)) {
    const bool dies_in_recovery = random_() % 4 == 0;
    if (dies_in_recovery) faults_->CutPowerAfter(Draw(kStartStepsMax));
    Open(path);
    if (is_dead()) return;
    if (dies_in_recovery) faults_->CutPower();
  }

  ~Life() {
    faults_->CutPower();
    store_.reset();
    open_.journal.reset();
    open_.database.reset();
    faults_->DropUnsynced(random_);
  }

  bool is_dead() const { return faults_->is_power_cut(); }

  void CheckNothingIsLost() {
    const JournalHead head = open_.journal->Head();
    const auto acknowledged = static_cast<int64_t>(model_.hashes.size()) - 1;
    if (head.sequence == acknowledged + 1 && !model_.in_doubt.empty()) {
      model_.hashes.push_back(model_.in_doubt);
    }
    model_.in_doubt.clear();
    ASSERT_EQ(head.sequence + 1, static_cast<int64_t>(model_.hashes.size()));
    EXPECT_EQ(ToHex(head.hash), model_.hashes.back());
    BytesOf(*open_.journal);
    const absl::StatusOr<StoredState> state = store_->Load();
    ASSERT_TRUE(state.ok()) << state.status();
    // The number is written unsynced: it may be that of an earlier checkpoint, never a later one.
    EXPECT_LE(state->complete_sequence, model_.complete_sequence);
    std::map<int64_t, int64_t> stored;
    const absl::Status payers = store_->LoadPayers([&](absl::Span<const Payer> some) {
      for (const Payer& payer : some) {
        stored[payer.id.value()] = payer.changed.sequence();
        EXPECT_LE(payer.changed.sequence(), head.sequence);
      }
    });
    ASSERT_TRUE(payers.ok()) << payers;
    for (const auto& [id, sequence] : model_.payers) {
      if (sequence <= state->complete_sequence) {
        EXPECT_GE(stored[id], sequence);
      }
    }
    for (int64_t sequence = 1; sequence <= state->complete_sequence; ++sequence) {
      EXPECT_EQ(store_->FindKey(KeyOf(sequence)), absl::StatusOr<RecordId>(RecordId(sequence, 0)));
    }
    model_.complete_sequence = state->complete_sequence;
  }

  void Work() {
    if (random_() % 2 == 0) faults_->CutPowerAfter(Draw(kWorkStepsMax));
    const uint64_t steps_count = random_() % 60;
    for (uint64_t step = 0; step < steps_count && !is_dead(); ++step) {
      random_() % 4 == 0 ? WriteImage(random_() % 2 == 0) : Append();
    }
  }

 private:
  int64_t Draw(int64_t end) { return static_cast<int64_t>(random_() % static_cast<uint64_t>(end)); }

  void Open(const std::string& path) {
    auto open =
        OpenJournalAt(path, {.write_buffer_bytes = kSmallWriteBufferBytes, .env = env_.get()});
    ASSERT_TRUE(open.ok()) << open.status();
    open_ = *std::move(open);
    auto store = RocksDbStateStore::Open(open_.database.get());
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
    ASSERT_TRUE(open_.journal->Claim().ok());
  }

  static Hash128 KeyOf(int64_t sequence) {
    Hasher128 hasher;
    hasher.Add(static_cast<uint64_t>(sequence));
    return hasher.Finish();
  }

  void Append() {
    const int64_t sequence = open_.journal->Head().sequence + 1;
    const int tips_count = static_cast<int>(random_() % 300);
    ASSERT_TRUE(open_.journal->Append(RandomTips(sequence, tips_count, random_)).ok());
    const std::string hash = ToHex(open_.journal->Head().hash);
    if (is_dead()) {
      model_.in_doubt = hash;
      return;
    }
    model_.hashes.push_back(hash);
    for (int i = 0; i < 20; ++i) {
      const auto id = static_cast<int64_t>(random_() % kPayersCount) + 1;
      model_.payers[id] = sequence;
    }
  }

  // Stores every payer; as the last image of a checkpoint also the keys since the one before.
  void WriteImage(bool is_last) {
    StateImage image;
    image.decided_sequence = open_.journal->Head().sequence;
    for (const auto& [id, sequence] : model_.payers) {
      Payer payer;
      payer.id = PayerId(id);
      payer.changed = RecordId(sequence, 0);
      image.payers.push_back(payer);
    }
    if (random_() % 2 == 0) AddFillerPayers(&image);
    if (is_last) {
      image.complete_sequence = image.decided_sequence;
      auto keys = std::make_shared<KeyTable>();
      for (int64_t sequence = model_.complete_sequence + 1; sequence <= image.complete_sequence;
           ++sequence) {
        (*keys)[KeyOf(sequence)] = RecordId(sequence, 0);
      }
      if (random_() % 2 == 0) AddFillerKeys(keys.get());
      image.keys.push_back(std::move(keys));
    }
    ASSERT_TRUE(store_->Write(image).ok());
    if (is_last) model_.complete_sequence = image.complete_sequence;
  }

  // So many that they become a file.
  static void AddFillerPayers(StateImage* image) {
    for (int64_t id = kPayersCount + 1; id <= kPayersCount + 5000; ++id) {
      Payer payer;
      payer.id = PayerId(id);
      payer.changed = RecordId(image->decided_sequence, 0);
      image->payers.push_back(payer);
    }
  }
  void AddFillerKeys(KeyTable* keys) {
    for (int i = 0; i < 5000; ++i) (*keys)[Hash128{random_(), random_()}] = RecordId(1, 1);
  }

  Model& model_;
  std::mt19937_64 random_;
  std::shared_ptr<FaultyFileSystem> faults_;
  std::unique_ptr<rocksdb::Env> env_;
  OpenJournal open_;
  std::unique_ptr<RocksDbStateStore> store_;
};

TEST(Crash, NothingAcknowledgedIsLostAndStateNeverLeads) {
  const uint64_t lives_count = LivesCount();
  uint64_t deaths_in_recovery = 0;
  uint64_t deaths_at_work = 0;
  for (uint64_t lives = 0, seed = kSeed; lives < lives_count; ++seed) {
    SCOPED_TRACE(seed);
    const TemporaryDirectory temporary;
    Model model;
    for (uint64_t life = 0; life < kLivesPerDirectory && lives < lives_count; ++life, ++lives) {
      Life alive(temporary.File("db"), &model, seed * 1000 + life);
      ASSERT_FALSE(HasFailure());
      if (alive.is_dead()) {
        ++deaths_in_recovery;
        continue;
      }
      ASSERT_NO_FATAL_FAILURE(alive.CheckNothingIsLost());
      ASSERT_NO_FATAL_FAILURE(alive.Work());
      if (alive.is_dead()) ++deaths_at_work;
    }
    if (lives_count > kLivesDefault) std::cout << lives << " power losses" << std::endl;
  }
  EXPECT_GT(deaths_in_recovery, 0U);
  EXPECT_GT(deaths_at_work, 0U);
  std::cout << lives_count << " power losses, of them " << deaths_in_recovery << " in recovery and "
            << deaths_at_work << " amid a write; nothing lost" << std::endl;
}

}  // namespace
}  // namespace tipgate
