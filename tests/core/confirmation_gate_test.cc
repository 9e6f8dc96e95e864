// Confirmation gates and their tokens.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/payer_controls_fixture.h"

namespace tipgate {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ConfirmationGateTest : public PayerControlsTest {
 protected:
  // Half of a day limit of 1,001 fen: the gate is at 501, in thousandths at 500.5.
  ConfirmationGateTest() { Use(true); }

  void Use(bool is_strict) {
    Policy policy = SamplePolicy();
    policy.day_limit = Money(1'001);
    policy.month_limit = Money(10'000);
    policy.confirmation = {.day_permille = 500, .month_permille = 500, .is_strict = is_strict};
    gate_.Activate(policy);
  }
};

TEST_F(ConfirmationGateTest, T18AndK1TheTipThatReachesTheGateIsRefusedUntilConfirmed) {
  const Decided refused = Tip(501);
  EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kConfirmationRequired));
  EXPECT_EQ(refused.violations.front().limit, 501);
  EXPECT_EQ(refused.violations.front().retry_time_ms, 0);  // too much for any day
  EXPECT_EQ(refused.tip.amount_max, Money(500));
  EXPECT_TRUE(Tip(500).is_accepted());
  const Decided next = Tip(1);
  EXPECT_THAT(next.codes(), ElementsAre(RejectionCode::kConfirmationRequired));
  EXPECT_EQ(next.tip.amount_max, Money());
  EXPECT_GT(next.violations.front().retry_time_ms, gate_.now_ms);  // tomorrow
  gate_.Confirm(kPayer, ConfirmationScope::kDayGate);
  EXPECT_TRUE(Tip(501).is_accepted());
  EXPECT_THAT(Codes(1), ElementsAre(RejectionCode::kDayLimit));
  ExpectProved();
}

TEST_F(ConfirmationGateTest, T18AndK1LooselyOnlyTipsAfterTheGateAreRefused) {
  Use(false);
  EXPECT_TRUE(Tip(500).is_accepted());
  EXPECT_EQ(gate_.Check(gate_.MakeTip(kPayer, kFen, 1)).tip.amount_max, Money(501));
  EXPECT_TRUE(Tip(1).is_accepted());
  const Decided refused = Tip(1);
  EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kConfirmationRequired));
  EXPECT_EQ(refused.tip.amount_max, Money());
}

TEST_F(ConfirmationGateTest, T18AndK2APassedGateStaysPassedForItsPeriodAndTheNextAsksAgain) {
  gate_.Confirm(kPayer, ConfirmationScope::kDayGate);
  EXPECT_TRUE(Tip(501).is_accepted());
  gate_.SetTime("2026-11-23 23:59:59.999");
  EXPECT_TRUE(Tip(400).is_accepted());
  gate_.SetTime("2026-11-24 00:00:00.000");
  EXPECT_THAT(Codes(501), ElementsAre(RejectionCode::kConfirmationRequired));
  EXPECT_THAT(Codes(500), IsEmpty());
}

TEST_F(ConfirmationGateTest, T18AndK2RetryTimeHeedsTheGateThatStandsAgainTomorrow) {
  gate_.Confirm(kPayer, ConfirmationScope::kDayGate);
  EXPECT_TRUE(Tip(600).is_accepted());
  const int64_t midnight_ms = gate_.now_ms + 4 * 3'600'000;
  // The gate of tomorrow lets 500 through, and 501 not.
  const Decided below = gate_.Check(gate_.MakeTip(kPayer, kFen, 500));
  EXPECT_THAT(below.codes(), ElementsAre(RejectionCode::kDayLimit));
  EXPECT_EQ(below.tip.retry_time_ms, midnight_ms);
  const Decided above = gate_.Check(gate_.MakeTip(kPayer, kFen, 501));
  ASSERT_THAT(above.codes(), ElementsAre(RejectionCode::kDayLimit));
  EXPECT_EQ(above.violations[0].retry_time_ms, midnight_ms);
  EXPECT_EQ(above.tip.retry_time_ms, 0);
}

