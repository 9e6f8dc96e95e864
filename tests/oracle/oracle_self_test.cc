// The oracle against numbers worked out by hand from the rulebook: tips, sessions, facts, pauses,
// reminders.
#include <vector>

#include "gtest/gtest.h"
#include "tests/oracle/oracle.h"
#include "tests/oracle/scene.h"

namespace tipgate::oracle {
namespace {

using CodeList = std::vector<Code>;
using ReminderList = std::vector<Reminder>;

TEST(OracleTip, AcceptedTipTellsTotalsAndWhatIsLeft) {
  Scene scene;
  const TipResult result = scene.Tip(100, 3);
  EXPECT_EQ(result.outcome, Outcome::kAccepted);
  EXPECT_EQ(result.day_total, 300);
  EXPECT_EQ(result.day_left, 1'999'700);
  EXPECT_EQ(result.month_left, 9'999'700);
  EXPECT_EQ(result.amount_max, 500'000);
  EXPECT_EQ(result.count_max, 5'000);
  EXPECT_EQ(result.settle_time_ms, Local("2026-05-17 12:00:00.000"));
  EXPECT_EQ(result.retry_time_ms, std::nullopt);
}

TEST(OracleTip, T2MinorIsBlockedUntilTheBirthday) {
  Scene scene;
  PayerFacts facts = AdultFacts();
  facts.birth_date = BirthDate{2008, 5, 11};
  scene.PutPayer(2, facts);
  EXPECT_EQ(Codes(scene.Tip(1, 1, 2).violations), CodeList{Code::kMinorBlocked});
  scene.now_ms = Local("2026-05-11 00:00:00.000") - 1;
  scene.Open(101);
  EXPECT_EQ(Codes(scene.oracle.CheckTip(scene.now_ms, scene.Request(1, 1, 2)).violations).front(),
            Code::kMinorBlocked);
  scene.now_ms += 1;
  EXPECT_EQ(Codes(scene.oracle.CheckTip(scene.now_ms, scene.Request(1, 1, 2)).violations),
            CodeList{Code::kSessionOvertime});
}

Policy TieredPolicy() {
  Policy policy = SamplePolicy();
  policy.minors = {MinorProfile::kTiered2026, {1'000, 3'000}, {2'000, 5'000}};
  return policy;
}

TEST(OracleTip, T2BandOfAMinorWithConsent) {
  Scene scene(TieredPolicy());
  PayerFacts facts = AdultFacts();
  facts.birth_date = BirthDate{2012, 1, 1};
  scene.PutPayer(2, facts);
  EXPECT_EQ(scene.Tip(1, 1, 2).violations, (Violations{{.code = Code::kMinorBlocked}}));
  facts.guardian_consent = true;
  scene.PutPayer(2, facts);
  EXPECT_EQ(scene.Tip(1'001, 1, 2).violations, (Violations{{.code = Code::kMinorBlocked,
                                                            .origin = LimitOrigin::kAgeBand,
                                                            .limit = 1'000,
                                                            .requested = 1'001}}));
  EXPECT_EQ(scene.Tip(1'000, 1, 2).outcome, Outcome::kAccepted);
  EXPECT_EQ(scene.Tip(1'000, 1, 2).reminders,
            (ReminderList{{Period::kDay, 500}}));  // 2,000 of 3,000; 300 per mille came before.
  const TipResult near_the_limit = scene.Tip(999, 1, 2);
  EXPECT_EQ(near_the_limit.day_left, 1);
  EXPECT_EQ(near_the_limit.amount_max, 1);
  const TipResult above = scene.Tip(2, 1, 2);
  EXPECT_EQ(above.violations, (Violations{{.code = Code::kMinorBlocked,
                                           .origin = LimitOrigin::kAgeBand,
                                           .limit = 3'000,
                                           .used = 2'999,
                                           .requested = 2,
                                           .retry_time_ms = Local("2026-05-11 00:00:00.000")}}));
  EXPECT_EQ(above.retry_time_ms, std::nullopt);  // The session must end at 16:00.
}

TEST(OracleTip, T3T4T6AreReportedTogetherAndInOrder) {
  Scene scene;
  PayerFacts facts = AdultFacts();
  facts.real_name_verified = false;
  facts.youth_mode = true;
  scene.PutPayer(2, facts);
  const PausePayerResult pause =
      scene.oracle.PausePayer(scene.now_ms, {scene.NextKey(), 2, 24 * kHourMs});
  EXPECT_EQ(pause.pause_end_ms, Local("2026-05-11 12:00:00.000"));
  const TipResult result = scene.Tip(1, 1, 2);
  EXPECT_EQ(Codes(result.violations),
            (CodeList{Code::kYouthMode, Code::kRealNameRequired, Code::kPayerPaused}));
  EXPECT_EQ(result.violations[2].retry_time_ms, pause.pause_end_ms);
  EXPECT_EQ(result.retry_time_ms, std::nullopt);
}

TEST(OracleTip, T4UnknownPayerAndFactsTooOld) {
  Policy policy = SamplePolicy();
  policy.facts_max_age_ms = kHourMs;
  Scene scene(policy);
  EXPECT_EQ(Codes(scene.Tip(1, 1, 99).violations), CodeList{Code::kRealNameRequired});
  scene.now_ms += kHourMs;
  EXPECT_EQ(scene.Tip(1).outcome, Outcome::kAccepted);
  scene.now_ms += 1;
  EXPECT_EQ(Codes(scene.Tip(1).violations),
            (CodeList{Code::kRealNameRequired, Code::kStreamerUnavailable}));
}

TEST(OracleTip, T6PauseEndsAtItsEndAndIsNeverShortened) {
  Scene scene;
  scene.oracle.PausePayer(scene.now_ms, {scene.NextKey(), Scene::kPayer, 7 * kDayMs});
  scene.now_ms += kDayMs;
  const PausePayerResult shorter =
      scene.oracle.PausePayer(scene.now_ms, {scene.NextKey(), Scene::kPayer, kDayMs});
  EXPECT_EQ(shorter.pause_end_ms, Local("2026-05-17 12:00:00.000"));
  EXPECT_EQ(
      scene.oracle.PausePayer(scene.now_ms, {scene.NextKey(), Scene::kPayer, kDayMs + 1}).error,
      ErrorReason::kInvalidField);
  scene.now_ms = shorter.pause_end_ms - 1;
  EXPECT_EQ(scene.Recharge(1).retry_time_ms, shorter.pause_end_ms);
  scene.now_ms += 1;
  EXPECT_EQ(scene.Recharge(1).outcome, Outcome::kAccepted);
}

TEST(OracleTip, T7T9T11T12) {
  Scene scene;
  StreamerFacts facts = AdultStreamerFacts();
  facts.age_band = AgeBand::k16To17;
  facts.payer_id = Scene::kPayer;
  scene.PutStreamer(Scene::kStreamer, facts);
  TipRequest request = scene.Request(100);
  request.gift_id = 999;
  EXPECT_EQ(Codes(scene.Send(request).violations),
            (CodeList{Code::kStreamerUnavailable, Code::kSelfTip, Code::kGiftUnknown}));
  request = scene.Request(100);
  request.unit_price = 101;
  request.session_id = 101;
  const TipResult result = scene.Send(request);
  EXPECT_EQ(Codes(result.violations), (CodeList{Code::kStreamerUnavailable, Code::kSessionNotOpen,
                                                Code::kSelfTip, Code::kGiftUnknown}));
  EXPECT_EQ(result.violations[3].limit, 100);
  EXPECT_EQ(result.violations[3].requested, 101);
}

TEST(OracleTip, T10OvertimeFromTheMaximalEndOn) {
  Scene scene;
  scene.now_ms = Local("2026-05-10 16:00:00.000") - 1;
  EXPECT_EQ(scene.Tip(1).outcome, Outcome::kAccepted);
  scene.now_ms += 1;
  EXPECT_EQ(Codes(scene.Tip(1).violations), CodeList{Code::kSessionOvertime});
}

TEST(OracleTip, T13T14CapsMayBeReached) {
  Scene scene;
  EXPECT_EQ(scene.Tip(250'000, 2).outcome, Outcome::kAccepted);
  const TipResult above = scene.Tip(166'667, 3);
  EXPECT_EQ(above.violations, (Violations{{.code = Code::kTipCap,
                                           .origin = LimitOrigin::kPolicy,
                                           .limit = 500'000,
                                           .requested = 500'001}}));
  EXPECT_EQ(above.amount_max, 500'000);
  EXPECT_EQ(above.count_max, 2);
  EXPECT_EQ(Codes(scene.Tip(300'001).violations),
            (CodeList{Code::kGiftUnknown, Code::kGiftPriceCap}));
}

TEST(OracleTip, T16T19DayAndSessionMayBeReachedExactly) {
  Policy policy = SamplePolicy();
  policy.tiers[0].session_duration_max_ms = 48 * kHourMs;
  policy.tiers[0].session_received_max = 2'000'001;
  Scene scene(policy);
  for (int i = 0; i < 4; ++i)
    ASSERT_EQ(scene.Tip(100'000, 5 - (i == 3)).outcome, Outcome::kAccepted);
  EXPECT_EQ(scene.Tip(100'000).day_left, 0);
  const TipResult above = scene.Tip(2);
  EXPECT_EQ(Codes(above.violations), (CodeList{Code::kDayLimit, Code::kSessionCap}));
  EXPECT_EQ(above.violations[0].retry_time_ms, Local("2026-05-11 00:00:00.000"));
  EXPECT_EQ(above.retry_time_ms, std::nullopt);
  const TipResult one = scene.Tip(1);
  EXPECT_EQ(Codes(one.violations), CodeList{Code::kDayLimit});
  EXPECT_EQ(one.retry_time_ms, Local("2026-05-11 00:00:00.000"));
  scene.now_ms = *one.retry_time_ms;
  EXPECT_EQ(scene.Tip(1).outcome, Outcome::kAccepted);
}

TEST(OracleTip, T17MonthLimitIsCuredByTheNextMonth) {
  Policy policy = SamplePolicy();
  policy.month_limit = 2'000'000;
  policy.day_limit = 2'000'000;
  policy.tiers[0].session_duration_max_ms = 60 * kDayMs;
  Scene scene(policy);
  for (int i = 0; i < 4; ++i) scene.Tip(250'000, 2);
  const TipResult result = scene.Tip(1);
  EXPECT_EQ(Codes(result.violations),
            (CodeList{Code::kDayLimit, Code::kMonthLimit, Code::kSessionCap}));
  EXPECT_EQ(result.violations[1].retry_time_ms, Local("2026-06-01 00:00:00.000"));
}

TEST(OracleReminder, EachThresholdOnceAndSeveralAtOnce) {
  Policy policy = SamplePolicy();
  policy.day_limit = 1'000;
  policy.month_limit = 10'000;
  Scene scene(policy);
  EXPECT_EQ(scene.Tip(299).reminders, ReminderList{});
  EXPECT_EQ(scene.Tip(1).reminders, (ReminderList{{Period::kDay, 300}}));
  EXPECT_EQ(scene.Tip(700).reminders,
            (ReminderList{{Period::kDay, 500}, {Period::kDay, 800}, {Period::kDay, 1000}}));
}

TEST(OracleKeys, ARepeatGetsTheFirstAnswerAndAnotherPayloadNone) {
  Scene scene;
  TipRequest request = scene.Request(100);
  const TipResult first = scene.Send(request);
  const TipResult again = scene.Send(request);
  EXPECT_TRUE(again.is_replay);
  EXPECT_EQ(again.tip_id, first.tip_id);
  EXPECT_EQ(scene.oracle.GetTotals(scene.now_ms).accepted, 100);
  request.count = 2;
  EXPECT_EQ(scene.Send(request).error, ErrorReason::kKeyReused);
  EXPECT_EQ(scene.oracle.CloseSession(scene.now_ms, {request.idempotency_key, 100}).error,
            ErrorReason::kKeyReused);
}

TEST(OracleKeys, MalformedTipsAreErrors) {
  Scene scene;
  TipRequest request = scene.Request(100, 10'000);
  EXPECT_EQ(scene.Send(request).error, ErrorReason::kInvalidField);
  request.count = 9'999;
  request.create_time_ms = scene.now_ms + kMinuteMs + 1;
  EXPECT_EQ(scene.Send(request).error, ErrorReason::kInvalidField);
  request.create_time_ms = scene.now_ms + kMinuteMs;
  EXPECT_EQ(Codes(scene.Send(request).violations), CodeList{Code::kTipCap});
}

TEST(OracleSession, CountAndIntervalAndAlreadyOpen) {
  Scene scene;
  EXPECT_EQ(Codes(scene.Open(101).violations), CodeList{Code::kSessionAlreadyOpen});
  scene.oracle.CloseSession(scene.now_ms, {scene.NextKey(), 100});
  scene.now_ms += 30 * kMinuteMs - 1;
  const OpenSessionResult early = scene.Open(101);
  EXPECT_EQ(Codes(early.violations), CodeList{Code::kSessionInterval});
  EXPECT_EQ(early.retry_time_ms, scene.now_ms + 1);
  scene.now_ms += 1;
  EXPECT_EQ(scene.Open(101).max_end_time_ms, Local("2026-05-10 16:30:00.000"));
  scene.oracle.CloseSession(scene.now_ms, {scene.NextKey(), 101});
  scene.now_ms += 30 * kMinuteMs;
  EXPECT_EQ(scene.Open(102).outcome, Outcome::kAccepted);
  scene.now_ms = Local("2026-05-10 23:50:00.000");
  scene.oracle.CloseSession(scene.now_ms, {scene.NextKey(), 102});
  const OpenSessionResult fourth = scene.Open(103);
  EXPECT_EQ(Codes(fourth.violations), (CodeList{Code::kSessionCountLimit, Code::kSessionInterval}));
  EXPECT_EQ(fourth.violations[0].used, 3);
  EXPECT_EQ(fourth.retry_time_ms, Local("2026-05-11 00:20:00.000"));
  EXPECT_EQ(scene.Open(102).error, ErrorReason::kIdTaken);
}

TEST(OracleSettle, NeverEarly) {
  Scene scene;
  const TipResult tip = scene.Tip(100);
  scene.oracle.Settle(*tip.settle_time_ms - 1);
  EXPECT_EQ(scene.oracle.GetTotals(*tip.settle_time_ms - 1).pending, 100);
  scene.oracle.Settle(*tip.settle_time_ms);
  EXPECT_EQ(scene.oracle.GetStreamer(*tip.settle_time_ms, Scene::kStreamer).settled, 100);
}

TEST(OracleFacts, OlderFactsAreRefused) {
  Scene scene;
  PayerFacts facts = AdultFacts();
  facts.observe_time_ms = scene.now_ms - 1;
  EXPECT_EQ(scene.oracle.PutPayer(scene.now_ms, {scene.NextKey(), Scene::kPayer, facts}).error,
            ErrorReason::kWrongState);
  facts.observe_time_ms = scene.now_ms;
  EXPECT_EQ(scene.oracle.PutPayer(scene.now_ms, {scene.NextKey(), Scene::kPayer, facts}).error,
            ErrorReason::kNone);
}

}  // namespace
}  // namespace tipgate::oracle
