// Deadlines and overload between the door and the decision, stage by stage in one thread.

#include <gtest/gtest.h>

#include <memory>
#include <optional>

#include "server/pipeline.h"
#include "tests/server/service_gate.h"
#include "tests/support/core_gate.h"

namespace tipgate {
namespace {

constexpr int64_t kMs = kNanosPerMilli;

// Each look at the wall clock finds it so much later.
class TickingClock final : public Clock {
 public:
  int64_t WallNs() const override {
    now_ns_ += tick_ns_;
    return now_ns_;
  }
  int64_t SteadyNs() const override { return now_ns_; }

  void Tick(int64_t tick_ns) { tick_ns_ = tick_ns; }
  void Pass(int64_t ns) { now_ns_ += ns; }
  int64_t now_ns() const { return now_ns_; }

 private:
  mutable int64_t now_ns_ = 1'795'435'200'000 * kMs;
  int64_t tick_ns_ = 0;
};

// What became of a job.
struct Fate {
  bool is_decided = false;
  std::optional<ErrorReason> refusal;
};

class FatedJob final : public Job {
 public:
  explicit FatedJob(Fate* fate) : fate_(*fate) { command = TickCommand(); }

  void Reply(const Batch&) override {
    fate_.is_decided = true;
    delete this;
  }
  void Fail(const RequestError& error) override {
    fate_.refusal = error.reason;
    delete this;
  }

 private:
  Fate& fate_;
};

class Deadlines : public testing::Test {
 protected:
  Fate Submit(int64_t deadline_ns, int64_t requests_count, Fate* fate) {
    auto job = std::make_unique<FatedJob>(fate);
    job->deadline_ns = deadline_ns;
    job->requests_count = requests_count;
    pipeline_.Submit(std::move(job));
    return *fate;
  }
  // All that was submitted is decided, which takes so long, and answered.
  void WorkThrough(int64_t ns) {
    while (pipeline_.sequencer_stage().Step() == Progress::kWorked) {
    }
    clock_.Pass(ns);
    while (pipeline_.journal_stage().Step() == Progress::kWorked) {
    }
    while (pipeline_.reply_stage().Step() == Progress::kWorked) {
    }
  }

  TickingClock clock_;
  MemoryJournal journal_;
  MemoryStateStore store_;
  State state_;
  KeyMemory keys_;
  Pipeline pipeline_{{.limits = CoreGate::DefaultLimits(),
                      .ring_calls_max = 1024,
                      .requests_max = 100'000,
                      .batch_requests_max = 1024,
                      .checkpoint_interval_ns = 1'000'000 * kMs},
                     {&journal_, &store_, &clock_},
                     &state_,
                     &keys_,
                     Timeline(*Calendar::Load("Asia/Shanghai"), Moment(), 1'000'000),
                     0,
                     {.fail_stop = [](const absl::Status&) {},
                      .on_durable = [](int64_t) {},
                      .on_clock = [](const absl::Status&) {}}};
};

// Two jobs of a batch have the same deadline, and time passes between their turns: for one of these
// deadlines the first is in time, and the second is not.
TEST_F(Deadlines, EachJobOfABatchIsHeldToTheClockOfItsOwnTurn) {
  int split_count = 0;
  for (int64_t left_ms = 1; left_ms <= 20; ++left_ms) {
    Fate first;
    Fate second;
    Submit(clock_.now_ns() + left_ms * kMs, 1, &first);
    Submit(clock_.now_ns() + left_ms * kMs, 1, &second);
    clock_.Tick(kMs);
    pipeline_.sequencer_stage().Step();
    clock_.Tick(0);
    WorkThrough(0);
    EXPECT_NE(first.is_decided, first.refusal.has_value());
    EXPECT_NE(second.is_decided, second.refusal.has_value());
    if (!first.is_decided) {
      EXPECT_EQ(first.refusal, ErrorReason::kDeadlinePassed);
    }
    if (first.is_decided && !second.is_decided) ++split_count;
  }
  EXPECT_EQ(split_count, 1);
}

TEST_F(Deadlines, ADeadlineThatHasPassedAtTheDoorIsRefusedAndCounted) {
  Fate fate;
  EXPECT_EQ(Submit(clock_.now_ns(), 1, &fate).refusal, ErrorReason::kDeadlinePassed);
  EXPECT_EQ(pipeline_.stats().deadline_drops.value(), 1);
  EXPECT_EQ(pipeline_.stats().requests_in_flight.load(), 0);
}

// 1,000 requests took 100 ms, so 1,000 more will.
TEST_F(Deadlines, WhoWouldWaitBeyondTheirDeadlineIsRefusedAtTheDoor) {
  Fate fates[4];
  Submit(INT64_MAX, 1'000, &fates[0]);
  WorkThrough(100 * kMs);
  ASSERT_TRUE(fates[0].is_decided);
  EXPECT_FALSE(pipeline_.Refuses(clock_.now_ns() + kMs)) << "nothing waits";
  Submit(INT64_MAX, 1'000, &fates[1]);
  EXPECT_FALSE(fates[1].refusal.has_value());
  EXPECT_TRUE(pipeline_.Refuses(clock_.now_ns() + 100 * kMs));
  EXPECT_EQ(Submit(clock_.now_ns() + 100 * kMs, 1, &fates[2]).refusal, ErrorReason::kOverloaded);
  EXPECT_FALSE(pipeline_.Refuses(clock_.now_ns() + 300 * kMs));
  EXPECT_FALSE(Submit(clock_.now_ns() + 300 * kMs, 1, &fates[3]).refusal.has_value());
  EXPECT_EQ(pipeline_.stats().overloads.value(), 2);
  WorkThrough(0);
  EXPECT_TRUE(fates[1].is_decided);
  EXPECT_TRUE(fates[3].is_decided);
}

// Answers take 20 ms from the decision on, and may take twice that; who has waited until 30 ms are
// left may not hear one.
TEST_F(Deadlines, WhoHasWaitedTooLongIsNotDecidedForNobody) {
  for (int i = 0; i < 100; ++i) {
    Fate fate;
    Submit(INT64_MAX, 1, &fate);
    WorkThrough(20 * kMs);
  }
  Fate late;
  Submit(clock_.now_ns() + 100 * kMs, 1, &late);
  clock_.Pass(70 * kMs);
  WorkThrough(0);
  EXPECT_EQ(late.refusal, ErrorReason::kOverloaded);
  Fate early;
  Submit(clock_.now_ns() + 100 * kMs, 1, &early);
  clock_.Pass(50 * kMs);
  WorkThrough(0);
  EXPECT_TRUE(early.is_decided);
}

}  // namespace
}  // namespace tipgate
