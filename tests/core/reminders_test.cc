#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/core_gate.h"

namespace tipgate {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Day limit 1,000 fen with thresholds at 300, 500, 800 and 1,000; the month limit is far.
class Reminders : public ::testing::Test {
 protected:
  Reminders() : gate_(WithDayLimit(1'000)) { gate_.PutScene(); }

  static Policy WithDayLimit(int64_t day_limit) {
    Policy policy = SamplePolicy();
    policy.day_limit = Money(day_limit);
    return policy;
  }

  std::vector<int32_t> Tip(int32_t fen) {
    std::vector<int32_t> permille;
    for (const Reminder& reminder :
         gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(1), fen)).reminders) {
      EXPECT_EQ(reminder.period, Period::kDay);
      permille.push_back(reminder.permille);
    }
    return permille;
  }

  CoreGate gate_;
};

TEST_F(Reminders, W1ComeWhenTheTotalReachesTheThreshold) {
  EXPECT_THAT(Tip(299), IsEmpty());
  EXPECT_THAT(Tip(1), ElementsAre(300));
  EXPECT_THAT(Tip(1), IsEmpty());
}

TEST_F(Reminders, W2OneTipCarriesAllThatItCrosses) {
  EXPECT_THAT(Tip(799), ElementsAre(300, 500));
  EXPECT_THAT(Tip(201), ElementsAre(800, 1000));
}

TEST_F(Reminders, W1ARefusedTipCarriesNone) { EXPECT_THAT(Tip(1'001), IsEmpty()); }

TEST_F(Reminders, W1ComeAgainOnTheNextDay) {
  EXPECT_THAT(Tip(300), ElementsAre(300));
  gate_.SetTime("2026-11-24 00:00:00.000");
  EXPECT_THAT(Tip(300), ElementsAre(300));
}

TEST_F(Reminders, W3AreNotRepeatedWhenTheLimitIsRaised) {
  EXPECT_THAT(Tip(300), ElementsAre(300));
  gate_.Activate(WithDayLimit(2'000));
  EXPECT_THAT(Tip(300), IsEmpty());  // 600 of 2,000 is 300 permille again
  EXPECT_THAT(Tip(400), ElementsAre(500));
}

TEST_F(Reminders, W3AreNotMadeUpForWhenTheLimitIsLowered) {
  EXPECT_THAT(Tip(290), IsEmpty());
  gate_.Activate(WithDayLimit(500));
  EXPECT_THAT(Tip(1), IsEmpty());           // was past 300 permille of 500 already
  EXPECT_THAT(Tip(109), ElementsAre(800));  // 400 of 500; 500 permille (250) was passed too
}

TEST_F(Reminders, W3OfANewListAreToldWhereverTheyStandInIt) {
  Policy policy = WithDayLimit(1'000);
  policy.reminder_permille = {300, 500};
  gate_.Activate(policy);
  EXPECT_THAT(Tip(500), ElementsAre(300, 500));
  policy.reminder_permille = {500, 800};
  gate_.Activate(policy);
  EXPECT_THAT(Tip(300), ElementsAre(800));
}

TEST_F(Reminders, W1SurviveARestart) {
  EXPECT_THAT(Tip(500), ElementsAre(300, 500));
  gate_.Checkpoint();
  const std::unique_ptr<CoreGate> recovered = gate_.Recovered();
  const Decided next = recovered->Tip(recovered->MakeTip(PayerId(1), GiftId(1), 300));
  ASSERT_EQ(next.reminders.size(), 1U);
  EXPECT_EQ(next.reminders[0].permille, 800);
}

TEST_F(Reminders, W1OfTheMonthCountTheMonth) {
  Policy policy = SamplePolicy();
  policy.day_limit = Money(1'000);
  policy.month_limit = Money(2'000);
  policy.reminder_permille = {500};
  CoreGate gate(policy);
  gate.PutScene();
  const auto tip = [&](int32_t fen) {
    return gate.Tip(gate.MakeTip(PayerId(1), GiftId(1), fen)).reminders;
  };
  ASSERT_EQ(tip(999).size(), 1U);
  gate.SetTime("2026-11-24 01:00:00.000");
  const std::vector<Reminder> reminders = tip(1);
  ASSERT_EQ(reminders.size(), 1U);
  EXPECT_EQ(reminders[0].period, Period::kMonth);
}

}  // namespace
}  // namespace tipgate
