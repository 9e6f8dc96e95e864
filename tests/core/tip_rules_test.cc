#include "core/rules/tip_rules.h"

#include <limits>

#include "core/fold.h"
#include "tests/core/tip_rules_fixture.h"

namespace tipgate {
namespace {

using ::testing::ElementsAre;

TEST_F(TipRules, AcceptsWhatNoRuleRefuses) {
  const Decided decided = Tip(kHundredYuanGift, 3);
  EXPECT_TRUE(decided.is_accepted());
  EXPECT_EQ(decided.tip.outcome, Outcome::kAccepted);
  EXPECT_EQ(decided.tip.day_total, Money(30'000));
  EXPECT_EQ(decided.tip.day_left, Money(1'970'000));
  EXPECT_EQ(decided.tip.month_total, Money(30'000));
  EXPECT_EQ(decided.tip.policy_version, 1);
  EXPECT_TRUE(decided.id.is_set());
}

TEST_F(TipRules, T7StreamerMustBeKnownVerifiedAndOldEnough) {
  struct Case {
    AgeBand band;
    bool has_consent;
    bool is_verified;
    bool passes;
  };
  for (const Case& a_case :
       {Case{AgeBand::kAdult, false, true, true}, Case{AgeBand::kAdult, false, false, false},
        Case{AgeBand::k16To17, true, true, true}, Case{AgeBand::k16To17, false, true, false},
        Case{AgeBand::k8To15, true, true, false}, Case{AgeBand::kUnder8, true, true, false},
        Case{AgeBand::kUnknown, true, true, false}}) {
    StreamerRecord record;
    record.streamer = StreamerId(1);
    record.is_verified = a_case.is_verified;
    record.age.band = a_case.band;
    record.has_guardian_consent = a_case.has_consent;
    record.tier = TierName("L3");
    gate_.PutStreamer(record);
    const Decided decided = TipOf(kPayer);
    EXPECT_EQ(decided.is_accepted(), a_case.passes);
    if (!a_case.passes) {
      EXPECT_THAT(decided.codes(), ElementsAre(RejectionCode::kStreamerUnavailable));
    }
  }
}

TEST_F(TipRules, T7UnknownStreamerHasNoSessionEither) {
  TipRequest request = gate_.MakeTip(kPayer, kFenGift, 1);
  request.streamer = StreamerId(99);
  EXPECT_THAT(gate_.Tip(request).codes(),
              ElementsAre(RejectionCode::kStreamerUnavailable, RejectionCode::kSessionNotOpen));
}

TEST_F(TipRules, T9UnknownClosedOrForeignSessionsAreRefused) {
  TipRequest request = gate_.MakeTip(kPayer, kFenGift, 1);
  request.session = SessionId(99);
  EXPECT_THAT(gate_.Tip(request).codes(), ElementsAre(RejectionCode::kSessionNotOpen));
  gate_.PutAdultStreamer(StreamerId(2), "L3");
  request = gate_.MakeTip(kPayer, kFenGift, 1);
  request.streamer = StreamerId(2);
  EXPECT_THAT(gate_.Tip(request).codes(), ElementsAre(RejectionCode::kSessionNotOpen));
  gate_.CloseSession(SessionId(1));
  EXPECT_THAT(TipOf(kPayer).codes(), ElementsAre(RejectionCode::kSessionNotOpen));
}

TEST_F(TipRules, T10SessionIsOvertimeFromItsMaxEndTimeOn) {
  const int64_t end_ms = gate_.state.sessions.Find(SessionId(1))->max_end_time_ms;
  EXPECT_EQ(end_ms - gate_.now_ms, 8 * 3'600'000);
  gate_.now_ms = end_ms - 1;
  EXPECT_TRUE(TipOf(kPayer).is_accepted());
  gate_.now_ms = end_ms;
  EXPECT_THAT(TipOf(kPayer).codes(), ElementsAre(RejectionCode::kSessionOvertime));
}

TEST_F(TipRules, T11NobodyTipsThemself) {
  StreamerRecord record;
  record.streamer = StreamerId(1);
  record.is_verified = true;
  record.age.band = AgeBand::kAdult;
  record.tier = TierName("L3");
  record.payer = kPayer;
  gate_.PutStreamer(record);
  const Decided refused = TipOf(kPayer);
  EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kSelfTip));
  EXPECT_EQ(refused.tip.amount_max, Money());
  gate_.PutAdult(PayerId(2));
  EXPECT_TRUE(TipOf(PayerId(2)).is_accepted());
}

TEST_F(TipRules, T12UnknownDisabledOrOtherwisePricedGiftsAreRefused) {
  EXPECT_THAT(Tip(GiftId(77), 1).codes(), ElementsAre(RejectionCode::kGiftUnknown));
  EXPECT_THAT(Tip(kDisabledGift, 1).codes(), ElementsAre(RejectionCode::kGiftUnknown));
  for (const int64_t difference : {-1, 1}) {
    TipRequest request = gate_.MakeTip(kPayer, kHundredYuanGift, 1);
    request.unit_price = Money(10'000 + difference);
    const Decided decided = gate_.Tip(request);
    EXPECT_THAT(decided.codes(), ElementsAre(RejectionCode::kGiftUnknown));
    EXPECT_EQ(decided.violations[0].limit, 10'000);
    EXPECT_EQ(decided.violations[0].requested, 10'000 + difference);
  }
}

TEST_F(TipRules, T13GiftAtItsPriceCapPassesAndOneFenMoreDoesNot) {
  EXPECT_TRUE(Tip(kDearestGift, 1).is_accepted());
  const Decided refused = Tip(kTooDearGift, 1);
  EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kGiftPriceCap));
  EXPECT_EQ(refused.violations[0].limit, 300'000);
  EXPECT_EQ(refused.violations[0].requested, 300'001);
  EXPECT_EQ(refused.tip.amount_max, Money());
}

TEST_F(TipRules, T14TipAtItsCapPassesAndOneFenMoreDoesNot) {
  Policy policy = SamplePolicy();
  policy.tip_max = Money(9'998);
  gate_.Activate(policy);
  EXPECT_TRUE(Tip(kFenGift, 9'998).is_accepted());
  const Decided refused = Tip(kFenGift, 9'999);
  EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kTipCap));
  EXPECT_EQ(refused.violations[0].limit, 9'998);
  EXPECT_EQ(refused.violations[0].used, 0);
  EXPECT_EQ(refused.violations[0].requested, 9'999);
  EXPECT_EQ(refused.tip.amount_max, Money(9'998));
  EXPECT_EQ(refused.tip.count_max, 9'998);
  EXPECT_EQ(refused.tip.retry_time_ms, 0);
}

TEST_F(TipRules, T16DayLimitIsReachedExactlyAndNotPassed) {
  Spend(kPayer, Money(2'000'000 - 5));
  const Decided refused = Tip(kFenGift, 6);
  EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kDayLimit));
  EXPECT_EQ(refused.violations[0].limit, 2'000'000);
  EXPECT_EQ(refused.violations[0].used, 2'000'000 - 5);
  EXPECT_EQ(refused.violations[0].requested, 6);
  EXPECT_EQ(refused.violations[0].origin, LimitOrigin::kPolicy);
  EXPECT_EQ(refused.tip.amount_max, Money(5));
  EXPECT_EQ(refused.tip.day_total, Money(2'000'000 - 5));
  const Decided accepted = Tip(kFenGift, 5);
  EXPECT_TRUE(accepted.is_accepted());
  EXPECT_EQ(accepted.tip.day_left, Money());
  EXPECT_EQ(accepted.tip.amount_max, Money());
  EXPECT_THAT(Tip(kFenGift, 1).codes(), ElementsAre(RejectionCode::kDayLimit));
}

TEST_F(TipRules, T16RetryTimeIsTheNextLocalMidnightExactly) {
  gate_.SetTime("2026-11-23 22:00:00.000");
  Spend(kPayer, Money(2'000'000));
  const Decided refused = Tip(kFenGift, 1);
  gate_.SetTime("2026-11-23 23:59:59.999");
  EXPECT_FALSE(TipOf(kPayer).is_accepted());
  gate_.SetTime("2026-11-24 00:00:00.000");
  EXPECT_EQ(refused.tip.retry_time_ms, gate_.now_ms);
  EXPECT_TRUE(TipOf(kPayer).is_accepted());
}

TEST_F(TipRules, T16NoTimeCuresAnAmountAboveTheWholeLimit) {
  Policy policy = SamplePolicy();
  policy.day_limit = Money(100);
  policy.reminder_permille.clear();
  gate_.Activate(policy);
  const Decided refused = Tip(kFenGift, 101);
  EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kDayLimit));
  EXPECT_EQ(refused.violations[0].retry_time_ms, 0);
  EXPECT_EQ(refused.tip.retry_time_ms, 0);
}

TEST_F(TipRules, T17MonthLimitIsReachedExactlyAndFreedOnTheFirst) {
  SetMaxEnd(std::numeric_limits<int64_t>::max());
  Policy policy = SamplePolicy();
  policy.month_limit = Money(2'000'010);
  policy.reminder_permille.clear();
  gate_.Activate(policy);
  Spend(kPayer, Money(2'000'000));
  gate_.SetTime("2026-11-24 01:00:00.000");
  EXPECT_TRUE(Tip(kFenGift, 10).is_accepted());
  const Decided refused = Tip(kFenGift, 1);
  EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kMonthLimit));
  EXPECT_EQ(refused.tip.month_left, Money());
  gate_.SetTime("2026-12-01 00:00:00.000");
  EXPECT_EQ(refused.tip.retry_time_ms, gate_.now_ms);
  gate_.now_ms -= 1;
  EXPECT_THAT(TipOf(kPayer).codes(), ElementsAre(RejectionCode::kMonthLimit));
  gate_.now_ms += 1;
  EXPECT_TRUE(TipOf(kPayer).is_accepted());
}

TEST_F(TipRules, T17BothLimitsRetryAtTheLaterMoment) {
  SetMaxEnd(std::numeric_limits<int64_t>::max());
  Policy policy = SamplePolicy();
  policy.day_limit = Money(10);
  policy.month_limit = Money(10);
  policy.reminder_permille.clear();
  gate_.Activate(policy);
  Spend(kPayer, Money(10));
  const Decided refused = Tip(kFenGift, 1);
  EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kDayLimit, RejectionCode::kMonthLimit));
  EXPECT_EQ(refused.tip.retry_time_ms, refused.violations[1].retry_time_ms);
  EXPECT_GT(refused.violations[1].retry_time_ms, refused.violations[0].retry_time_ms);
}

TEST_F(TipRules, T19SessionCapIsReachedExactlyByManyPayersAndNotPassed) {
  gate_.PutAdultStreamer(StreamerId(2), "L1");
  ASSERT_TRUE(gate_.OpenSession(SessionId(2), StreamerId(2)).is_accepted());
  const auto tip = [&](int64_t payer, GiftId gift, int32_t count) {
    TipRequest request = gate_.MakeTip(PayerId(payer), gift, count);
    request.streamer = StreamerId(2);
    request.session = SessionId(2);
    return gate_.Tip(request);
  };
  for (int64_t payer = 10; payer < 14; ++payer) {
    gate_.PutAdult(PayerId(payer));
    ASSERT_TRUE(tip(payer, kHundredYuanGift, 49).is_accepted());
  }
  gate_.PutAdult(PayerId(14));
  ASSERT_TRUE(tip(14, kHundredYuanGift, 3).is_accepted());
  ASSERT_TRUE(tip(14, kFenGift, 9'995).is_accepted());  // 2,000,000 - 5
  const Decided refused = tip(14, kFenGift, 6);
  EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kSessionCap));
  EXPECT_EQ(refused.violations[0].limit, 2'000'000);
  EXPECT_EQ(refused.violations[0].used, 1'999'995);
  EXPECT_EQ(refused.violations[0].origin, LimitOrigin::kTier);
  EXPECT_EQ(refused.tip.amount_max, Money(5));
  EXPECT_TRUE(tip(14, kFenGift, 5).is_accepted());
  EXPECT_THAT(tip(10, kFenGift, 1).codes(), ElementsAre(RejectionCode::kSessionCap));
}

TEST_F(TipRules, ARetryTimeAfterTheSessionsEndIsNotPromised) {
  Policy policy = SamplePolicy();
  policy.day_limit = Money(1);
  gate_.Activate(policy);
  ASSERT_TRUE(Tip(kFenGift, 1).is_accepted());
  gate_.SetTime("2026-11-24 00:00:00.000");
  const int64_t midnight_ms = gate_.now_ms;
  gate_.SetTime("2026-11-23 21:00:00.000");
  SetMaxEnd(midnight_ms + 1);
  EXPECT_EQ(Tip(kFenGift, 1).tip.retry_time_ms, midnight_ms);
  SetMaxEnd(midnight_ms);
  const Decided without = Tip(kFenGift, 1);
  EXPECT_EQ(without.tip.retry_time_ms, 0);
  EXPECT_EQ(without.violations[0].retry_time_ms, midnight_ms);
}

TEST_F(TipRules, ARetryTimeAfterTheFactsHaveAgedIsNotPromised) {
  gate_.SetTime("2026-11-24 00:00:00.000");
  const int64_t midnight_ms = gate_.now_ms;
  gate_.SetTime("2026-11-23 20:00:00.000");
  Policy policy = SamplePolicy();
  policy.day_limit = Money(1);
  policy.recharge_day_limit = Money(1);
  policy.facts_max_age_ms = midnight_ms - gate_.now_ms;
  gate_.Activate(policy);
  ASSERT_TRUE(Tip(kFenGift, 1).is_accepted());
  ASSERT_TRUE(gate_.Recharge(kPayer, Money(1)).is_accepted());
  EXPECT_EQ(Tip(kFenGift, 1).tip.retry_time_ms, midnight_ms);
  EXPECT_EQ(gate_.Recharge(kPayer, Money(1)).recharge.retry_time_ms, midnight_ms);
  policy.facts_max_age_ms -= 1;
  gate_.Activate(policy);
  EXPECT_EQ(Tip(kFenGift, 1).tip.retry_time_ms, 0);
  EXPECT_EQ(gate_.Recharge(kPayer, Money(1)).recharge.retry_time_ms, 0);
  gate_.now_ms += 1'000;
  gate_.PutAdult(kPayer);  // the streamer's facts are as old as before
  EXPECT_EQ(Tip(kFenGift, 1).tip.retry_time_ms, 0);
  EXPECT_EQ(gate_.Recharge(kPayer, Money(1)).recharge.retry_time_ms, midnight_ms);
}

TEST_F(TipRules, ACheckTakesNothingOffWhatMayBeSent) {
  Policy policy = SamplePolicy();
  policy.day_limit = Money(20'000);
  gate_.Activate(policy);
  ASSERT_TRUE(Tip(kFenGift, 9'000).is_accepted());
  const Decided check = gate_.Check(gate_.MakeTip(kPayer, kFenGift, 4'000));
  ASSERT_TRUE(check.is_accepted());
  EXPECT_EQ(check.tip.amount_max, Money(11'000));
  EXPECT_EQ(check.tip.count_max, 9'999);
  EXPECT_EQ(check.tip.day_total, Money(13'000));
  EXPECT_EQ(check.tip.day_left, Money(7'000));
  EXPECT_EQ(Tip(kFenGift, 4'000).tip.amount_max, Money(7'000));
}

TEST_F(TipRules, EveryViolatedRuleIsReportedInTheRulebooksOrder) {
  TipRequest request = gate_.MakeTip(PayerId(99), GiftId(77), 9'999);
  request.streamer = StreamerId(99);
  request.session = SessionId(99);
  request.unit_price = kUnitPriceMax;
  EXPECT_THAT(gate_.Tip(request).codes(),
              ElementsAre(RejectionCode::kRealNameRequired, RejectionCode::kStreamerUnavailable,
                          RejectionCode::kSessionNotOpen, RejectionCode::kGiftUnknown,
                          RejectionCode::kGiftPriceCap, RejectionCode::kTipCap,
                          RejectionCode::kDayLimit, RejectionCode::kMonthLimit));
}

TEST_F(TipRules, ARefusedTipUsesUpNothing) {
  const Totals before = gate_.state.totals;
  EXPECT_FALSE(Tip(kTooDearGift, 1).is_accepted());
  EXPECT_EQ(gate_.state.totals.accepted, before.accepted);
  EXPECT_EQ(gate_.state.totals.tips_rejected_count, before.tips_rejected_count + 1);
  EXPECT_EQ(gate_.state.payers.Find(kPayer)->tips.day_total, Money());
  EXPECT_EQ(gate_.state.sessions.Find(SessionId(1))->received, Money());
  EXPECT_EQ(gate_.state.streamers.Find(StreamerId(1))->tips.pending, Money());
}

TEST_F(TipRules, ATipOfAmountMaxPassesNextAndOneFenMoreDoesNot) {
  Policy policy = SamplePolicy();
  policy.day_limit = Money(7'777);
  policy.reminder_permille.clear();
  gate_.Activate(policy);
  const Decided first = Tip(kFenGift, 1'234);
  EXPECT_EQ(first.tip.amount_max, Money(6'543));
  EXPECT_FALSE(Tip(kFenGift, 6'544).is_accepted());
  EXPECT_TRUE(Tip(kFenGift, 6'543).is_accepted());
}

TEST_F(TipRules, ACheckDecidesLikeATipAndChangesNothing) {
  const Hash128 before = gate_.Fingerprint();
  const TipRequest request = gate_.MakeTip(kPayer, kHundredYuanGift, 7);
  const Decided checked = gate_.Check(request);
  EXPECT_EQ(gate_.Fingerprint(), before);
  EXPECT_EQ(gate_.journal->Head().sequence, 5);
  const Decided decided = gate_.Tip(request);
  EXPECT_TRUE(decided.is_accepted());
  EXPECT_EQ(checked.tip.day_total, decided.tip.day_total);
  EXPECT_EQ(checked.tip.amount_max, decided.tip.amount_max);
  EXPECT_EQ(checked.tip.terms.settle_delay_ms, decided.tip.terms.settle_delay_ms);
}

TEST_F(TipRules, ACheckRefusesTheIntentsThatATipWouldRefuse) {
  TipRequest request = gate_.MakeTip(PayerId(1), GiftId(1), 1);
  const int64_t oldest_ms = gate_.now_ms - CoreGate::DefaultLimits().idempotency_retention_ms;
  request.intent.create_time_ms = oldest_ms - 1;
  EXPECT_EQ(gate_.Check(request).error(), ErrorReason::kCreateTimeTooOld);
  request.intent.create_time_ms = oldest_ms;
  EXPECT_TRUE(gate_.Check(request).is_accepted());
  request.intent.create_time_ms = gate_.now_ms + kClockAheadMaxMs + 1;
  EXPECT_EQ(gate_.Check(request).error(), ErrorReason::kInvalidField);
}

TEST_F(TipRules, SumsThatNearTheLargestNumberRefuseWhatWouldOverflow) {
  Totals& totals = gate_.state.totals;
  totals.accepted = totals.tips.pending = Money(std::numeric_limits<int64_t>::max() / 2 + 1);
  totals.recharge_authorized = totals.recharge_held = totals.accepted;
  EXPECT_EQ(gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(1), 1)).error(),
            ErrorReason::kCapacityReached);
  EXPECT_EQ(gate_.Recharge(PayerId(1), Money(1)).error(), ErrorReason::kCapacityReached);
  totals.accepted = totals.tips.pending = totals.accepted - Money(1);
  totals.recharge_authorized = totals.recharge_held = totals.accepted;
  EXPECT_TRUE(gate_.Tip(gate_.MakeTip(PayerId(1), GiftId(1), 1)).is_accepted());
  EXPECT_TRUE(gate_.Recharge(PayerId(1), Money(1)).is_accepted());
}

TEST_F(TipRules, ATipPointsToTheOnesBeforeIt) {
  const Decided first = Tip(kFenGift, 1);
  const Decided second = Tip(kTooDearGift, 1);
  EXPECT_FALSE(first.tip.previous_of_payer.is_set());
  EXPECT_EQ(second.tip.previous_of_payer, first.id);
  EXPECT_EQ(second.tip.previous_of_streamer, first.id);
  EXPECT_EQ(second.tip.previous_of_session, first.id);
}

}  // namespace
}  // namespace tipgate
