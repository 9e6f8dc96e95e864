// SanctionStreamer and LiftSanction: what each answers, how it replays, and what GetStreamer shows.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "server/sanction_conversion.h"
#include "tests/server/handlers_fixture.h"
#include "tipgate/v1/streamer.pb.h"

namespace tipgate {
namespace {

constexpr int64_t kHour = 3'600;

v1::SanctionStreamerRequest MuteOf(const std::string& key, int64_t seconds) {
  v1::SanctionStreamerRequest request;
  request.set_idempotency_key(key);
  request.set_streamer_id(1);
  request.set_kind(v1::SANCTION_KIND_MUTE);
  request.mutable_mute_duration()->set_seconds(seconds);
  request.set_reason("insult");
  request.set_case_reference("case-1");
  return request;
}

v1::SanctionStreamerRequest BanOf(const std::string& key) {
  v1::SanctionStreamerRequest request = MuteOf(key, 1);
  request.clear_mute_duration();
  request.set_kind(v1::SANCTION_KIND_BAN);
  return request;
}

class SanctionHandlers : public HandlersFixture {
 protected:
  SanctionHandlers() { gate_.identity = "ann"; }

  Called<v1::SanctionStreamerResponse> Sanction(const v1::SanctionStreamerRequest& request) {
    return gate_.Call<v1::SanctionStreamerResponse>(gate_.handlers.sanction_streamer, request);
  }

  Called<v1::LiftSanctionResponse> Lift(const std::string& key, int64_t sanction_id) {
    v1::LiftSanctionRequest request;
    request.set_idempotency_key(key);
    request.set_streamer_id(1);
    request.set_sanction_id(sanction_id);
    request.set_reason("appeal");
    request.set_case_reference("case-1");
    return gate_.Call<v1::LiftSanctionResponse>(gate_.handlers.lift_sanction, request);
  }

  v1::Streamer GetStreamer() {
    v1::GetStreamerRequest request;
    request.set_streamer_id(1);
    return gate_.Call<v1::GetStreamerResponse>(gate_.handlers.get_streamer, request)
        .response.streamer();
  }

