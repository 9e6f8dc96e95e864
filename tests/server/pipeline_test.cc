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

}  // namespace
}  // namespace tipgate
