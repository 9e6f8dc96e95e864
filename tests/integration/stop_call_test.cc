// Emergency stops on the real server: nothing slips through once one is answered, and a crash lifts
// none.

#include <atomic>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/integration/event_watch.h"
#include "tests/integration/gate_error.h"
#include "tests/integration/gate_test.h"

namespace tipgate {
namespace {

constexpr int kClients = 8;

v1::StopScope Everything() {
  v1::StopScope scope;
  scope.set_everything(true);
  return scope;
}

template <typename Request>
Request Of(const std::string& key, const v1::StopScope& scope) {
  Request request;
  request.set_idempotency_key(key);
  *request.mutable_scope() = scope;
  return request;
}

bool IsAccepted(const v1::TipDecision& decision) {
  return decision.outcome() == v1::OUTCOME_ACCEPTED;
}

class StopCall : public GateTest {
 protected:
  void SetUp() override {
    policy_.day_limit_minor = 100'000'000;
    policy_.month_limit_minor = 100'000'000;
    policy_.tiers[0].session_received_max_minor = 100'000'000;
    more_config_ = "development_identities: true\ncheckpoint_interval: 50ms\n";
    StartGateWithSession();
  }

  v1::EmergencyStopResponse Stop(const std::string& key, const v1::StopScope& scope) {
    client().set_identity("ann");
    const auto response = client().Must(Of<v1::EmergencyStopRequest>(key, scope));
    client().set_identity("");
    return response;
  }
  v1::LiftStopResponse Lift(const std::string& identity, const v1::StopScope& scope) {
    client().set_identity(identity);
    const auto response =
        client().Must(Of<v1::LiftStopRequest>(absl::StrCat("lift ", ++lifts_count_), scope));
    client().set_identity("");
    return response;
  }
  int RefusalOf(const std::string& key) {
    const v1::TipDecision decision = client().Tip(TipOf(key, 1));
    return decision.violations_size() == 1 ? decision.violations(0).code() : -1;
  }

