// Emergency stops and sanctions.
#include <gmock/gmock.h>

#include "tests/cli/tipctl_fixture.h"
#include "tipgate/v1/event.pb.h"
#include "tipgate/v1/stop.pb.h"
#include "tipgate/v1/streamer.pb.h"

namespace tipgate {
namespace {

using ::testing::HasSubstr;

TEST_F(TipctlTest, StopSaysWhatIsStoppedAndSinceWhen) {
  gate_.script().Reply("EmergencyStop", Proto<v1::EmergencyStopResponse>(R"pb(
                         scope { session_id: 9 }
                         start_time { seconds: 1777636800 })pb"));
  const auto result = Run("stop --session 9 --reason leak --key k1 --identity ann");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(HasLine(result.out, "stopped session 9")) << result.out;
  EXPECT_THAT(result.out, HasSubstr("2026-05-01T20:00:00.000+08:00"));
  EXPECT_EQ(gate_.script().identity(), "ann");
  EXPECT_TRUE(IsSame(LastRequest<v1::EmergencyStopRequest>("EmergencyStop"),
                     Proto<v1::EmergencyStopRequest>(R"pb(
                       idempotency_key: "k1"
                       scope { session_id: 9 }
                       reason: "leak")pb")));
}

TEST_F(TipctlTest, StopTakesExactlyOneScope) {
  EXPECT_EQ(Run("stop").exit_code, 2);
  EXPECT_EQ(Run("stop --everything --gift 1").exit_code, 2);
  gate_.script().Reply("EmergencyStop", v1::EmergencyStopResponse());
  const auto scope = [&](const std::string& option) {
    EXPECT_EQ(Run("stop " + option).exit_code, 0) << option;
    return LastRequest<v1::EmergencyStopRequest>("EmergencyStop").scope();
  };
  EXPECT_TRUE(scope("--everything").everything());
  EXPECT_EQ(scope("--app web").app(), "web");
  EXPECT_EQ(scope("--streamer 8").streamer_id(), 8);
  EXPECT_EQ(scope("--gift 7").gift_id(), 7);
}

TEST_F(TipctlTest, LiftStopSaysWhetherASecondPersonMustAgree) {
  gate_.script().Reply("LiftStop", Proto<v1::LiftStopResponse>(R"pb(
                         scope { everything: true }
                         stopped: true
                         lift_approver: "ann")pb"));
  gate_.script().Reply("LiftStop",
                       Proto<v1::LiftStopResponse>(R"pb(scope { everything: true })pb"));
  const auto first = Run("lift-stop --everything");
  EXPECT_TRUE(HasLine(first.out, "stopped yes, until a second person agrees")) << first.out;
  EXPECT_TRUE(HasLine(first.out, "agreed ann")) << first.out;
  EXPECT_TRUE(HasLine(Run("lift-stop --everything").out, "stopped no"));
}

TEST_F(TipctlTest, StopsListsWhatIsStopped) {
  gate_.script().Reply("ListStops", v1::ListStopsResponse());
  gate_.script().Reply("ListStops", Proto<v1::ListStopsResponse>(R"pb(
                         stops {
                           scope { app: "web" }
                           reason: "leak"
                           identity: "ann"
                           start_time { seconds: 1777636800 }
                         })pb"));
  EXPECT_EQ(Run("stops").out, "nothing is stopped\n");
  EXPECT_TRUE(HasLine(Run("stops").out, "app web 2026-05-01T20:00:00.000+08:00 ann - leak"));
}

TEST_F(TipctlTest, StreamerSanctionSaysWhenTheyReceiveAgain) {
  gate_.script().Reply("SanctionStreamer", Proto<v1::SanctionStreamerResponse>(R"pb(
                         streamer_id: 8
                         sanction {
                           sanction_id: 65537
                           kind: SANCTION_KIND_MUTE
                           end_time { seconds: 1777636800 }
                         }
                         suspension {
                           suspended: true
                           resume_time { seconds: 1777636800 }
                         })pb"));
  const auto result = Run(
      "streamer sanction 8 --kind mute --for 30m --violation --reason insult --case c-1 --key k1");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(HasLine(result.out, "sanction 65537")) << result.out;
  EXPECT_TRUE(HasLine(result.out, "receives again from 2026-05-01T20:00:00.000+08:00 on"))
      << result.out;
  EXPECT_TRUE(IsSame(LastRequest<v1::SanctionStreamerRequest>("SanctionStreamer"),
                     Proto<v1::SanctionStreamerRequest>(R"pb(
                       idempotency_key: "k1"
                       streamer_id: 8
                       kind: SANCTION_KIND_MUTE
                       mute_duration { seconds: 1800 }
                       violation: true
                       reason: "insult"
                       case_reference: "c-1")pb")));
  EXPECT_EQ(Run("streamer sanction 8 --kind mute --for 30m --case c-1").exit_code, 2);
  EXPECT_EQ(Run("streamer sanction 8 --kind mute --for 30m --reason r").exit_code, 2);
  EXPECT_EQ(Run("streamer sanction 8 --kind fine --reason r --case c").exit_code, 2);
}

TEST_F(TipctlTest, StreamerSuspensionTakesATime) {
  gate_.script().Reply("SanctionStreamer", Proto<v1::SanctionStreamerResponse>(R"pb(
                         suspension { suspended: true })pb"));
  const auto result = Run(
      "streamer sanction 8 --kind suspend_receiving --until 2026-05-01T20:00:00+08:00 --reason r "
      "--case c");
  EXPECT_TRUE(HasLine(result.out, "receives no, for good")) << result.out;
  EXPECT_EQ(LastRequest<v1::SanctionStreamerRequest>("SanctionStreamer").until_time().seconds(),
            1777636800);
}

TEST_F(TipctlTest, StreamerLiftSanctionNamesTheSanction) {
  gate_.script().Reply("LiftSanction", Proto<v1::LiftSanctionResponse>(R"pb(
                         streamer_id: 8
                         sanction_id: 65537
                         suspension {})pb"));
  const auto result =
      Run("streamer lift-sanction 8 --sanction 65537 --reason appeal --case c-1 --key k1");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(HasLine(result.out, "receives yes")) << result.out;
  EXPECT_TRUE(IsSame(LastRequest<v1::LiftSanctionRequest>("LiftSanction"),
                     Proto<v1::LiftSanctionRequest>(R"pb(
                       idempotency_key: "k1"
                       streamer_id: 8
                       sanction_id: 65537
                       reason: "appeal"
                       case_reference: "c-1")pb")));
}

TEST_F(TipctlTest, StreamerGetShowsSanctions) {
  gate_.script().Reply("GetStreamer", Proto<v1::GetStreamerResponse>(R"pb(
                         streamer {
                           streamer_id: 8
                           sanctions {
                             sanction_id: 65537
                             kind: SANCTION_KIND_BAN
                             reason: "insult"
                             case_reference: "c-1"
                             identity: "ann"
                             start_time { seconds: 1777636800 }
                           }
                           suspension { suspended: true }
                         })pb"));
  const auto result = Run("streamer get 8");
  EXPECT_TRUE(HasLine(result.out, "receives no, for good")) << result.out;
  EXPECT_TRUE(HasLine(result.out, "65537 BAN 2026-05-01T20:00:00.000+08:00 - - ann c-1 insult"))
      << result.out;
}

TEST_F(TipctlTest, WatchSaysWhatIsStoppedAndWhoIsSanctioned) {
  gate_.script().Reply("WatchEvents", Proto<v1::WatchEventsResponse>(R"pb(
                         events {
                           cursor: "c1"
                           kind: EVENT_KIND_EMERGENCY_STOP_STARTED
                           stop_scope { gift_id: 7 }
                           identity: "ann"
                         }
                         events {
                           cursor: "c2"
                           kind: EVENT_KIND_STREAMER_SANCTIONED
                           streamer_id: 8
                           sanction_id: 65537
                           sanction_kind: SANCTION_KIND_WARN
                           case_reference: "c-1"
                         })pb"));
  const auto result = Run("watch");
  EXPECT_THAT(result.out, HasSubstr("EMERGENCY_STOP_STARTED stop=gift 7 by=ann cursor=c1"));
  EXPECT_THAT(result.out, HasSubstr("streamer=8 sanction=65537 kind=WARN case=c-1 cursor=c2"));
}

}  // namespace
}  // namespace tipgate
