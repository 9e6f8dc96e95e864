// Payers who leave the memory while others look them up: many threads, the real pipeline, a
// checkpoint every few tips. And what a call costs that names them: the same pipeline, step by
// step.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/fold.h"
#include "core/recovery.h"
#include "server/pipeline.h"
#include "tests/server/service_gate.h"
#include "tests/support/core_gate.h"

namespace tipgate {
namespace {

constexpr int64_t kPayers = 24;
constexpr int kThreads = 4;
constexpr int kRounds = 2'000;

class Traffic {
 public:
  explicit Traffic(ServiceGate* gate) : gate_(*gate) {
    for (int64_t id = 1; id <= kPayers; ++id) {
      PayerCommand command;
      command.request.payer = PayerId(id);
      command.request.is_verified = true;
      command.request.age.band = AgeBand::kAdult;
      Run(command);
    }
  }

  void RunThread(int number) {
    std::minstd_rand random(static_cast<unsigned>(number + 1));
    const auto below = [&](uint64_t bound) { return random() % bound; };
    for (int round = 0; round < kRounds; ++round) {
      const PayerId payer(static_cast<int64_t>(1 + below(kPayers)));
      switch (below(8)) {
        case 0: {
          RechargeCommand recharge;
          recharge.request.payer = payer;
          recharge.request.amount = Money(100);
          recharge.request.hold_ms = 60'000;
          Run(recharge);
          break;
        }
        case 1: {
          CoolingOffCommand cooling_off;
          cooling_off.request.payer = payer;
          cooling_off.request.duration_ms = 1;
          Run(cooling_off);
          break;
        }
        case 2:
          gate_.clock.Advance(absl::Seconds(30));  // holds expire
          break;
        default:
          Tip(1 + below(5), &random);
      }
    }
  }

 private:
  Intent NewIntent() {
    return {.caller = CallerId{}, .key = IdempotencyKey(absl::StrCat("key-", ++intents_count_))};
  }

  template <typename CommandType>
  void Run(CommandType command) {
    command.request.intent = NewIntent();
    command.key.hash = HashKey(command.request.intent.caller, command.request.intent.key.view());
    gate_.RunOwn(std::move(command));
  }