 private:
  int lifts_count_ = 0;
};

// Each client notes before a tip whether the stop had been answered by then.
TEST_F(StopCall, T1AfterItsAnswerNoTipThatIsSentLaterIsAccepted) {
  std::atomic<bool> is_answered{false};
  std::atomic<int64_t> accepted_before{0};
  std::atomic<int64_t> accepted_after{0};
  std::atomic<int64_t> refused_after{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < kClients; ++i) {
    threads.emplace_back([&, i] {
      constexpr int kTipsAfter = 50;
      GateClient own(gate().target());
      int after_count = 0;
      for (int n = 0; after_count < kTipsAfter; ++n) {
        const bool is_after = is_answered.load();
        const bool is_accepted = IsAccepted(own.Tip(TipOf(absl::StrCat(i, "/", n), 1)));
        if (is_after) ++after_count;
        if (!is_after && is_accepted) ++accepted_before;
        if (is_after) ++(is_accepted ? accepted_after : refused_after);
      }
    });
  }
  while (accepted_before.load() < 1'000 && !HasFailure()) std::this_thread::yield();
  Stop("stop", Everything());
  is_answered.store(true);
  for (std::thread& thread : threads) thread.join();
  EXPECT_GE(accepted_before.load(), 1'000);
  EXPECT_EQ(accepted_after.load(), 0);
  EXPECT_EQ(refused_after.load(), kClients * 50);
  EXPECT_EQ(client().Verify().state_hash(), client().Info(true).state_hash());
}

TEST_F(StopCall, T1AndA3SurvivesKillAndRestartAsDoesTheFirstAgreementToLiftIt) {
  const v1::EmergencyStopResponse stopped = Stop("stop", Everything());
  EXPECT_TRUE(Lift("ann", Everything()).stopped());
  for (int round = 0; round < 2; ++round) {  // the second finds it in a checkpoint, or could
    gate().Kill();
    StartGate();
    EXPECT_EQ(RefusalOf(absl::StrCat("tip ", round)), v1::REJECTION_CODE_EMERGENCY_STOP);
  }
  EXPECT_EQ(Stop("stop", Everything()).SerializeAsString(), stopped.SerializeAsString());
  const v1::ListStopsResponse list = client().Must(v1::ListStopsRequest());
  ASSERT_EQ(list.stops_size(), 1);
  EXPECT_EQ(list.stops(0).lift_approver(), "ann");
  EXPECT_FALSE(Lift("bob", Everything()).stopped());
  gate().Kill();
  StartGate();
  EXPECT_TRUE(IsAccepted(client().Tip(TipOf("again", 1))));
  EXPECT_EQ(client().Verify().state_hash(), client().Info(true).state_hash());
}

TEST_F(StopCall, T1AndR1OfAnAppStopsItsTipsStreamsAndRecharges) {
  v1::StopScope scope;
  scope.set_app("web");
  Stop("stop", scope);
  client().set_identity("web");
  EXPECT_EQ(RefusalOf("a"), v1::REJECTION_CODE_EMERGENCY_STOP);
  EXPECT_EQ(client().Check(TipOf("", 1)).violations(0).code(), v1::REJECTION_CODE_EMERGENCY_STOP);
  EXPECT_EQ(client().Must(RechargeOf("r", 100)).decision().violations(0).code(),
            v1::REJECTION_CODE_EMERGENCY_STOP);
  grpc::ClientContext context;
  context.AddMetadata("tipgate-identity", "web");
  const auto stream = client().tips().StreamTips(&context);
  v1::StreamTipsRequest request;
  *request.add_tips() = TipOf("s", 1);
  v1::StreamTipsResponse response;
  ASSERT_TRUE(stream->Write(request));
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.results(0).decision().violations(0).code(), v1::REJECTION_CODE_EMERGENCY_STOP);
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
  client().set_identity("phone");
  EXPECT_TRUE(IsAccepted(client().Tip(TipOf("b", 1))));
  client().set_identity("");
  EXPECT_TRUE(IsAccepted(client().Tip(TipOf("c", 1))));
  EXPECT_EQ(client().Verify().state_hash(), client().Info(true).state_hash());
}

TEST_F(StopCall, A3IsToldByEvents) {
  v1::StopScope scope;
  scope.set_session_id(kSession);
  Stop("stop", scope);
  Lift("ann", scope);
  Lift("bob", scope);
  EventWatch watch(client());
  const v1::Event started = watch.Await(v1::EVENT_KIND_EMERGENCY_STOP_STARTED);
  EXPECT_EQ(started.stop_scope().session_id(), kSession);
  EXPECT_EQ(started.identity(), "ann");
  const v1::Event lifted = watch.Await(v1::EVENT_KIND_EMERGENCY_STOP_LIFTED);
  EXPECT_EQ(lifted.stop_scope().session_id(), kSession);
  EXPECT_EQ(lifted.identity(), "bob");
}

TEST_F(StopCall, A2StaffAreDeniedWithoutAnIdentityAndMalformedScopesByName) {
  EXPECT_THAT(client().Try(Of<v1::EmergencyStopRequest>("k", Everything())),
              FailsWith(grpc::StatusCode::UNAUTHENTICATED, v1::ERROR_REASON_UNAUTHENTICATED, ""));
  client().set_identity("ann");
  EXPECT_THAT(client().Try(Of<v1::EmergencyStopRequest>("k", {})), NamesInvalidField("scope"));
  v1::StopScope scope;
  scope.set_gift_id(0);
  EXPECT_THAT(client().Try(Of<v1::LiftStopRequest>("k", scope)),
              NamesInvalidField("scope.gift_id"));
  EXPECT_THAT(
      client().Try(Of<v1::LiftStopRequest>("k", Everything())),
      FailsWith(grpc::StatusCode::FAILED_PRECONDITION, v1::ERROR_REASON_WRONG_STATE, "scope"));
}

}  // namespace
}  // namespace tipgate
