#include "server/tip_handlers.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "server/request_conversion.h"
#include "tests/server/handlers_fixture.h"

namespace tipgate {
namespace {

class TipHandlers : public HandlersFixture {};

TEST_F(TipHandlers, ATipIsDecided) {
  const auto called = Tip("a");
  EXPECT_EQ(called.response.decision().outcome(), v1::OUTCOME_ACCEPTED);
  EXPECT_EQ(called.response.decision().amount_minor(), 10'000);
}

TEST_F(TipHandlers, ARepeatGetsTheSameBytesLater) {
  const auto first = Tip("a");
  Tip("b");
  gate_.clock.Advance(absl::Minutes(1));
  EXPECT_EQ(Tip("a").bytes, first.bytes);
  const auto rejected = Tip("c", 51);
  EXPECT_EQ(rejected.response.decision().outcome(), v1::OUTCOME_REJECTED);
  EXPECT_EQ(Tip("c", 51).bytes, rejected.bytes);
}

TEST_F(TipHandlers, AKeyOfAnotherTipIsRefused) {
  Tip("a", 1);
  const auto called = Tip("a", 2);
  EXPECT_EQ(called.reason(), ErrorReason::kKeyReused);
  EXPECT_EQ(called.error->field, "tip.idempotency_key");
  EXPECT_EQ(gate_.stats().key_conflicts.value(), 1);
}

TEST_F(TipHandlers, AKeyOfAnotherKindIsRefused) {
  EXPECT_EQ(Tip("scene-payer").reason(), ErrorReason::kKeyReused);
  Tip("a");
  const auto called = Recharge("a", 1'000);
  EXPECT_EQ(called.reason(), ErrorReason::kKeyReused);
  EXPECT_EQ(called.error->field, "idempotency_key");
}

TEST_F(TipHandlers, AMalformedTipIsRefusedWithItsField) {
  const auto called = Tip("a", 0);
  EXPECT_EQ(called.reason(), ErrorReason::kInvalidField);
  EXPECT_EQ(called.error->field, "tip.count");
  EXPECT_EQ(called.error->message, "tip.count: must be 1 .. 9999, was 0");
  EXPECT_EQ(gate_.stats().invalid_calls.value(), 1);
  const auto empty =
      gate_.Call<v1::AuthorizeTipResponse>(gate_.handlers.authorize_tip, v1::AuthorizeTipRequest());
  EXPECT_EQ(empty.error->field, "tip");
}

TEST_F(TipHandlers, AnIntentOlderThanTheKeyMemoryIsRefused) {
  v1::AuthorizeTipRequest request;
  Fill("a", 1, request.mutable_tip());
  request.mutable_tip()->mutable_create_time()->set_seconds(0);
  const auto called = gate_.Call<v1::AuthorizeTipResponse>(gate_.handlers.authorize_tip, request);
  EXPECT_EQ(called.reason(), ErrorReason::kCreateTimeTooOld);
  EXPECT_EQ(called.error->field, "tip.create_time");
}

TEST_F(TipHandlers, TipsOfABatchAreDecidedEachByItself) {
  const auto before = Tip("known");
  v1::AuthorizeTipsRequest request;
  Fill("a", 1, request.add_tips());
  Fill("b", 0, request.add_tips());      // malformed
  Fill("c", 51, request.add_tips());     // refused
  Fill("known", 1, request.add_tips());  // a repeat
  Fill("known", 2, request.add_tips());  // another payload
  Fill("a", 1, request.add_tips());      // a repeat within the batch
  const auto called = Tips(request);
  ASSERT_EQ(called.response.results_size(), 6);
  const auto& results = called.response.results();
  EXPECT_EQ(results[0].decision().outcome(), v1::OUTCOME_ACCEPTED);
  EXPECT_EQ(results[1].error().code(), 3);
  EXPECT_EQ(results[1].error().reason(), v1::ERROR_REASON_INVALID_FIELD);
  EXPECT_EQ(results[1].error().field(), "tips[1].count");
  EXPECT_EQ(results[1].error().message(), "tips[1].count: must be 1 .. 9999, was 0");
  EXPECT_EQ(results[2].decision().outcome(), v1::OUTCOME_REJECTED);
  EXPECT_EQ(results[3].decision().SerializeAsString(),
            before.response.decision().SerializeAsString());
  EXPECT_EQ(results[4].error().code(), 6);
  EXPECT_EQ(results[4].error().reason(), v1::ERROR_REASON_KEY_REUSED);
  EXPECT_EQ(results[4].error().field(), "tips[4].idempotency_key");
  EXPECT_EQ(results[5].decision().SerializeAsString(), results[0].decision().SerializeAsString());
}

TEST_F(TipHandlers, ABatchOfMalformedTipsHasItsErrors) {
  v1::AuthorizeTipsRequest request;
  request.add_tips();
  request.add_tips();
  const auto called = Tips(request);
  ASSERT_EQ(called.response.results_size(), 2);
  EXPECT_EQ(called.response.results(1).error().field(), "tips[1].idempotency_key");
  EXPECT_EQ(gate_.stats().invalid_calls.value(), 1);
}

TEST_F(TipHandlers, ABatchHas1To8192Tips) {
  EXPECT_EQ(Tips(v1::AuthorizeTipsRequest()).error->field, "tips");
  v1::AuthorizeTipsRequest request;
  for (int i = 0; i < kTipsMax; ++i) request.add_tips();
  EXPECT_EQ(Tips(request).response.results_size(), kTipsMax);
  request.add_tips();
  EXPECT_EQ(Tips(request).reason(), ErrorReason::kInvalidField);
}

TEST_F(TipHandlers, ABatchThatIsRepeatedGetsTheSameBytes) {
  v1::StreamTipsRequest request;
  for (int i = 0; i < 100; ++i) Fill(absl::StrCat("k", i), 1 + i % 60, request.add_tips());
  const auto first = gate_.Call<v1::StreamTipsResponse>(gate_.handlers.stream_tips, request);
  const auto again = gate_.Call<v1::StreamTipsResponse>(gate_.handlers.stream_tips, request);
  EXPECT_EQ(first.response.results_size(), 100);
  EXPECT_EQ(again.bytes, first.bytes);
}

TEST_F(TipHandlers, ABatchAboveTheBoundIsRefusedAsAWhole) {
  ServiceGate small(/*requests_max=*/4);
  v1::AuthorizeTipsRequest request;
  for (int i = 0; i < 5; ++i) Fill(absl::StrCat("k", i), 1, request.add_tips());
  const auto called = small.Call<v1::AuthorizeTipsResponse>(small.handlers.authorize_tips, request);
  EXPECT_EQ(called.reason(), ErrorReason::kOverloaded);
}

TEST_F(TipHandlers, ADryRunDecidesAndChangesNothing) {
  v1::CheckTipRequest request;
  Fill("", 1, request.mutable_tip());
  const auto called = gate_.Call<v1::CheckTipResponse>(gate_.handlers.check_tip, request);
  EXPECT_EQ(called.response.decision().outcome(), v1::OUTCOME_ACCEPTED);
  EXPECT_EQ(called.response.decision().tip_id(), 0);
  EXPECT_EQ(called.response.decision().day_total_minor(), 10'000);
  EXPECT_EQ(Tip("a").response.decision().day_total_minor(), 10'000);
}

}  // namespace
}  // namespace tipgate
