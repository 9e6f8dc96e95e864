#include <gmock/gmock.h>

#include "tests/cli/gate_error.h"
#include "tests/cli/tipctl_fixture.h"
#include "tipgate/v1/event.pb.h"

namespace tipgate {
namespace {

v1::WatchEventsResponse TwoEvents() {
  return Proto<v1::WatchEventsResponse>(R"pb(
    events {
      cursor: "c1"
      event_time { seconds: 1777636800 }
      kind: EVENT_KIND_TIP_REJECTED
      payer_id: 7
      streamer_id: 8
      session_id: 9
      tip_id: 5
      amount_minor: 82500
      rejection_codes: REJECTION_CODE_GIFT_UNKNOWN
      rejection_codes: REJECTION_CODE_DAY_LIMIT
    }
    events {
      cursor: "c2"
      event_time { seconds: 1777636800 }
      kind: EVENT_KIND_REMINDER
      payer_id: 7
      reminder { period: PERIOD_MONTH threshold_permille: 800 }
    })pb");
}

TEST_F(TipctlTest, WatchPrintsOneLineAnEvent) {
  gate_.script().Reply("WatchEvents", TwoEvents());
  const auto result = Run("watch");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out,
            "2026-05-01T20:00:00.000+08:00  TIP_REJECTED        tip=5 payer=7 streamer=8 "
            "session=9 amount=825.00 refused_by=GIFT_UNKNOWN,DAY_LIMIT cursor=c1\n"
            "2026-05-01T20:00:00.000+08:00  REMINDER            payer=7 reached=MONTH 800‰ "
            "cursor=c2\n");
}

TEST_F(TipctlTest, WatchSaysUntilWhenWhatAndByWhom) {
  gate_.script().Reply("WatchEvents", Proto<v1::WatchEventsResponse>(R"pb(
                         events {
                           cursor: "c1"
                           kind: EVENT_KIND_COOLING_OFF_STARTED
                           payer_id: 7
                           end_time { seconds: 1777636800 }
                           identity: "ann"
                         }
                         events {
                           cursor: "c2"
                           kind: EVENT_KIND_CONFIRMED
                           payer_id: 7
                           confirmation_scope: CONFIRMATION_SCOPE_DAY_GATE
                         }
                         events {
                           cursor: "c3"
                           kind: EVENT_KIND_PAYER_FROZEN
                           payer_id: 7
                           case_reference: "c-1"
                           identity: "ann"
                         })pb"));
  const auto lines = Lines(Run("watch").out);
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_THAT(lines[0], ::testing::HasSubstr(
                            "COOLING_OFF_STARTED payer=7 until=2026-05-01T20:00:00.000+08:00 "
                            "by=ann cursor=c1"));
  EXPECT_THAT(lines[1], ::testing::HasSubstr("payer=7 scope=DAY_GATE cursor=c2"));
  EXPECT_THAT(lines[2], ::testing::HasSubstr("payer=7 case=c-1 by=ann cursor=c3"));
}

TEST_F(TipctlTest, WatchSaysWhatIsPreferredAndWhereMoneyWent) {
  gate_.script().Reply("WatchEvents", Proto<v1::WatchEventsResponse>(R"pb(
                         events {
                           cursor: "c1"
                           kind: EVENT_KIND_PREFERENCES_CHANGED
                           payer_id: 7
                           preferences { public_display_allowed: true }
                         }
                         events {
                           cursor: "c2"
                           kind: EVENT_KIND_TIP_VOIDED
                           tip_id: 5
                           amount_minor: 100
                           to_balance: true
                         })pb"));
  const auto lines = Lines(Run("watch").out);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_THAT(lines[0], ::testing::HasSubstr("payer=7 reminders=off public_display=on cursor=c1"));
  EXPECT_THAT(lines[1], ::testing::HasSubstr("tip=5 amount=1.00 to=balance cursor=c2"));
}

TEST_F(TipctlTest, WatchSendsCursorAndKinds) {
  gate_.script().Reply("WatchEvents", TwoEvents());
  Run("watch --cursor c0 --kind tip_rejected --kind REMINDER");
  EXPECT_TRUE(
      IsSame(LastRequest<v1::WatchEventsRequest>("WatchEvents"), Proto<v1::WatchEventsRequest>(R"pb(
               cursor: "c0"
               kinds: [ EVENT_KIND_TIP_REJECTED, EVENT_KIND_REMINDER ])pb")));
  Run("watch --new");
  EXPECT_TRUE(LastRequest<v1::WatchEventsRequest>("WatchEvents").only_new());
}

TEST_F(TipctlTest, WatchStopsAfterCountEvents) {
  gate_.script().Reply("WatchEvents", TwoEvents());
  gate_.script().Reply("WatchEvents", TwoEvents());
  EXPECT_EQ(Lines(Run("watch --count 1").out).size(), 1U);
  EXPECT_EQ(Lines(Run("watch --count 3").out).size(), 3U);
}

TEST_F(TipctlTest, WatchThatWasStoppedByCountIsNoFailure) {
  gate_.script().Reply("WatchEvents", TwoEvents());
  gate_.script().Fail("WatchEvents", GateError(grpc::StatusCode::UNAVAILABLE, "stopping",
                                               v1::ERROR_REASON_STOPPING));
  EXPECT_EQ(Run("watch --count 2").exit_code, 0);
}

TEST_F(TipctlTest, WatchThatTheGateEndsExitsWith3) {
  gate_.script().Reply("WatchEvents", TwoEvents());
  gate_.script().Fail("WatchEvents", GateError(grpc::StatusCode::UNAVAILABLE, "stopping",
                                               v1::ERROR_REASON_STOPPING));
  const auto result = Run("watch");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(Lines(result.out).size(), 2U);
  EXPECT_EQ(result.err, "tipctl: UNAVAILABLE: stopping (reason STOPPING)\n");
}

TEST_F(TipctlTest, WatchJsonIsOneEventALine) {
  gate_.script().Reply("WatchEvents", TwoEvents());
  const auto lines = Lines(Run("watch --json").out);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_TRUE(IsSame(FromJson<v1::Event>(lines[0]), TwoEvents().events(0)));
  EXPECT_TRUE(IsSame(FromJson<v1::Event>(lines[1]), TwoEvents().events(1)));
}

TEST_F(TipctlTest, WatchStartsAtACursorOrAtTheNewest) {
  EXPECT_EQ(Run("watch --cursor c1 --new").exit_code, 2);
}

}  // namespace
}  // namespace tipgate
