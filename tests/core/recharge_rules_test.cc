#include "core/rules/recharge_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/support/core_gate.h"

namespace tipgate {
namespace {

using ::testing::ElementsAre;

constexpr PayerId kPayer{1};

class RechargeRulesTest : public ::testing::Test {
 protected:
  RechargeRulesTest() { gate_.PutAdult(kPayer); }

  Decided Recharge(int64_t fen, int64_t hold_ms = 0) {
    return gate_.Recharge(kPayer, Money(fen), hold_ms);
  }
  Money DayTotal() { return gate_.state.payers.Find(kPayer)->recharges.day_total; }

  CoreGate gate_;
};

TEST_F(RechargeRulesTest, R7SingleCapIsReachedExactlyAndNotPassed) {
  EXPECT_TRUE(Recharge(500'000).is_accepted());
  const Decided refused = Recharge(500'001);
  EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kRechargeCap));
  EXPECT_EQ(refused.recharge.amount_max, Money(500'000));
  EXPECT_EQ(refused.recharge.state, RechargeState::kRejected);
}

TEST_F(RechargeRulesTest, R8DayLimitIsReachedExactlyAndFreedAtMidnight) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(Recharge(500'000).is_accepted());
  ASSERT_TRUE(Recharge(499'999).is_accepted());
  const Decided refused = Recharge(2);
  EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kRechargeDayLimit));
  EXPECT_EQ(refused.recharge.amount_max, Money(1));
  EXPECT_TRUE(Recharge(1).is_accepted());
  gate_.SetTime("2026-11-24 00:00:00.000");
  EXPECT_EQ(refused.recharge.retry_time_ms, gate_.now_ms);
  EXPECT_TRUE(Recharge(2).is_accepted());
}

TEST_F(RechargeRulesTest, R9MonthLimitIsReachedExactlyAndNotPassed) {
  for (const char* day : {"24", "25", "26"}) {
    gate_.SetTime(absl::StrCat("2026-11-", day, " 10:00:00.000"));
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(gate_.Capture(Recharge(500'000).id).is_accepted());
  }
  gate_.SetTime("2026-11-27 10:00:00.000");
  ASSERT_TRUE(Recharge(499'999).is_accepted());
  const Decided refused = Recharge(2);
  EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kRechargeMonthLimit));
  EXPECT_EQ(refused.recharge.amount_max, Money(1));
  EXPECT_TRUE(Recharge(1).is_accepted());
}

TEST_F(RechargeRulesTest, R2AndR4MinorsAndUnverifiedAreRefused) {
  PayerRecord record;
  record.payer = PayerId(2);
  record.is_verified = true;
  record.age.band = AgeBand::k16To17;
  gate_.PutPayer(record);
  const Decided minor = gate_.Recharge(PayerId(2), Money(1));
  EXPECT_THAT(minor.codes(), ElementsAre(RejectionCode::kMinorBlocked));
  EXPECT_EQ(minor.recharge.amount_max, Money());
  EXPECT_THAT(gate_.Recharge(PayerId(3), Money(1)).codes(),
              ElementsAre(RejectionCode::kRealNameRequired));
}

TEST_F(RechargeRulesTest, R3YouthModeRefusesAdultsToo) {
  PayerRecord record;
  record.payer = PayerId(2);
  record.is_verified = true;
  record.age.band = AgeBand::kAdult;
  record.has_youth_mode = true;
  gate_.PutPayer(record);
  EXPECT_THAT(gate_.Recharge(PayerId(2), Money(1)).codes(), ElementsAre(RejectionCode::kYouthMode));
}

TEST_F(RechargeRulesTest, R6APauseEndsToTheMillisecond) {
  gate_.Pause(kPayer, absl::Hours(24));
  gate_.Advance(absl::Hours(24) - absl::Milliseconds(1));
  const Decided refused = Recharge(1);
  EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kPayerPaused));
  EXPECT_EQ(refused.violations.front().retry_time_ms, gate_.now_ms + 1);
  gate_.now_ms += 1;
  EXPECT_TRUE(Recharge(1).is_accepted());
}

TEST_F(RechargeRulesTest, R10AHoldCountsAtOnceAndAVoidGivesItBack) {
  const Decided held = Recharge(1'000);
  EXPECT_EQ(held.recharge.state, RechargeState::kHeld);
  EXPECT_EQ(DayTotal(), Money(1'000));
  const Decided voided = gate_.Void(held.id);
  EXPECT_EQ(voided.recharge.state, RechargeState::kVoided);
  EXPECT_EQ(voided.recharge.day_total, Money());
  EXPECT_EQ(DayTotal(), Money());
  EXPECT_EQ(gate_.Void(held.id).error(), ErrorReason::kWrongState);
  EXPECT_EQ(gate_.Capture(held.id).error(), ErrorReason::kWrongState);
}

TEST_F(RechargeRulesTest, R10ACapturedRechargeStaysCounted) {
  const Decided held = Recharge(1'000);
  EXPECT_EQ(gate_.Capture(held.id).recharge.state, RechargeState::kCaptured);
  EXPECT_EQ(DayTotal(), Money(1'000));
  EXPECT_EQ(gate_.Capture(held.id).error(), ErrorReason::kWrongState);
  EXPECT_EQ(gate_.state.totals.recharge_captured, Money(1'000));
}

TEST_F(RechargeRulesTest, R10AHoldLastsUntilItsExpireTimeExactly) {
  const Decided held = Recharge(1'000, 5'000);
  gate_.now_ms += 4'999;
  gate_.Tick();
  EXPECT_EQ(DayTotal(), Money(1'000));
  gate_.now_ms += 1;
  gate_.Tick();
  EXPECT_EQ(DayTotal(), Money());
  EXPECT_EQ(gate_.state.recharges.Find(held.id)->state, RechargeState::kExpired);
  EXPECT_EQ(gate_.Void(held.id).error(), ErrorReason::kWrongState);
}

TEST_F(RechargeRulesTest, R11ACaptureOneMillisecondBeforeTheExpiryIsInTime) {
  const Decided held = Recharge(1'000, 5'000);
  gate_.now_ms += 4'999;
  const Decided captured = gate_.Capture(held.id);
  EXPECT_TRUE(captured.is_accepted());
  EXPECT_FALSE(captured.recharge.is_late);
}

TEST_F(RechargeRulesTest, R11ALateCaptureIsDecidedAfresh) {
  const Decided held = Recharge(400'000, 5'000);
  gate_.now_ms += 5'000;
  const Decided late = gate_.Capture(held.id);
  EXPECT_TRUE(late.is_accepted());
  EXPECT_TRUE(late.recharge.is_late);
  EXPECT_EQ(DayTotal(), Money(400'000));
  EXPECT_EQ(gate_.state.totals.recharge_expired, Money());
}

TEST_F(RechargeRulesTest, R11ALateCaptureThatTheRulesRefuseIsFinal) {
  const Decided held = Recharge(400'000, 5'000);
  gate_.now_ms += 5'000;
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(Recharge(500'000).is_accepted());
  const Decided late = gate_.Capture(held.id);
  EXPECT_THAT(late.codes(), ElementsAre(RejectionCode::kRechargeDayLimit));
  EXPECT_EQ(late.recharge.state, RechargeState::kReturned);
  EXPECT_EQ(late.recharge.retry_time_ms, 0);
  EXPECT_EQ(DayTotal(), Money(2'000'000));
  // The app has been told to return the money: no later capture may count it.
  gate_.SetTime("2026-11-24 10:00:00.000");
  EXPECT_EQ(gate_.Capture(held.id).error(), ErrorReason::kWrongState);
  EXPECT_EQ(gate_.Void(held.id).error(), ErrorReason::kWrongState);
  EXPECT_EQ(gate_.state.totals.recharge_captured, Money());
  EXPECT_EQ(gate_.Recovered()->Fingerprint(), gate_.Fingerprint());
  gate_.Checkpoint();
  EXPECT_EQ(gate_.Recovered()->Capture(held.id).error(), ErrorReason::kWrongState);
}

TEST_F(RechargeRulesTest, R13NothingIsDecidedBeforeAllThatIsDueHasExpired) {
  constexpr int64_t kHolds = Sequencer::kDuesMax + 1;
  Policy policy = SamplePolicy();
  policy.recharge_day_limit = Money(kHolds);
  gate_.Activate(policy);
  for (int64_t i = 0; i < kHolds; ++i) ASSERT_TRUE(Recharge(1, 5'000).is_accepted());
  EXPECT_FALSE(Recharge(1).is_accepted());
  gate_.now_ms += 5'000;
  EXPECT_TRUE(Recharge(kHolds).is_accepted());
}

TEST_F(RechargeRulesTest, R13AVisitSharesTheBatchInWhichAHoldExpires) {
  Recharge(1'000, 5'000);
  gate_.now_ms += 5'000;
  const int64_t before = gate_.journal->Head().sequence;
  InfoVisit asked;
  asked.wants_fingerprint = true;
  Command command = asked;
  gate_.Execute(&command);
  const auto& visit = std::get<InfoVisit>(command);
  EXPECT_EQ(gate_.journal->Head().sequence, before + 1);
  EXPECT_EQ(visit.last_sequence, before + 1);
  EXPECT_EQ(visit.totals.recharge_expired, Money(1'000));
  EXPECT_EQ(visit.fingerprint, gate_.Fingerprint());
}

TEST_F(RechargeRulesTest, R10AVoidOnTheNextDayFreesTheMonthAlone) {
  gate_.SetTime("2026-11-23 23:50:00.000");
  const Decided held = Recharge(1'000);
  gate_.SetTime("2026-11-24 00:10:00.000");
  ASSERT_TRUE(Recharge(70).is_accepted());
  gate_.Void(held.id);
  const Payer& payer = *gate_.state.payers.Find(kPayer);
  EXPECT_EQ(payer.recharges.day_total, Money(70));
  EXPECT_EQ(payer.recharges.month_total, Money(70));
}

TEST_F(RechargeRulesTest, R12UnknownAndForgottenRechargesAreNotFound) {
  EXPECT_EQ(gate_.Capture(RecordId(1, 7)).error(), ErrorReason::kNotFound);
  const Decided held = Recharge(1'000);
  gate_.Capture(held.id);
  gate_.now_ms += kRechargeMemoryMs - 1;
  EXPECT_EQ(gate_.Capture(held.id).error(), ErrorReason::kWrongState);
  gate_.now_ms += 1;
  EXPECT_EQ(gate_.Capture(held.id).error(), ErrorReason::kNotFound);
  gate_.ForgetWhatIsDue();
  EXPECT_EQ(gate_.state.recharges.Find(held.id), nullptr);
}

}  // namespace
}  // namespace tipgate