TEST_F(ConfirmationGateTest, T18TheMonthHasAGateOfItsOwn) {
  Policy policy = SamplePolicy();
  policy.day_limit = Money(9'000);
  policy.month_limit = Money(10'000);
  policy.confirmation = {.day_permille = 500, .month_permille = 500};
  gate_.Activate(policy);
  EXPECT_THAT(Codes(5'000), ElementsAre(RejectionCode::kConfirmationRequired,
                                        RejectionCode::kConfirmationRequired));
  gate_.Confirm(kPayer, ConfirmationScope::kDayGate);
  EXPECT_THAT(Codes(5'000), ElementsAre(RejectionCode::kConfirmationRequired));
  EXPECT_THAT(Codes(4'999), IsEmpty());
  gate_.Confirm(kPayer, ConfirmationScope::kMonthGate);
  EXPECT_THAT(Codes(5'000), IsEmpty());
}

TEST_F(ConfirmationGateTest, T18AndK3ATokenIsUsedOnceByItsPayerInItsScope) {
  constexpr ConfirmationScope kScope = ConfirmationScope::kDayGate;
  gate_.PutAdult(PayerId(2));
  EXPECT_EQ(Refusal(kScope, ConfirmationToken("x")), ConfirmationRefusal::kNotStarted);
  const ConfirmationToken token = gate_.StartConfirmation(kPayer, kScope).confirmation.token;
  EXPECT_EQ(gate_.CompleteConfirmation(PayerId(2), kScope, token).confirmation.refusal,
            ConfirmationRefusal::kNotStarted);
  EXPECT_EQ(Refusal(ConfirmationScope::kMonthGate, token), ConfirmationRefusal::kNotStarted);
  EXPECT_EQ(Refusal(kScope, token), ConfirmationRefusal::kNone);
  EXPECT_EQ(Refusal(kScope, token), ConfirmationRefusal::kNotStarted);
}

TEST_F(ConfirmationGateTest, T18AndK4ATokenExpiresAfterFiveMinutes) {
  constexpr ConfirmationScope kScope = ConfirmationScope::kDayGate;
  ConfirmationToken token = gate_.StartConfirmation(kPayer, kScope).confirmation.token;
  gate_.now_ms += kConfirmationMs;
  EXPECT_EQ(Refusal(kScope, token), ConfirmationRefusal::kExpired);
  token = gate_.StartConfirmation(kPayer, kScope).confirmation.token;
  gate_.now_ms += kConfirmationMs - 1;
  EXPECT_EQ(Refusal(kScope, token), ConfirmationRefusal::kNone);
}

TEST_F(ConfirmationGateTest, T18AndK4TheFifthWrongTokenIsTheLast) {
  constexpr ConfirmationScope kScope = ConfirmationScope::kDayGate;
  ConfirmationToken token = gate_.StartConfirmation(kPayer, kScope).confirmation.token;
  for (int i = 1; i < kConfirmationAttemptsMax; ++i) {
    EXPECT_EQ(Refusal(kScope, ConfirmationToken("guess")), ConfirmationRefusal::kWrongToken);
  }
  EXPECT_EQ(Refusal(kScope, token), ConfirmationRefusal::kNone);
  token = gate_.StartConfirmation(kPayer, kScope).confirmation.token;
  for (int i = 1; i <= kConfirmationAttemptsMax; ++i) {
    EXPECT_EQ(Refusal(kScope, ConfirmationToken("guess")), ConfirmationRefusal::kWrongToken);
  }
  EXPECT_EQ(Refusal(kScope, token), ConfirmationRefusal::kNotStarted);
  ExpectProved();
}

TEST_F(ConfirmationGateTest, T18AndK3ATokenOfYesterdayOrOfAnotherPolicyIsRefused) {
  gate_.SetTime("2026-11-23 23:59:00.000");
  ConfirmationToken token =
      gate_.StartConfirmation(kPayer, ConfirmationScope::kDayGate).confirmation.token;
  gate_.SetTime("2026-11-24 00:00:00.000");
  EXPECT_EQ(Refusal(ConfirmationScope::kDayGate, token), ConfirmationRefusal::kOtherPeriod);
  token = gate_.StartConfirmation(kPayer, ConfirmationScope::kMonthGate).confirmation.token;
  Use(true);
  EXPECT_EQ(Refusal(ConfirmationScope::kMonthGate, token), ConfirmationRefusal::kPolicyChanged);
}

}  // namespace
}  // namespace tipgate
