#include "server/pipeline.h"

#include <gtest/gtest.h>

#include "tests/server/service_gate.h"
#include "tests/support/core_gate.h"
#include "tipgate/v1/audit.pb.h"

namespace tipgate {
namespace {

absl::Duration Retention() {
  return absl::Milliseconds(CoreGate::DefaultLimits().idempotency_retention_ms);
}

// Puts a payer so long after the scene; which keys are forgotten at the end.
int64_t ForgottenBefore(absl::Duration age, int64_t* last_of_scene) {
  ServiceGate gate;
  gate.PutScene();
  *last_of_scene = gate.journal.Head().sequence;
  gate.clock.Advance(age);
  v1::PutPayerRequest request;
  request.set_idempotency_key("new");
  request.set_payer_id(2);
  request.mutable_facts()->set_real_name_verified(true);
  request.mutable_facts()->set_age_band(v1::AGE_BAND_ADULT);
  request.mutable_facts()->set_source("idp");
  EXPECT_FALSE(gate.Call<v1::PutPayerResponse>(gate.handlers.put_payer, request).error.has_value());
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

}  // namespace
}  // namespace tipgate
