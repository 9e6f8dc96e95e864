// Sanctions of streamers on the real server, to the millisecond and past a crash.

#include "tests/integration/event_watch.h"
#include "tests/integration/gate_error.h"
#include "tests/integration/stopped_clock_test.h"

namespace tipgate {
namespace {

constexpr int64_t kHourMs = 3'600'000;

class SanctionCall : public StoppedClockTest {
 protected:
  // So long ago that a month later is still past.
  void SetUp() override {
    policy_.more = "sanctions: {mute_factor: 3, recovery_months: 1}\n";
    StartStopped(/*days_ago=*/60);
    client().set_identity("ann");
  }

  v1::SanctionStreamerRequest MuteOf(const std::string& key, int64_t hours) {
    v1::SanctionStreamerRequest request;
    request.set_idempotency_key(key);
    request.set_streamer_id(kStreamer);
    request.set_kind(v1::SANCTION_KIND_MUTE);
    request.mutable_mute_duration()->set_seconds(hours * 3'600);
    request.set_reason("insult");
    request.set_case_reference("case-1");
    return request;
  }
  v1::Streamer GetStreamer() {
    v1::GetStreamerRequest request;
    request.set_streamer_id(kStreamer);
    return client().Must(request).streamer();
  }
  v1::TipDecision Decide() { return client().Tip(TipOf(NewKey(), 1)); }
};

TEST_F(SanctionCall, T8AndX1AMuteEndsToTheMillisecondAlsoAfterACrash) {
  const v1::SanctionStreamerResponse muted = client().Must(MuteOf("a", 1));
  const int64_t end_ms = absl::ToUnixMillis(TimeOf(muted.sanction().end_time()));
  EXPECT_EQ(end_ms, now_ms_ + 3 * kHourMs);
  gate().Kill();
  StartGate();
  client().set_identity("ann");
  const v1::TipDecision refused = Decide();
  ASSERT_EQ(refused.violations_size(), 1);
  EXPECT_EQ(refused.violations(0).code(), v1::REJECTION_CODE_STREAMER_SUSPENDED);
  EXPECT_EQ(absl::ToUnixMillis(TimeOf(refused.retry_time())), end_ms);
  EXPECT_EQ(client().Must(MuteOf("a", 1)).SerializeAsString(), muted.SerializeAsString());
  SetClock(end_ms - 1);
  EXPECT_EQ(Decide().outcome(), v1::OUTCOME_REJECTED);
  EXPECT_EQ(GetStreamer().sanctions_size(), 1);
  SetClock(end_ms);
  EXPECT_EQ(Decide().outcome(), v1::OUTCOME_ACCEPTED);
  EXPECT_EQ(GetStreamer().sanctions_size(), 0);
  ExpectProved();
}

TEST_F(SanctionCall, S2AndX2AfterAViolationReceivingComesBackAMonthLaterAtTheSameTimeOfDay) {
  v1::SanctionStreamerRequest request = MuteOf("a", 1);
  request.set_violation(true);
  const v1::Sanction sanction = client().Must(request).sanction();
  absl::TimeZone zone;
  ASSERT_TRUE(absl::LoadTimeZone(client().Info().time_zone(), &zone));
  const absl::CivilSecond end = absl::ToCivilSecond(TimeOf(sanction.end_time()), zone);
  const absl::CivilSecond back = absl::ToCivilSecond(TimeOf(sanction.resume_time()), zone);
  EXPECT_EQ(absl::CivilMonth(back), absl::CivilMonth(end) + 1);
  EXPECT_EQ(back.hour(), end.hour());
  EXPECT_EQ(back.second(), end.second());
  SetClock(absl::ToUnixMillis(TimeOf(sanction.resume_time())) - 1);
  client().Must(CloseSessionOf("close", kSession));
  const v1::OpenSessionResponse refused = client().Must(OpenSessionOf("o1", 900, kStreamer));
  EXPECT_EQ(refused.outcome(), v1::OUTCOME_REJECTED);
  EXPECT_EQ(refused.violations(0).code(), v1::REJECTION_CODE_STREAMER_SUSPENDED);
  ExpectProved();
}

TEST_F(SanctionCall, T8AndX3ABanIsLiftedAndToldByEvents) {
  v1::SanctionStreamerRequest request = MuteOf("a", 1);
  request.clear_mute_duration();
  request.set_kind(v1::SANCTION_KIND_BAN);
  const int64_t id = client().Must(request).sanction().sanction_id();
  EXPECT_FALSE(Decide().has_retry_time());
  EXPECT_TRUE(GetStreamer().suspension().suspended());
  v1::LiftSanctionRequest lift;
  lift.set_idempotency_key("b");
  lift.set_streamer_id(kStreamer);
  lift.set_sanction_id(id);
  lift.set_reason("appeal");
  lift.set_case_reference("case-1");
  EXPECT_FALSE(client().Must(lift).suspension().suspended());
  EXPECT_EQ(Decide().outcome(), v1::OUTCOME_ACCEPTED);
  EventWatch watch(client());
  const v1::Event sanctioned = watch.Await(v1::EVENT_KIND_STREAMER_SANCTIONED);
  EXPECT_EQ(sanctioned.sanction_id(), id);
  EXPECT_EQ(sanctioned.sanction_kind(), v1::SANCTION_KIND_BAN);
  EXPECT_EQ(watch.Await(v1::EVENT_KIND_SANCTION_LIFTED).case_reference(), "case-1");
  ExpectProved();
}

TEST_F(SanctionCall, WhatCannotBeIsRefusedByName) {
  v1::SanctionStreamerRequest request = MuteOf("a", 0);
  EXPECT_THAT(client().Try(request), NamesInvalidField("mute_duration"));
  request = MuteOf("a", 1);
  request.set_streamer_id(999);
  EXPECT_THAT(client().Try(request),
              FailsWith(grpc::StatusCode::NOT_FOUND, v1::ERROR_REASON_NOT_FOUND, "streamer_id"));
  client().set_identity("");
  EXPECT_THAT(client().Try(MuteOf("a", 1)),
              FailsWith(grpc::StatusCode::UNAUTHENTICATED, v1::ERROR_REASON_UNAUTHENTICATED, ""));
  EXPECT_EQ(Decide().outcome(), v1::OUTCOME_ACCEPTED);
}

}  // namespace
}  // namespace tipgate
