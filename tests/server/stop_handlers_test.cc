// EmergencyStop, LiftStop and ListStops: what each answers, how it replays, and whose tips it
// stops.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "server/stop_conversion.h"
#include "tests/server/handlers_fixture.h"

namespace tipgate {
namespace {

v1::StopScope Everything() {
  v1::StopScope scope;
  scope.set_everything(true);
  return scope;
}

class StopHandlers : public HandlersFixture {
 protected:
  Called<v1::EmergencyStopResponse> Stop(const std::string& key, const v1::StopScope& scope,
                                         const std::string& reason = "leak") {
    v1::EmergencyStopRequest request;
    request.set_idempotency_key(key);
    *request.mutable_scope() = scope;
    request.set_reason(reason);
    return gate_.Call<v1::EmergencyStopResponse>(gate_.handlers.emergency_stop, request);
  }

  Called<v1::LiftStopResponse> Lift(const std::string& key, const v1::StopScope& scope) {
    v1::LiftStopRequest request;
    request.set_idempotency_key(key);
    *request.mutable_scope() = scope;
    return gate_.Call<v1::LiftStopResponse>(gate_.handlers.lift_stop, request);
  }

  v1::ListStopsResponse List() {
    return gate_.Call<v1::ListStopsResponse>(gate_.handlers.list_stops, v1::ListStopsRequest())
        .response;
  }

