#include "server/pipeline.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/server/service_gate.h"
#include "tests/support/core_gate.h"
#include "tipgate/v1/audit.pb.h"

namespace tipgate {
namespace {

absl::Duration Retention() {
  return absl::Milliseconds(CoreGate::DefaultLimits().idempotency_retention_ms);
}

v1::PutPayerRequest NewPayer(int64_t payer_id) {
  v1::PutPayerRequest request;
  request.set_idempotency_key(std::to_string(payer_id));
  request.set_payer_id(payer_id);
  request.mutable_facts()->set_real_name_verified(true);
  request.mutable_facts()->set_age_band(v1::AGE_BAND_ADULT);
  request.mutable_facts()->set_source("idp");
  return request;
}

// Puts a payer so long after the scene; which keys are forgotten at the end.
int64_t ForgottenBefore(absl::Duration age, int64_t* last_of_scene) {
  ServiceGate gate;
  gate.PutScene();
  *last_of_scene = gate.journal.Head().sequence;
  gate.clock.Advance(age);
  const auto called = gate.Call<v1::PutPayerResponse>(gate.handlers.put_payer, NewPayer(2));
  EXPECT_FALSE(called.error.has_value());
  gate.Stop();
  return gate.store.forget_keys_before();
}

TEST(Pipeline, KeysOlderThanTheRetentionAndTheSkewOfClocksAreForgotten) {
  const absl::Duration age = Retention() + absl::Milliseconds(kClockAheadMaxMs);
  int64_t last_of_scene = 0;
  EXPECT_EQ(ForgottenBefore(age, &last_of_scene), 1);
  EXPECT_EQ(ForgottenBefore(age + absl::Milliseconds(1), &last_of_scene), last_of_scene + 1);
}

// What is remembered between two checkpoints is bounded, whatever their interval.
TEST(Pipeline, TooManyKeysBringACheckpointBeforeItsTime) {
  ServiceGate gate(/*requests_max=*/100'000, /*checkpoint_keys_max=*/3);
  gate.PutScene();  // three changes
  v1::GetServerInfoRequest request;
  while (gate.stats().checkpoints.value() == 0) {
    gate.Call<v1::GetServerInfoResponse>(gate.handlers.get_server_info, request);
  }
  EXPECT_TRUE(gate.store.FindSession(SessionId(1))->has_value());
  gate.Stop();
}

// Keys in memory are bounded even if the disk does not keep up.
TEST(Pipeline, RefusesClientsWhileCheckpointsAreFarBehind) {
  constexpr int64_t kKeysMax = 3;
  ServiceGate gate(/*requests_max=*/100'000, kKeysMax);
  gate.PutScene();
  gate.store.Hold();
  int64_t payer_id = 100;
  std::optional<CallError> error;
  while (!error.has_value() && payer_id < 200) {
    error = gate.Call<v1::PutPayerResponse>(gate.handlers.put_payer, NewPayer(++payer_id)).error;
  }
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->reason, ErrorReason::kOverloaded);
  EXPECT_GE(payer_id - 100, 2 * kKeysMax);
  EXPECT_LE(payer_id - 100, 6 * kKeysMax);
  gate.RunOwn(TickCommand());  // the gate itself goes on
  gate.store.Release();
  while (error.has_value()) {
    error = gate.Call<v1::PutPayerResponse>(gate.handlers.put_payer, NewPayer(payer_id)).error;
  }
  gate.Stop();
}

// A wall clock that has jumped must not make the gate forget keys that callers still retry.
TEST(Pipeline, KeysAreForgottenByTheTimeOfTheJournal) {
  ServiceGate gate;
  gate.PutScene();
  gate.clock.Advance(Retention() + absl::Hours(24 * 365));
  gate.Stop();
  EXPECT_EQ(gate.store.forget_keys_before(), 1);
}

TEST(Pipeline, TellsWhenTheClockIsRefusedAndWhenNoMore) {
  ServiceGate gate;
  gate.PutScene();
  EXPECT_FALSE(gate.stats().is_clock_refused.load());
  gate.clock.Step(absl::Hours(20'000));
  v1::GetPayerRequest request;
  request.set_payer_id(1);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(gate.Call<v1::GetPayerResponse>(gate.handlers.get_payer, request).reason(),
              ErrorReason::kClockUntrusted);
  }
  EXPECT_TRUE(gate.stats().is_clock_refused.load());
  gate.clock.Step(-absl::Hours(20'000));
  for (int i = 0; i < 2; ++i) {
    EXPECT_FALSE(
        gate.Call<v1::GetPayerResponse>(gate.handlers.get_payer, request).error.has_value());
  }
  EXPECT_FALSE(gate.stats().is_clock_refused.load());
  gate.Stop();
  ASSERT_EQ(gate.clock_told.size(), 2U);
  EXPECT_TRUE(absl::IsUnavailable(gate.clock_told[0]));
  EXPECT_TRUE(gate.clock_told[1].ok());
}

int64_t CountOf(const LatencyHistogram& histogram) {
  int64_t count = 0;
  for (size_t i = 0; i < LatencyHistogram::kBucketsCount; ++i) count += histogram.CountOf(i);
  return count;
}

// The gate asks itself ten times a second what is due: that must not hide what clients wait for.
TEST(Pipeline, OnlyCallsOfClientsAreMeasured) {
  ServiceGate gate;
  gate.RunOwn(HistoryVisit());
  gate.RunOwn(TickCommand());
  EXPECT_EQ(CountOf(gate.stats().queue_ns), 0);
  EXPECT_EQ(CountOf(gate.stats().decide_ns), 0);
  gate.PutScene();  // three calls, one after the other
  gate.Stop();
  EXPECT_EQ(CountOf(gate.stats().queue_ns), 3);
  EXPECT_EQ(CountOf(gate.stats().decide_ns), 3);
  EXPECT_EQ(CountOf(gate.stats().reply_ns), 3);
  EXPECT_GT(CountOf(gate.stats().journal_ns), 3);  // the policy and the catalogue too
}

// A gate whose journal writes one call's entry, and does not come to an end with it.
class PipelineBehindASlowJournal : public ::testing::Test {
 protected:
  PipelineBehindASlowJournal() {
    gate_.PutScene();
    first_sequence_ = gate_.journal.Head().sequence + 1;
    gate_.journal.Hold();
    Decide(100);
    gate_.journal.AwaitHeldAppend();
  }

  ~PipelineBehindASlowJournal() override { End(); }

  // Puts a payer on a thread of its own; returns once that is decided.
  void Decide(int64_t payer_id) {
    callers_.emplace_back([this, payer_id] {
      const auto called =
          gate_.Call<v1::PutPayerResponse>(gate_.handlers.put_payer, NewPayer(payer_id));
      EXPECT_FALSE(called.error.has_value());
    });
    const int64_t taken_count = kSceneCalls + static_cast<int64_t>(callers_.size());
    while (CountOf(gate_.stats().queue_ns) < taken_count) std::this_thread::yield();
  }

  // Lets the journal write, and all calls end.
  void End() {
    gate_.journal.Release();
    for (std::thread& caller : callers_) caller.join();
    callers_.clear();
  }

  std::vector<size_t> RecordsOfEntries() const {
    std::vector<size_t> counts;
    for (int64_t i = first_sequence_; i <= gate_.journal.Head().sequence; ++i) {
      Entry entry;
      EXPECT_TRUE(gate_.journal.Read(i, &entry).ok());
      counts.push_back(entry.records.size());
    }
    return counts;
  }

  static constexpr int64_t kSceneCalls = 3;

  ServiceGate gate_;
  int64_t first_sequence_ = 0;
  std::vector<std::thread> callers_;
};

TEST_F(PipelineBehindASlowJournal, ABatchStaysOpenWhileTheOneBeforeIsWritten) {
  Decide(101);
  Decide(102);
  Decide(103);
  End();
  EXPECT_EQ(RecordsOfEntries(), (std::vector<size_t>{1, 3}));
}

// Its moment would become too old.
TEST_F(PipelineBehindASlowJournal, ABatchIsClosedAfterTwentyMilliseconds) {
  const int64_t closed_count = gate_.stats().batch_records.sum();
  Decide(101);
  gate_.clock.Advance(absl::Milliseconds(20) - absl::Nanoseconds(1));
  Decide(102);
  gate_.clock.Advance(absl::Nanoseconds(1));
  while (gate_.stats().batch_records.sum() < closed_count + 2) std::this_thread::yield();
  Decide(103);
  End();
  EXPECT_EQ(RecordsOfEntries(), (std::vector<size_t>{1, 2, 1}));
}

}  // namespace
}  // namespace tipgate