  void Tip(uint64_t count, std::minstd_rand* random) {
    TipsCommand tips;
    for (uint64_t i = 0; i < count; ++i) {
      TipRequest request;
      request.intent = NewIntent();
      request.payer = PayerId(static_cast<int64_t>(1 + (*random)() % (kPayers + 2)));
      request.streamer = StreamerId(1);
      request.session = SessionId(1);
      request.gift = GiftId(5);
      request.unit_price = Money(10'000);
      request.count = 1;
      request.is_hold = (*random)() % 4 == 0;
      tips.keys.push_back({.hash = HashKey(request.intent.caller, request.intent.key.view()),
                           .stored = RecordId()});
      tips.requests.push_back(request);
    }
    gate_.RunOwn(std::move(tips));
  }

  ServiceGate& gate_;
  std::atomic<int64_t> intents_count_{0};
};

void Fold(const Journal& journal, State* state) {
  const std::unique_ptr<JournalReader> reader = journal.ReadFrom(1);
  Entry entry;
  while (*reader->Next(&entry)) FoldEntry(entry, state);
}

// The fold of all entries, with everybody in memory, checks that no total is other than the record
// says: a tip that was decided on an older copy of its payer would stop it.
TEST(ColdPayers, NothingIsLostWhileTheyComeAndGo) {
  ServiceGate gate(/*requests_max=*/100'000, /*checkpoint_keys_max=*/16,
                   /*payers_resident_max=*/2);
  gate.PutScene();
  Traffic traffic(&gate);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back([&, i] { traffic.RunThread(i); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_GT(gate.stats().payer_reads.value(), 100);
  gate.Stop();
  State folded;
  Fold(gate.journal, &folded);
  EXPECT_EQ(folded.payers_count(), kPayers);
  State recovered;
  KeyMemory keys;
  ASSERT_TRUE(Recover(gate.journal, gate.store, 2, &recovered, &keys).ok());
  const int64_t last_ms = gate.journal.Head().time_ms;
  EXPECT_EQ(recovered.Fingerprint(last_ms), folded.Fingerprint(last_ms));
}

// Notes whom it is asked for.
class ReadsOfPayers final : public StateStore {
 public:
  explicit ReadsOfPayers(StateStore* store) : store_(*store) {}

  absl::StatusOr<StoredState> Load() override { return store_.Load(); }
  absl::Status LoadPayers(PayersTaker take) override { return store_.LoadPayers(take); }
  absl::Status Write(const StateImage& image) override { return store_.Write(image); }
  absl::StatusOr<std::optional<Payer>> FindPayer(PayerId id) const override {
    ids_.push_back(id);
    return store_.FindPayer(id);
  }
  absl::StatusOr<std::optional<Session>> FindSession(SessionId id) const override {
    return store_.FindSession(id);
  }
  absl::StatusOr<std::optional<tipgate::Tip>> FindTip(RecordId id) const override {
    return store_.FindTip(id);
  }
  absl::StatusOr<std::optional<Recharge>> FindRecharge(RecordId id) const override {
    return store_.FindRecharge(id);
  }
  absl::Status FindKeys(absl::Span<KeyLookup> keys) const override { return store_.FindKeys(keys); }

  // Since the last time.
  std::vector<PayerId> Take() { return std::exchange(ids_, {}); }

 private:
  StateStore& store_;
  mutable std::vector<PayerId> ids_;
};

// Counts those of its tips that are accepted.
class CountingJob final : public Job {
 public:
  CountingJob(TipsCommand tips, int64_t* accepted_count) : accepted_count_(*accepted_count) {
    command = std::move(tips);
  }

  void Reply(const Batch& batch) override {
    for (const Answer& answer : std::get<TipsCommand>(command).answers) {
      const Record& record = batch.entry.records[std::get<InRecord>(answer).position];
      accepted_count_ += std::get<TipRecord>(record).is_accepted() ? 1 : 0;
    }
    delete this;
  }
  void Fail(const RequestError&) override { delete this; }

 private:
  int64_t& accepted_count_;
};

// A gate after a start with many payers, a few of whom are in memory.
class ReadsOfColdPayers : public ::testing::Test {
 protected:
  static constexpr int64_t kResident = 10;
  static constexpr int64_t kCold = 1'000;

  ReadsOfColdPayers() {
    gate_.PutScene();
    for (int64_t id = 2; id <= kResident + kCold; ++id) gate_.PutAdult(PayerId(id));
    gate_.Checkpoint();
    TIPGATE_CHECK(Recover(*gate_.journal, store_, kResident, &state_, &keys_).ok());
    for (int64_t id = 1; id <= kResident + kCold; ++id) {
      const bool is_cold = state_.payers.Find(PayerId(id)) == nullptr;
      (is_cold ? cold_ : residents_).push_back(PayerId(id));
    }
    TIPGATE_CHECK(cold_.size() == kCold);
    store_.Take();
    const int64_t head = gate_.journal->Head().sequence;
    pipeline_.emplace(
        PipelineOptions{.limits = CoreGate::DefaultLimits(),
                        .ring_calls_max = 1024,
                        .requests_max = 100'000,
                        .batch_requests_max = 10'000,
                        .checkpoint_interval_ns = absl::ToInt64Nanoseconds(absl::Hours(10'000)),
                        .stored_sequence = head},
        PipelinePorts{gate_.journal.get(), &store_, &clock_}, &state_, &keys_,
        Timeline(*Calendar::Load("Asia/Shanghai"), Moment(),
                 absl::ToInt64Milliseconds(absl::Hours(1))),
        head,
        PipelineListeners{.fail_stop = [](const absl::Status&) { TIPGATE_CHECK(false); },
                          .on_durable = [](int64_t) {},
                          .on_clock = [](const absl::Status&) {}});
  }

  // A call with a tip of each of these.
  void Submit(const std::vector<PayerId>& payers) {
    TipsCommand tips;
    for (const PayerId payer : payers) {
      tips.requests.push_back(gate_.MakeTip(payer, GiftId(1), 1));
      tips.keys.push_back(gate_.LookUp(tips.requests.back().intent));
    }
    pipeline_->Submit(std::make_unique<CountingJob>(std::move(tips), &accepted_count_));
  }

  // Decides, writes and answers all that was submitted.
  void WorkThrough() {
    while (pipeline_->sequencer_stage().Step() == Progress::kWorked) {
    }
    while (pipeline_->journal_stage().Step() == Progress::kWorked) {
    }
    while (pipeline_->reply_stage().Step() == Progress::kWorked) {
    }
  }

  CoreGate gate_;  // made the history
  ReadsOfPayers store_{gate_.store.get()};
  ManualClock clock_;
  State state_;
  KeyMemory keys_;
  std::vector<PayerId> residents_;
  std::vector<PayerId> cold_;
  std::optional<Pipeline> pipeline_;
  int64_t accepted_count_ = 0;
};

TEST_F(ReadsOfColdPayers, ACallReadsEachOnceAndBeforeTheSequencerSeesIt) {
  std::vector<PayerId> payers = residents_;  // who cost nothing
  payers.insert(payers.end(), cold_.rbegin(), cold_.rend());
  payers.insert(payers.end(), cold_.begin(), cold_.end());  // twice in the call
  Submit(payers);
  EXPECT_EQ(store_.Take(), cold_);
  WorkThrough();
  EXPECT_EQ(store_.Take(), std::vector<PayerId>());
  EXPECT_EQ(accepted_count_, static_cast<int64_t>(payers.size()));
  EXPECT_EQ(pipeline_->stats().payer_reads.value(), kCold);
  Submit(cold_);  // who are in memory now
  WorkThrough();
  EXPECT_EQ(store_.Take(), std::vector<PayerId>());
}

TEST_F(ReadsOfColdPayers, CallsOfOneBatchReadTheirOwn) {
  const int64_t head = gate_.journal->Head().sequence;
  for (const PayerId payer : cold_) Submit({payer});
  EXPECT_EQ(store_.Take(), cold_);
  WorkThrough();
  EXPECT_EQ(store_.Take(), std::vector<PayerId>());
  EXPECT_EQ(accepted_count_, kCold);
  EXPECT_EQ(gate_.journal->Head().sequence, head + 1);
}

}  // namespace
}  // namespace tipgate
