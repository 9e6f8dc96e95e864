// Power cuts at random moments, journal and state together, with write buffers so small that logs
// rotate and files are flushed and compacted all the time. A plain model says what must be there
// afterwards.

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "rocksdb/env.h"
#include "storage/rocksdb_state_store.h"
#include "tests/storage/faulty_file_system.h"
#include "tests/storage/journal_fixture.h"

namespace tipgate {
namespace {

constexpr uint64_t kSeed = 20260103;
constexpr int64_t kSmallWriteBufferBytes = 1024 * 1024;
constexpr int64_t kPayersCount = 500;

// What was promised, kept over all lives of the database.
struct Model {
  std::vector<std::string> hashes{ToHex(ChainHash{})};  // of acknowledged entries, by sequence
  int64_t complete_sequence = 0;
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
    open_ = *OpenJournalAt(path, {.write_buffer_bytes = kSmallWriteBufferBytes, .env = env_.get()});
    store_ = *RocksDbStateStore::Open(open_.database.get());
    TIPGATE_CHECK(open_.journal->Claim().ok());
  }

  ~Life() {
    faults_->CutPower();
    store_.reset();
    open_.journal.reset();
    open_.database.reset();
    faults_->DropUnsynced(random_);
  }

  void CheckNothingIsLost() {
    const JournalHead head = open_.journal->Head();
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
    const uint64_t steps_count = random_() % 60;
    for (uint64_t step = 0; step < steps_count; ++step) {
      random_() % 4 == 0 ? WriteImage(random_() % 2 == 0) : Append();
    }
  }

 private:
  static Hash128 KeyOf(int64_t sequence) {
    Hasher128 hasher;
    hasher.Add(static_cast<uint64_t>(sequence));
    return hasher.Finish();
  }

  void Append() {
    const int64_t sequence = open_.journal->Head().sequence + 1;
    const int tips_count = static_cast<int>(random_() % 300);
    ASSERT_TRUE(open_.journal->Append(RandomTips(sequence, tips_count, random_)).ok());
    model_.hashes.push_back(ToHex(open_.journal->Head().hash));
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
  for (uint64_t seed = kSeed; seed < kSeed + 6; ++seed) {
    SCOPED_TRACE(seed);
    const TemporaryDirectory temporary;
    Model model;
    for (uint64_t life = 0; life < 8; ++life) {
      Life alive(temporary.File("db"), &model, seed * 1000 + life);
      ASSERT_NO_FATAL_FAILURE(alive.CheckNothingIsLost());
      ASSERT_NO_FATAL_FAILURE(alive.Work());
    }
  }
}

}  // namespace
}  // namespace tipgate