  // Of the first violation of a new tip; 0: it is accepted.
  int RefusalOf(const std::string& key) {
    const v1::TipDecision decision = Tip(key).response.decision();
    return decision.violations_size() == 0 ? 0 : decision.violations(0).code();
  }
};

TEST_F(StopHandlers, AStopIsToldSinceItsBeginningAndReplays) {
  gate_.identity = "ann";
  const auto stopped = Stop("a", Everything());
  EXPECT_TRUE(stopped.response.scope().everything());
  const int64_t start_s = stopped.response.start_time().seconds();
  EXPECT_EQ(start_s, gate_.clock.now_ms() / 1000);
  gate_.clock.Advance(absl::Seconds(5));
  EXPECT_EQ(Stop("a", Everything()).bytes, stopped.bytes);
  EXPECT_EQ(Stop("b", Everything()).response.start_time().seconds(), start_s);
  EXPECT_EQ(Stop("a", Everything(), "other").reason(), ErrorReason::kKeyReused);
  v1::StopScope gift;
  gift.set_gift_id(5);
  EXPECT_EQ(Stop("a", gift).reason(), ErrorReason::kKeyReused);
  EXPECT_EQ(RefusalOf("t"), v1::REJECTION_CODE_EMERGENCY_STOP);
}

TEST_F(StopHandlers, AStopIsLiftedByTwoPeopleAndListedMeanwhile) {
  gate_.identity = "ann";
  Stop("a", Everything());
  const auto first = Lift("b", Everything());
  EXPECT_TRUE(first.response.stopped());
  EXPECT_EQ(first.response.lift_approver(), "ann");
  EXPECT_EQ(Lift("c", Everything()).reason(), ErrorReason::kWrongState);
  ASSERT_EQ(List().stops_size(), 1);
  const v1::Stop stop = List().stops(0);
  EXPECT_TRUE(stop.scope().everything());
  EXPECT_EQ(stop.reason(), "leak");
  EXPECT_EQ(stop.identity(), "ann");
  EXPECT_EQ(stop.lift_approver(), "ann");
  EXPECT_EQ(stop.start_time().seconds(), gate_.clock.now_ms() / 1000);
  gate_.identity = "bob";
  EXPECT_EQ(Lift("b", Everything()).reason(), ErrorReason::kKeyReused);  // Ann's key
  const auto second = Lift("d", Everything());
  EXPECT_FALSE(second.response.stopped());
  EXPECT_EQ(second.response.lift_approver(), "");
  EXPECT_EQ(Lift("d", Everything()).bytes, second.bytes);
  EXPECT_EQ(List().stops_size(), 0);
  EXPECT_EQ(RefusalOf("t"), 0);
}

TEST_F(StopHandlers, AnAppIsWhoMakesTheCall) {
  gate_.identity = "ann";
  v1::StopScope scope;
  scope.set_app("web");
  EXPECT_EQ(Stop("a", scope).response.scope().app(), "web");
  gate_.identity = "web";
  EXPECT_EQ(RefusalOf("t"), v1::REJECTION_CODE_EMERGENCY_STOP);
  v1::AuthorizeTipsRequest batch;
  Fill("u", 1, batch.add_tips());
  EXPECT_EQ(Tips(batch).response.results(0).decision().violations(0).code(),
            v1::REJECTION_CODE_EMERGENCY_STOP);
  v1::CheckTipRequest check;
  Fill("", 1, check.mutable_tip());
  EXPECT_EQ(gate_.Call<v1::CheckTipResponse>(gate_.handlers.check_tip, check)
                .response.decision()
                .violations(0)
                .code(),
            v1::REJECTION_CODE_EMERGENCY_STOP);
  EXPECT_EQ(Recharge("r", 1).response.decision().violations(0).code(),
            v1::REJECTION_CODE_EMERGENCY_STOP);
  gate_.identity = "phone";
  EXPECT_EQ(Tip("t").error->reason, ErrorReason::kKeyReused);  // that of the web
  EXPECT_EQ(RefusalOf("v"), 0);
  gate_.identity = "";
  EXPECT_EQ(RefusalOf("w"), 0);
}

TEST_F(StopHandlers, StaffNeedAnIdentityButWhoLooksDoesNot) {
  EXPECT_EQ(Stop("a", Everything()).reason(), ErrorReason::kUnauthenticated);
  EXPECT_EQ(Lift("b", Everything()).reason(), ErrorReason::kUnauthenticated);
  EXPECT_EQ(List().stops_size(), 0);
  EXPECT_EQ(gate_.stats().unauthenticated_calls.value(), 2);
}

TEST_F(StopHandlers, AStopIsTakenWhenTooMuchWaitsForAnythingElse) {
  constexpr int64_t kRequestsMax = 100'000;  // of the gate of these tests
  gate_.identity = "ann";
  gate_.stats().requests_in_flight.fetch_add(kRequestsMax);
  EXPECT_EQ(Tip("t").reason(), ErrorReason::kOverloaded);
  EXPECT_TRUE(Stop("a", Everything()).response.scope().everything());
  gate_.stats().requests_in_flight.fetch_sub(kRequestsMax);
  EXPECT_EQ(RefusalOf("u"), v1::REJECTION_CODE_EMERGENCY_STOP);
}

TEST(StopConversion, EveryScopeIsReadAndWritten) {
  for (const char* text : {"everything", "app", "session", "streamer", "gift"}) {
    v1::EmergencyStopRequest request;
    request.set_idempotency_key("k");
    const std::string kind = text;
    v1::StopScope& scope = *request.mutable_scope();
    if (kind == "everything") scope.set_everything(true);
    if (kind == "app") scope.set_app("A-z_0.9");
    if (kind == "session") scope.set_session_id(1);
    if (kind == "streamer") scope.set_streamer_id(INT64_MAX);
    if (kind == "gift") scope.set_gift_id(3);
    StopRecord record;
    ASSERT_FALSE(Convert(request, &record).has_value()) << kind;
    v1::StopScope written;
    FillScope(record.scope, &written);
    EXPECT_EQ(written.SerializeAsString(), scope.SerializeAsString()) << kind;
  }
}

TEST(StopConversion, AMalformedScopeIsNamed) {
  const auto fault = [](const auto& change) {
    v1::LiftStopRequest request;
    request.set_idempotency_key("k");
    request.mutable_scope()->set_gift_id(1);
    change(&request);
    StopRecord record;
    const std::optional<CallError> error = Convert(request, &record);
    return error.has_value() ? error->field : "none";
  };
  using Request = v1::LiftStopRequest;
  EXPECT_EQ(fault([](Request*) {}), "none");
  EXPECT_EQ(fault([](Request* r) { r->clear_idempotency_key(); }), "idempotency_key");
  EXPECT_EQ(fault([](Request* r) { r->clear_scope(); }), "scope");
  EXPECT_EQ(fault([](Request* r) { r->mutable_scope()->clear_gift_id(); }), "scope");
  EXPECT_EQ(fault([](Request* r) { r->mutable_scope()->set_everything(false); }),
            "scope.everything");
  EXPECT_EQ(fault([](Request* r) { r->mutable_scope()->set_app(""); }), "scope.app");
  EXPECT_EQ(fault([](Request* r) { r->mutable_scope()->set_app("a b"); }), "scope.app");
  EXPECT_EQ(fault([](Request* r) { r->mutable_scope()->set_app(std::string(32, 'a')); }), "none");
  EXPECT_EQ(fault([](Request* r) { r->mutable_scope()->set_app(std::string(33, 'a')); }),
            "scope.app");
  EXPECT_EQ(fault([](Request* r) { r->mutable_scope()->set_session_id(0); }), "scope.session_id");
  EXPECT_EQ(fault([](Request* r) { r->mutable_scope()->set_streamer_id(-1); }),
            "scope.streamer_id");
  EXPECT_EQ(fault([](Request* r) { r->mutable_scope()->set_gift_id(0); }), "scope.gift_id");
  EXPECT_EQ(fault([](Request* r) { r->set_reason(std::string(200, 'x')); }), "none");
  EXPECT_EQ(fault([](Request* r) { r->set_reason(std::string(201, 'x')); }), "reason");
}

}  // namespace
}  // namespace tipgate
