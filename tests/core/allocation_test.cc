// What the core promises of its accept path: no lock, and no allocation once its tables have their
// size. A binary of its own, for it counts what its whole process does.
#include <gtest/gtest.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <mutex>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "tests/core/allocation_counter.h"
#include "tests/core/lock_counter.h"
#include "tests/support/core_gate.h"

namespace tipgate {
namespace {

constexpr int64_t kTips = 1'000;
constexpr int64_t kPayers = 100;
constexpr Money kDayLimit{30};  // three rounds of ten tips a payer

// Each rule that can let a tip pass has something to look at.
Policy AllRulesPolicy() {
  Policy policy = SamplePolicy();
  policy.day_limit = Money(1'000'000);
  policy.month_limit = Money(1'000'000);
  policy.confirmation = {.day_permille = 1'000, .month_permille = 1'000};
  policy.cooling_off = {.single_min = Money(1'000),
                        .window_count_min = kCoolingOffCountMax,
                        .window_ms = 1'000,
                        .duration_ms = 1'000};
  policy.payer_tiers = {{.name = TierName("new"), .limits = {.day_limit = Money(900'000)}}};
  policy.wallet = WalletMode::kManaged;
  policy.tip_life.remorse_ms = 10'000;
  policy.facts_max_age_ms = int64_t{90} * 24 * 3600 * 1000;
  return policy;
}

class Allocation : public ::testing::Test {
 protected:
  Allocation() : gate_(AllRulesPolicy()), calendar_(*Calendar::Load("Asia/Shanghai")) {
    gate_.PutScene();
    gate_.Stop({.kind = StopKind::kGift, .id = 2, .app = {}});
    SanctionRecord warning;
    warning.streamer = StreamerId(1);
    warning.kind = SanctionKind::kWarn;
    gate_.Sanction(warning);
    for (int64_t id = 1; id <= kPayers; ++id) {
      PayerRecord facts;
      facts.payer = PayerId(id);
      facts.is_verified = true;
      facts.age.band = AgeBand::kAdult;
      facts.tier = TierName("new");
      facts.guardian.day_limit = kDayLimit;  // each round of tips crosses a reminder of it
      gate_.PutPayer(facts);
      SelfLimitsRecord own;
      own.payer = PayerId(id);
      own.month_limit_change = {.kind = LimitChangeKind::kSet, .amount = Money(700'000)};
      gate_.SetSelfLimits(own);
      gate_.AddBalance(PayerId(id), Money(400'000));
    }
  }

  // Tips of a fen each, one a command, with keys of their own.
  std::vector<Command> MakeTips() {
    std::vector<Command> commands;
    for (int64_t i = 0; i < kTips; ++i) {
      const TipRequest request = gate_.MakeTip(PayerId(1 + i % kPayers), GiftId(1), 1);
      commands.push_back(TipsCommand{.is_dry_run = false,
                                     .requests = {request},
                                     .keys = {gate_.LookUp(request.intent)},
                                     .answers = std::vector<Answer>(1)});
    }
    return commands;
  }

  // What was done to decide.
  struct Cost {
    int64_t allocations_count = 0;
    int64_t locks_count = 0;
  };

  // All in one batch, as the server would do it.
  Cost Decide(std::vector<Command>* commands, Sequencer* sequencer, Batch* batch) {
    gate_.now_ms += 60'000;
    const Moment now = calendar_.At(gate_.now_ms);
    const Cost before = CostSoFar();
    sequencer->Begin(now, batch);
    for (Command& command : *commands) sequencer->Execute(command);
    const Cost after = CostSoFar();
    TIPGATE_CHECK(sequencer->End());
    return {.allocations_count = after.allocations_count - before.allocations_count,
            .locks_count = after.locks_count - before.locks_count};
  }
  static Cost CostSoFar() {
    return {.allocations_count = AllocationsCount(), .locks_count = LocksCount()};
  }

  CoreGate gate_;
  Calendar calendar_;
};

TEST_F(Allocation, AnAcceptedTipAllocatesNothingAndTakesNoLock) {
  // The memory of keys has room for so many more before it grows.
  KeyMemory keys;
  for (uint64_t i = 0; i < 8'000; ++i) keys.Insert({.high = i + 1, .low = i + 1}, RecordId(1, 0));
  Sequencer sequencer(&gate_.state, &keys, CoreGate::DefaultLimits(), calendar_,
                      gate_.journal->Head().sequence);
  Batch batch;
  std::vector<Command> first = MakeTips();
  Decide(&first, &sequencer, &batch);
  std::vector<Command> second = MakeTips();
  const Cost cost = Decide(&second, &sequencer, &batch);
  EXPECT_EQ(cost.allocations_count, 0);
  EXPECT_EQ(cost.locks_count, 0);
  int64_t accepted_count = 0;
  for (const Record& record : batch.entry.records) {
    accepted_count += std::get<TipRecord>(record).is_accepted() ? 1 : 0;
  }
  EXPECT_EQ(accepted_count, kTips);
  EXPECT_EQ(batch.entry.Pool<Reminder>().size(), size_t{kPayers});
}

// The counters see what they are to find.

TEST(CostCounters, SeeAnAllocation) {
  const int64_t before = AllocationsCount();
  std::vector<int> allocated(1);
  EXPECT_EQ(AllocationsCount() - before, 1);
}

TEST(CostCounters, SeeEachKindOfLock) {
  if (!kCountsLocks) return;
  const int64_t before = LocksCount();
  std::mutex of_std;
  of_std.lock();
  of_std.unlock();
  EXPECT_EQ(LocksCount() - before, 1);
  absl::Mutex of_abseil;
  of_abseil.Lock();
  of_abseil.Unlock();
  EXPECT_EQ(LocksCount() - before, 2);
  pthread_rwlock_t of_readers = PTHREAD_RWLOCK_INITIALIZER;
  pthread_rwlock_rdlock(&of_readers);
  pthread_rwlock_unlock(&of_readers);
  EXPECT_EQ(LocksCount() - before, 3);
  int futex = 0;
  syscall(SYS_futex, &futex, FUTEX_WAKE, 1, nullptr, nullptr, 0);
  EXPECT_EQ(LocksCount() - before, 4);
}

}  // namespace
}  // namespace tipgate
