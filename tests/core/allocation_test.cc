// What the core promises of a tip, accepted, refused or repeated: from Begin to End no lock, and
// once its tables and the batch have their size no allocation but the list of a command's answers.
// A binary of its own, for it counts what its whole process does.
#include <gtest/gtest.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
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

// What was done to decide.
struct Cost {
  int64_t allocations_count = 0;
  int64_t locks_count = 0;

  bool operator==(const Cost&) const = default;
};
constexpr Cost kNothing{};

void PrintTo(const Cost& cost, std::ostream* out) {
  *out << cost.allocations_count << " allocations, " << cost.locks_count << " locks";
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
    sequencer_.emplace(&gate_.state, &keys_, CoreGate::DefaultLimits(), calendar_,
                       gate_.journal->Head().sequence);
  }

  // Tip number i of a batch, with a key of its own.
  TipRequest Accepted(int64_t i) { return gate_.MakeTip(PayerId(1 + i % kPayers), GiftId(1), 1); }
  TipRequest Refused(int64_t i) {
    TipRequest request = Accepted(i);
    switch (i % 5) {
      case 0:  // nobody
        request.payer = PayerId(kPayers + 1);
        break;
      case 1:  // an unknown streamer
        request.streamer = StreamerId(99);
        break;
      case 2:  // an unknown session
        request.session = SessionId(99);
        break;
      case 3:  // a gift that is stopped, and above the limit of the day
        return gate_.MakeTip(request.payer, GiftId(2), 1);
      case 4:  // a gift that is too dear
        return gate_.MakeTip(request.payer, GiftId(3), 1);
    }
    return request;
  }

  std::vector<TipRequest> MakeRequests(Outcome outcome) {
    std::vector<TipRequest> requests;
    for (int64_t i = 0; i < kTips; ++i) {
      requests.push_back(outcome == Outcome::kAccepted ? Accepted(i) : Refused(i));
    }
    return requests;
  }

  // These tips, so many a command. A command with room has a list for its answers already.
  std::vector<Command> CommandsOf(const std::vector<TipRequest>& requests, size_t tips_each,
                                  bool has_room = true) {
    std::vector<Command> commands;
    for (size_t begin = 0; begin < requests.size(); begin += tips_each) {
      TipsCommand command;
      for (size_t i = begin; i < begin + tips_each; ++i) {
        command.requests.push_back(requests[i]);
        command.keys.push_back(gate_.LookUp(requests[i].intent));
      }
      if (has_room) command.answers.resize(tips_each);
      commands.push_back(std::move(command));
    }
    return commands;
  }

  // All in one batch, as the server would do it.
  Cost Decide(std::vector<Command> commands) {
    gate_.now_ms += 60'000;
    const Moment now = calendar_.At(gate_.now_ms);
    const Cost before = CostSoFar();
    sequencer_->Begin(now, &batch_);
    for (Command& command : commands) sequencer_->Execute(command);
    const bool has_records = sequencer_->End();
    const Cost after = CostSoFar();
    EXPECT_EQ(has_records, !batch_.entry.records.empty());
    answered_ = std::move(commands);
    return {.allocations_count = after.allocations_count - before.allocations_count,
            .locks_count = after.locks_count - before.locks_count};
  }
  static Cost CostSoFar() {
    return {.allocations_count = AllocationsCount(), .locks_count = LocksCount()};
  }

  // What such a batch costs after another one, which has given tables and batch their size.
  Cost DecideTwice(Outcome outcome, size_t tips_each) {
    Decide(CommandsOf(MakeRequests(outcome), tips_each));
    return Decide(CommandsOf(MakeRequests(outcome), tips_each));
  }

  int64_t CountOf(Outcome outcome) const {
    int64_t count = 0;
    for (const Record& record : batch_.entry.records) {
      count += std::get<TipRecord>(record).outcome == outcome ? 1 : 0;
    }
    return count;
  }

  CoreGate gate_;
  Calendar calendar_;
  KeyMemory keys_;  // its first table has room for more than is decided here
  std::optional<Sequencer> sequencer_;
  Batch batch_;
  std::vector<Command> answered_;  // of the last batch
};

TEST_F(Allocation, AnAcceptedTipAllocatesNothingAndTakesNoLock) {
  EXPECT_EQ(DecideTwice(Outcome::kAccepted, 1), kNothing);
  EXPECT_EQ(CountOf(Outcome::kAccepted), kTips);
  EXPECT_EQ(batch_.entry.Pool<Reminder>().size(), size_t{kPayers});
}

TEST_F(Allocation, ARefusedTipAllocatesNothingAndTakesNoLock) {
  EXPECT_EQ(DecideTwice(Outcome::kRejected, 1), kNothing);
  EXPECT_EQ(CountOf(Outcome::kRejected), kTips);
  EXPECT_GT(batch_.entry.Pool<Violation>().size(), size_t{kTips});
}

