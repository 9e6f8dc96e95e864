// A disk that is nearly full: who changes something is refused, everything else goes on.

#include <gtest/gtest.h>

#include "tests/server/handlers_fixture.h"
#include "tipgate/v1/audit.pb.h"
#include "tipgate/v1/stop.pb.h"

namespace tipgate {
namespace {

class FullDisk : public HandlersFixture {
 protected:
  FullDisk() {
    gate_.identity = "ops-1";
    gate_.stats().is_disk_full = true;
  }

  Called<v1::CheckTipResponse> Check() {
    v1::CheckTipRequest request;
    Fill("", 1, request.mutable_tip());
    return gate_.Call<v1::CheckTipResponse>(gate_.handlers.check_tip, request);
  }

  static v1::EmergencyStopRequest StopOfAll() {
    v1::EmergencyStopRequest request;
    request.set_idempotency_key("stop");
    request.mutable_scope()->set_everything(true);
    request.set_reason("leak");
    return request;
  }
};

TEST_F(FullDisk, ChangesAreRefusedCountedAndLeaveNothing) {
  const int64_t sequence = gate_.journal.Head().sequence;
  const auto tip = Tip("a");
  EXPECT_EQ(tip.reason(), ErrorReason::kDiskFull);
  EXPECT_EQ(tip.error->message,
            "the gate's disk is nearly full; nothing was decided; back off, then retry with the "
            "same key");
  EXPECT_EQ(Recharge("b", 1'000).reason(), ErrorReason::kDiskFull);
  EXPECT_EQ(gate_.stats().disk_refusals.value(), 2);
  EXPECT_EQ(gate_.stats().requests_in_flight.load(), 0);
  EXPECT_EQ(gate_.journal.Head().sequence, sequence);
}

TEST_F(FullDisk, TheSameKeyIsDecidedOnceThereIsRoom) {
  EXPECT_EQ(Tip("a").reason(), ErrorReason::kDiskFull);
  gate_.stats().is_disk_full = false;
  const auto tip = Tip("a");
  EXPECT_EQ(tip.response.decision().outcome(), v1::OUTCOME_ACCEPTED);
  // An answer that was given can be asked for again only by a read.
  gate_.stats().is_disk_full = true;
  EXPECT_EQ(Tip("a").reason(), ErrorReason::kDiskFull);
}

TEST_F(FullDisk, WhoOnlyLooksIsAnswered) {
  v1::GetPayerRequest payer;
  payer.set_payer_id(1);
  EXPECT_FALSE(gate_.Call<v1::GetPayerResponse>(gate_.handlers.get_payer, payer).error);
  v1::GetSessionRequest session;
  session.set_session_id(1);
  EXPECT_FALSE(gate_.Call<v1::GetSessionResponse>(gate_.handlers.get_session, session).error);
  v1::GetServerInfoRequest info;
  EXPECT_FALSE(gate_.Call<v1::GetServerInfoResponse>(gate_.handlers.get_server_info, info).error);
  EXPECT_FALSE(Check().error);
}

TEST_F(FullDisk, AStopAlwaysWorks) {
  const int64_t sequence = gate_.journal.Head().sequence;
  EXPECT_FALSE(gate_.Call<v1::EmergencyStopResponse>(gate_.handlers.emergency_stop, StopOfAll())
                   .error.has_value());
  EXPECT_EQ(gate_.journal.Head().sequence, sequence + 1);
}

TEST_F(FullDisk, TheGateItselfGoesOn) {
  gate_.RunOwn(TickCommand());
  gate_.RunOwn(HistoryVisit());
  EXPECT_EQ(gate_.stats().disk_refusals.value(), 0);
}

}  // namespace
}  // namespace tipgate
