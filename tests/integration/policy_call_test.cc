// The life of a policy on the real server: two people, a time, a restart; and what becomes of the
// files that the server starts with.

#include <gmock/gmock.h>

#include "tests/integration/event_watch.h"
#include "tests/integration/gate_error.h"
#include "tests/integration/stopped_clock_test.h"
#include "yaml/yaml_message.h"

namespace tipgate {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kSecondMs = 1'000;

class PolicyCall : public StoppedClockTest {
 protected:
  // The server's own policy with another highest tip.
  v1::TippingPolicy PolicyOf(int64_t tip_max) {
    TestPolicy policy = policy_;
    policy.tip_max_minor = tip_max;
    v1::TippingPolicy message;
    EXPECT_TRUE(ReadYamlMessage("policy.yaml", ToYaml(policy), &message).ok());
    return message;
  }
  int64_t Propose(int64_t tip_max, int64_t effective_ms = 0) {
    client().set_identity("ann");
    v1::ProposePolicyRequest request;
    request.set_idempotency_key(NewKey());
    *request.mutable_policy() = PolicyOf(tip_max);
    if (effective_ms != 0) {
      request.mutable_effective_time()->set_seconds(effective_ms / kSecondMs);
      request.mutable_effective_time()->set_nanos(
          static_cast<int32_t>(effective_ms % kSecondMs * 1'000'000));
    }
    return client().Must(request).proposal().proposal_id();
  }
  grpc::Status Approve(int64_t id, const std::string& identity = "bob") {
    client().set_identity(identity);
    v1::ApprovePolicyRequest request;
    request.set_idempotency_key(NewKey());
    request.set_proposal_id(id);
    return client().Try(request);
  }
  v1::GetPolicyResponse InForce() { return client().Must(v1::GetPolicyRequest()); }
  int64_t DecidingVersion() { return client().Tip(TipOf(NewKey(), 1)).policy_version(); }
};

TEST_F(PolicyCall, V1TwoPeopleBringAPolicyIntoForceBeforeTheNextDecision) {
  more_config_ = "development_identities: true\n";
  StartGateWithSession();
  const int64_t id = Propose(500);
  EXPECT_THAT(Approve(id, "ann"), FailsWith(grpc::StatusCode::FAILED_PRECONDITION,
                                            v1::ERROR_REASON_WRONG_STATE, "proposal_id"));
  EXPECT_EQ(DecidingVersion(), 1);
  ASSERT_TRUE(Approve(id).ok());
  const v1::TipDecision decision = client().Tip(TipOf(NewKey(), 501));
  EXPECT_EQ(decision.policy_version(), 2);
  EXPECT_EQ(decision.violations(0).code(), v1::REJECTION_CODE_TIP_CAP);
  EXPECT_EQ(InForce().policy().tip_max_minor(), 500);
  EXPECT_EQ(InForce().proposal().approved_by(), "bob");
  ExpectProved();
}

TEST_F(PolicyCall, WhoIsNotKnownProposesAndApprovesNothing) {
  StartGateWithSession();
  const auto is_denied =
      FailsWith(grpc::StatusCode::UNAUTHENTICATED, v1::ERROR_REASON_UNAUTHENTICATED, "");
  EXPECT_THAT(client().Try(v1::ProposePolicyRequest()), is_denied);
  EXPECT_THAT(client().Try(v1::ApprovePolicyRequest()), is_denied);
  EXPECT_THAT(client().Try(v1::WithdrawProposalRequest()), is_denied);
  EXPECT_THAT(client().Try(v1::RollBackPolicyRequest()), is_denied);
  EXPECT_THAT(client().Try(v1::PutGiftsRequest()), is_denied);
  EXPECT_EQ(client().Must(v1::ListPoliciesRequest()).proposals_size(), 1);
}

TEST_F(PolicyCall, V2AtItsTimeItIsInForceAlsoAfterARestart) {
  StartStopped();
  const int64_t time_ms = now_ms_ + 3'600 * kSecondMs + 7;
  ASSERT_TRUE(Approve(Propose(500, time_ms)).ok());
  StopGate();
  StartGate();
  Advance(time_ms - now_ms_ - 1);
  EXPECT_EQ(DecidingVersion(), 1);
  Advance(1);
  EXPECT_EQ(DecidingVersion(), 2);
  EXPECT_EQ(InForce().policy().tip_max_minor(), 500);
  ExpectProved();
}

TEST_F(PolicyCall, V2AtItsTimeItIsInForceThoughNobodyCalls) {
  StartStopped();
  ASSERT_TRUE(Approve(Propose(500, now_ms_ + kSecondMs)).ok());
  v1::WatchEventsRequest request = OnlyKind(v1::EVENT_KIND_POLICY_ACTIVATED);
  EventWatch watch(client(), request);
  EXPECT_EQ(watch.Await(v1::EVENT_KIND_POLICY_ACTIVATED).policy_version(), 1);
  Advance(kSecondMs);
  EXPECT_EQ(watch.Await(v1::EVENT_KIND_POLICY_ACTIVATED).policy_version(), 2);
}

TEST_F(PolicyCall, EventsTellWhoProposedApprovedAndWithdrew) {
  more_config_ = "development_identities: true\n";
  StartGateWithSession();
  const int64_t kept = Propose(500);
  ASSERT_TRUE(Approve(kept).ok());
  const int64_t dropped = Propose(600);
  client().set_identity("cid");
  v1::WithdrawProposalRequest withdrawal;
  withdrawal.set_idempotency_key(NewKey());
  withdrawal.set_proposal_id(dropped);
  client().Must(withdrawal);
  v1::WatchEventsRequest request = OnlyKind(v1::EVENT_KIND_POLICY_PROPOSED);
  request.add_kinds(v1::EVENT_KIND_POLICY_APPROVED);
  request.add_kinds(v1::EVENT_KIND_POLICY_WITHDRAWN);
  EventWatch watch(client(), request);
  const auto expect_next = [&](v1::EventKind kind, int64_t id, const std::string& identity) {
    const std::optional<v1::Event> event = watch.Next();
    ASSERT_TRUE(event.has_value());
    EXPECT_EQ(event->kind(), kind);
    EXPECT_EQ(event->proposal_id(), id);
    EXPECT_EQ(event->identity(), identity);
  };
  expect_next(v1::EVENT_KIND_POLICY_PROPOSED, kept, "ann");
  expect_next(v1::EVENT_KIND_POLICY_APPROVED, kept, "bob");
  expect_next(v1::EVENT_KIND_POLICY_PROPOSED, dropped, "ann");
  expect_next(v1::EVENT_KIND_POLICY_WITHDRAWN, dropped, "cid");
}

TEST_F(PolicyCall, WhatWasApprovedStaysThoughTheFileSaysOtherwise) {
  more_config_ = "development_identities: true\n";
  StartGateWithSession();
  ASSERT_TRUE(Approve(Propose(500)).ok());
  v1::PutGiftsRequest gifts;
  gifts.set_idempotency_key(NewKey());
  v1::Gift& gift = *gifts.mutable_catalog()->add_gifts();
  gift.set_gift_id(1);
  gift.set_unit_price_minor(1);
  EXPECT_EQ(client().Must(gifts).gifts_version(), 2);
  StopGate();
  StartGate();
  EXPECT_EQ(InForce().proposal().version(), 2);
  EXPECT_EQ(client().Must(v1::ListGiftsRequest()).catalog().gifts_size(), 1);
  EXPECT_THAT(ReadFile(files().log_file()), HasSubstr("policy version 2, which was approved over"));
  EXPECT_THAT(ReadFile(files().log_file()), HasSubstr("gift catalogue version 2, which was put"));
  StopGate();
  arguments_ = {"--apply-files"};
  StartGate();
  EXPECT_EQ(InForce().proposal().version(), 3);
  EXPECT_EQ(InForce().proposal().proposed_by(), "");
  EXPECT_GT(client().Must(v1::ListGiftsRequest()).catalog().gifts_size(), 1);
  ExpectProved();
}

TEST_F(PolicyCall, V3ARollbackIsReadFromTheJournal) {
  more_config_ = "development_identities: true\n";
  StartGateWithSession();
  ASSERT_TRUE(Approve(Propose(500)).ok());
  EXPECT_EQ(DecidingVersion(), 2);
  client().set_identity("ann");
  v1::RollBackPolicyRequest request;
  request.set_idempotency_key(NewKey());
  request.set_version(1);
  ASSERT_TRUE(Approve(client().Must(request).proposal().proposal_id()).ok());
  EXPECT_EQ(DecidingVersion(), 3);
  EXPECT_EQ(InForce().policy().tip_max_minor(), policy_.tip_max_minor);
  EXPECT_EQ(InForce().proposal().restored_version(), 1);
  v1::GetPolicyRequest second;
  second.set_version(2);
  EXPECT_EQ(client().Must(second).policy().tip_max_minor(), 500);
  ExpectProved();
}

}  // namespace
}  // namespace tipgate