TEST_F(Allocation, ARepeatedTipAllocatesNothingAndTakesNoLock) {
  const std::vector<TipRequest> requests = MakeRequests(Outcome::kAccepted);
  Decide(CommandsOf(requests, 1));
  EXPECT_EQ(Decide(CommandsOf(requests, 1)), kNothing);
  EXPECT_TRUE(batch_.entry.records.empty());
  for (const Command& command : answered_) {
    EXPECT_TRUE(std::holds_alternative<ReplayOf>(std::get<TipsCommand>(command).answers.front()));
  }
}

TEST_F(Allocation, ACommandOfAThousandTipsAllocatesNothingAndTakesNoLock) {
  EXPECT_EQ(DecideTwice(Outcome::kAccepted, kTips), kNothing);
  EXPECT_EQ(CountOf(Outcome::kAccepted), kTips);
  EXPECT_EQ(DecideTwice(Outcome::kRejected, kTips), kNothing);
  EXPECT_EQ(CountOf(Outcome::kRejected), kTips);
}

// As a call brings it. It is one however many tips there are.
TEST_F(Allocation, TheListOfItsAnswersIsAllThatACommandAllocates) {
  DecideTwice(Outcome::kRejected, 1);
  for (const size_t tips_each : {size_t{1}, size_t{kTips}}) {
    const std::vector<TipRequest> requests = MakeRequests(Outcome::kRejected);
    std::vector<Command> commands = CommandsOf(requests, tips_each, /*has_room=*/false);
    const auto commands_count = static_cast<int64_t>(commands.size());
    EXPECT_EQ(Decide(std::move(commands)), (Cost{.allocations_count = commands_count}));
  }
}

// The counters see what they are to find.

TEST(CostCounters, SeeAnAllocation) {
  const int64_t before = AllocationsCount();
  std::vector<int> allocated(1);
  EXPECT_EQ(AllocationsCount() - before, 1);
}

// Calls that lock or wait while `act` runs.
template <typename Act>
int64_t LocksOf(Act act) {
  const int64_t before = LocksCount();
  act();
  return LocksCount() - before;
}

TEST(CostCounters, SeeEachKindOfLock) {
  if (!kCountsLocks) return;
  std::mutex of_std;
  EXPECT_EQ(LocksOf([&] { const std::lock_guard lock(of_std); }), 1);
  EXPECT_EQ(LocksOf([&] { const std::unique_lock lock(of_std, std::try_to_lock); }), 1);
  absl::Mutex of_abseil;
  EXPECT_EQ(LocksOf([&] { const absl::MutexLock lock(&of_abseil); }), 1);
  EXPECT_EQ(LocksOf([&] { const absl::ReaderMutexLock lock(&of_abseil); }), 1);
  const auto try_lock = [&] {
    if (of_abseil.TryLock()) of_abseil.Unlock();
  };
  EXPECT_EQ(LocksOf(try_lock), 1);
  const auto try_reader_lock = [&] {
    if (of_abseil.ReaderTryLock()) of_abseil.ReaderUnlock();
  };
  EXPECT_EQ(LocksOf(try_reader_lock), 1);
  pthread_rwlock_t of_readers = PTHREAD_RWLOCK_INITIALIZER;
  EXPECT_EQ(LocksOf([&] { pthread_rwlock_rdlock(&of_readers); }), 1);
  pthread_rwlock_unlock(&of_readers);
  EXPECT_EQ(LocksOf([&] { pthread_rwlock_wrlock(&of_readers); }), 1);
  pthread_rwlock_unlock(&of_readers);
  int futex = 0;
  EXPECT_EQ(LocksOf([&] { syscall(SYS_futex, &futex, FUTEX_WAKE, 1, nullptr, nullptr, 0); }), 1);
}

TEST(CostCounters, SeeEachKindOfWait) {
  if (!kCountsLocks) return;
  std::mutex of_std;
  std::condition_variable condition;
  std::unique_lock lock(of_std);
  const auto wait_and_be_woken = [&] {
    std::thread other([&] {
      const std::lock_guard other_lock(of_std);  // not before this thread waits
      condition.notify_one();
    });
    condition.wait(lock);
    lock.unlock();
    other.join();
  };
  EXPECT_EQ(LocksOf(wait_and_be_woken), 2);
  lock.lock();
  const auto now = std::chrono::system_clock::now();
  EXPECT_EQ(LocksOf([&] { condition.wait_until(lock, now); }), 1);
  EXPECT_EQ(LocksOf([&] { condition.wait_for(lock, std::chrono::seconds(0)); }), 1);
  absl::Mutex of_abseil;
  absl::CondVar of_abseil_too;
  const absl::MutexLock abseil_lock(&of_abseil);
  EXPECT_GE(LocksOf([&] { of_abseil_too.WaitWithTimeout(&of_abseil, absl::ZeroDuration()); }), 1);
  EXPECT_GE(LocksOf([&] { of_abseil_too.WaitWithDeadline(&of_abseil, absl::UnixEpoch()); }), 1);
}

}  // namespace
}  // namespace tipgate