  int64_t now_s() const { return gate_.clock.now_ms() / 1000; }
};

TEST_F(SanctionHandlers, ASanctionTellsItsEndsAndReplays) {
  v1::SanctionStreamerRequest request = MuteOf("a", kHour);
  request.set_violation(true);
  const auto muted = Sanction(request);
  const v1::Sanction& sanction = muted.response.sanction();
  EXPECT_EQ(muted.response.streamer_id(), 1);
  EXPECT_EQ(sanction.kind(), v1::SANCTION_KIND_MUTE);
  EXPECT_TRUE(sanction.violation());
  EXPECT_EQ(sanction.identity(), "ann");
  EXPECT_EQ(sanction.end_time().seconds(), now_s() + 2 * kHour);
  // 22:00 on 23 November, three months later.
  EXPECT_EQ(sanction.resume_time().seconds(), 1'803'391'200);
  EXPECT_TRUE(muted.response.suspension().suspended());
  EXPECT_EQ(muted.response.suspension().resume_time().seconds(), 1'803'391'200);
  gate_.clock.Advance(absl::Seconds(5));
  EXPECT_EQ(Sanction(request).bytes, muted.bytes);
  request.set_reason("other");
  EXPECT_EQ(Sanction(request).reason(), ErrorReason::kKeyReused);
}

TEST_F(SanctionHandlers, AStreamerShowsTheSanctionsInForce) {
  EXPECT_FALSE(GetStreamer().suspension().suspended());
  const auto muted = Sanction(MuteOf("a", kHour));
  const auto banned = Sanction(BanOf("b"));
  EXPECT_FALSE(banned.response.sanction().has_end_time());
  EXPECT_FALSE(banned.response.sanction().has_resume_time());
  v1::Streamer streamer = GetStreamer();
  ASSERT_EQ(streamer.sanctions_size(), 2);
  EXPECT_EQ(streamer.sanctions(0).SerializeAsString(),
            muted.response.sanction().SerializeAsString());
  EXPECT_EQ(streamer.sanctions(1).SerializeAsString(),
            banned.response.sanction().SerializeAsString());
  EXPECT_TRUE(streamer.suspension().suspended());
  EXPECT_FALSE(streamer.suspension().has_resume_time());
  EXPECT_TRUE(streamer.has_facts());
  gate_.clock.Advance(absl::Hours(2));
  EXPECT_EQ(GetStreamer().sanctions_size(), 1);
}

TEST_F(SanctionHandlers, ALiftedSanctionIsGone) {
  const int64_t id = Sanction(MuteOf("a", kHour)).response.sanction().sanction_id();
  EXPECT_EQ(Tip("t").response.decision().violations(0).code(),
            v1::REJECTION_CODE_STREAMER_SUSPENDED);
  const auto lifted = Lift("b", id);
  EXPECT_EQ(lifted.response.sanction_id(), id);
  EXPECT_FALSE(lifted.response.suspension().suspended());
  EXPECT_EQ(Lift("b", id).bytes, lifted.bytes);
  EXPECT_EQ(Lift("c", id).reason(), ErrorReason::kWrongState);
  EXPECT_EQ(Lift("c", id).error->field, "sanction_id");
  EXPECT_EQ(Tip("u").response.decision().outcome(), v1::OUTCOME_ACCEPTED);
  EXPECT_EQ(GetStreamer().sanctions_size(), 0);
}

TEST_F(SanctionHandlers, AnEndThatIsPastIsTheFieldsFault) {
  v1::SanctionStreamerRequest request = BanOf("a");
  request.set_kind(v1::SANCTION_KIND_SUSPEND_RECEIVING);
  request.mutable_until_time()->set_seconds(now_s());
  EXPECT_EQ(Sanction(request).error->field, "until_time");
  request.mutable_until_time()->set_seconds(now_s() + 1);
  EXPECT_EQ(Sanction(request).response.suspension().resume_time().seconds(), now_s() + 1);
}

TEST_F(SanctionHandlers, StaffNeedAnIdentity) {
  gate_.identity = "";
  EXPECT_EQ(Sanction(BanOf("a")).reason(), ErrorReason::kUnauthenticated);
  EXPECT_EQ(Lift("b", 1).reason(), ErrorReason::kUnauthenticated);
  EXPECT_EQ(gate_.stats().unauthenticated_calls.value(), 2);
  EXPECT_EQ(GetStreamer().sanctions_size(), 0);
}

TEST(SanctionConversion, AMalformedFieldIsNamed) {
  using Request = v1::SanctionStreamerRequest;
  const auto fault = [](const auto& change) {
    Request request = MuteOf("k", 1);
    change(&request);
    SanctionRecord record;
    const std::optional<CallError> error = Convert(request, &record);
    return error.has_value() ? error->field : "none";
  };
  EXPECT_EQ(fault([](Request*) {}), "none");
  EXPECT_EQ(fault([](Request* r) { r->clear_idempotency_key(); }), "idempotency_key");
  EXPECT_EQ(fault([](Request* r) { r->set_streamer_id(0); }), "streamer_id");
  EXPECT_EQ(fault([](Request* r) { r->clear_kind(); }), "kind");
  EXPECT_EQ(fault([](Request* r) { r->set_kind(static_cast<v1::SanctionKind>(5)); }), "kind");
  EXPECT_EQ(fault([](Request* r) { r->clear_reason(); }), "reason");
  EXPECT_EQ(fault([](Request* r) { r->set_reason(std::string(200, 'x')); }), "none");
  EXPECT_EQ(fault([](Request* r) { r->set_reason(std::string(201, 'x')); }), "reason");
  EXPECT_EQ(fault([](Request* r) { r->clear_case_reference(); }), "case_reference");
  EXPECT_EQ(fault([](Request* r) { r->set_case_reference(std::string(65, 'x')); }),
            "case_reference");
  EXPECT_EQ(fault([](Request* r) { r->clear_mute_duration(); }), "mute_duration");
  EXPECT_EQ(fault([](Request* r) { r->mutable_mute_duration()->set_seconds(0); }), "mute_duration");
  EXPECT_EQ(fault([](Request* r) { r->mutable_mute_duration()->set_seconds(3'660 * 86'400); }),
            "none");
  EXPECT_EQ(fault([](Request* r) { r->mutable_mute_duration()->set_seconds(3'660 * 86'400 + 1); }),
            "mute_duration");
  EXPECT_EQ(fault([](Request* r) { r->mutable_until_time()->set_seconds(1); }), "until_time");
  EXPECT_EQ(fault([](Request* r) { r->set_kind(v1::SANCTION_KIND_WARN); }), "mute_duration");
  EXPECT_EQ(fault([](Request* r) { r->set_kind(v1::SANCTION_KIND_SUSPEND_RECEIVING); }),
            "until_time");
}

TEST(SanctionConversion, ALiftNamesWhatItLiftsAndWhy) {
  v1::LiftSanctionRequest request;
  request.set_idempotency_key("k");
  request.set_streamer_id(1);
  request.set_reason("appeal");
  request.set_case_reference("case-1");
  SanctionRecord record;
  EXPECT_EQ(Convert(request, &record)->field, "sanction_id");
  request.set_sanction_id(7);
  EXPECT_FALSE(Convert(request, &record).has_value());
  EXPECT_EQ(record.lifted, RecordId(7));
  EXPECT_EQ(record.action, SanctionAction::kLift);
  request.clear_reason();
  EXPECT_EQ(Convert(request, &record)->field, "reason");
  request.set_reason("appeal");
  request.clear_case_reference();
  EXPECT_EQ(Convert(request, &record)->field, "case_reference");
}

}  // namespace
}  // namespace tipgate
