#include "server/pipeline.h"

#include <gtest/gtest.h>

#include "tests/server/service_gate.h"
#include "tests/support/core_gate.h"

namespace tipgate {
namespace {

absl::Duration Retention() {
  return absl::Milliseconds(CoreGate::DefaultLimits().idempotency_retention_ms);
}

TEST(Pipeline, KeysOlderThanTheRetentionAreForgotten) {
  ServiceGate gate;
  gate.PutScene();
  const int64_t old_sequence = gate.journal.Head().sequence;
  gate.clock.Advance(Retention() + absl::Milliseconds(kCreateTimeAheadMaxMs + 1));
  v1::PutPayerRequest request;
  request.set_idempotency_key("new");
  request.set_payer_id(2);
  request.mutable_facts()->set_real_name_verified(true);
  request.mutable_facts()->set_age_band(v1::AGE_BAND_ADULT);
  request.mutable_facts()->set_source("idp");
  ASSERT_FALSE(gate.Call<v1::PutPayerResponse>(gate.handlers.put_payer, request).error.has_value());
  gate.Stop();
  EXPECT_EQ(gate.store.forget_keys_before(), old_sequence + 1);
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
