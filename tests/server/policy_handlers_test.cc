// PolicyService: what each call answers, and how it replays.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/policy_conversion.h"
#include "server/time_conversion.h"
#include "tests/server/handlers_fixture.h"
#include "tests/support/core_gate.h"
#include "tipgate/v1/audit.pb.h"
#include "tipgate/v1/proposal.pb.h"

namespace tipgate {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class PolicyHandlers : public HandlersFixture {
 protected:
  PolicyHandlers() { gate_.identity = "ann"; }

  // The sample policy with another highest tip.
  static v1::TippingPolicy PolicyOf(int64_t tip_max) {
    v1::TippingPolicy policy;
    FillPolicy(SamplePolicy(), &policy);
    policy.set_tip_max_minor(tip_max);
    return policy;
  }
  static v1::ProposePolicyRequest ProposalOf(const std::string& key, int64_t tip_max) {
    v1::ProposePolicyRequest request;
    request.set_idempotency_key(key);
    *request.mutable_policy() = PolicyOf(tip_max);
    return request;
  }
  Called<v1::ProposePolicyResponse> Propose(const v1::ProposePolicyRequest& request) {
    return gate_.Call<v1::ProposePolicyResponse>(gate_.handlers.propose_policy, request);
  }
  int64_t Propose(const std::string& key, int64_t tip_max) {
    return Propose(ProposalOf(key, tip_max)).response.proposal().proposal_id();
  }
  Called<v1::ApprovePolicyResponse> Approve(const std::string& key, int64_t id,
                                            const std::string& identity = "bob") {
    const std::string before = gate_.identity;
    gate_.identity = identity;
    v1::ApprovePolicyRequest request;
    request.set_idempotency_key(key);
    request.set_proposal_id(id);
    const auto called =
        gate_.Call<v1::ApprovePolicyResponse>(gate_.handlers.approve_policy, request);
    gate_.identity = before;
    return called;
  }
  Called<v1::WithdrawProposalResponse> Withdraw(const std::string& key, int64_t id) {
    v1::WithdrawProposalRequest request;
    request.set_idempotency_key(key);
    request.set_proposal_id(id);
    return gate_.Call<v1::WithdrawProposalResponse>(gate_.handlers.withdraw_proposal, request);
  }
  static v1::RollBackPolicyRequest RollBackTo(const std::string& key, int32_t version) {
    v1::RollBackPolicyRequest request;
    request.set_idempotency_key(key);
    request.set_version(version);
    return request;
  }
  Called<v1::RollBackPolicyResponse> RollBack(const v1::RollBackPolicyRequest& request) {
    return gate_.Call<v1::RollBackPolicyResponse>(gate_.handlers.roll_back_policy, request);
  }
  Called<v1::GetPolicyResponse> Get(int32_t version, int64_t proposal_id = 0) {
    v1::GetPolicyRequest request;
    request.set_version(version);
    request.set_proposal_id(proposal_id);
    return gate_.Call<v1::GetPolicyResponse>(gate_.handlers.get_policy, request);
  }
  Called<v1::ListPoliciesResponse> ListPolicies(int32_t page_size, const std::string& token = "") {
    v1::ListPoliciesRequest request;
    request.set_page_size(page_size);
    request.set_page_token(token);
    return gate_.Call<v1::ListPoliciesResponse>(gate_.handlers.list_policies, request);
  }
  std::vector<std::string> ProblemsOf(const v1::TippingPolicy& policy) {
    v1::ValidatePolicyRequest request;
    *request.mutable_policy() = policy;
    const auto called =
        gate_.Call<v1::ValidatePolicyResponse>(gate_.handlers.validate_policy, request);
    EXPECT_FALSE(called.error.has_value());
    std::vector<std::string> fields;
    for (const auto& problem : called.response.problems()) fields.push_back(problem.field());
    return fields;
  }
  Called<v1::PutGiftsResponse> PutGifts(const std::string& key, const v1::GiftCatalog& catalog) {
    v1::PutGiftsRequest request;
    request.set_idempotency_key(key);
    *request.mutable_catalog() = catalog;
    return gate_.Call<v1::PutGiftsResponse>(gate_.handlers.put_gifts, request);
  }
  static v1::GiftCatalog GiftsOf(const std::vector<int64_t>& prices) {
    v1::GiftCatalog catalog;
    for (const int64_t price : prices) {
      v1::Gift& gift = *catalog.add_gifts();
      gift.set_gift_id(catalog.gifts_size());
      gift.set_unit_price_minor(price);
    }
    return catalog;
  }
};

TEST_F(PolicyHandlers, V1AProposalIsInForceOnceSomebodyElseHasApprovedIt) {
  v1::ProposePolicyRequest request = ProposalOf("p", 9'999);
  request.set_note("for May");
  const auto proposed = Propose(request);
  const v1::Proposal& proposal = proposed.response.proposal();
  EXPECT_EQ(proposal.state(), v1::POLICY_STATE_PROPOSED);
  EXPECT_EQ(proposal.proposed_by(), "ann");
  EXPECT_EQ(proposal.note(), "for May");
  EXPECT_EQ(Propose(request).bytes, proposed.bytes);
  EXPECT_EQ(Tip("a").response.decision().policy_version(), 1);

  EXPECT_EQ(Approve("b", proposal.proposal_id(), "ann").reason(), ErrorReason::kWrongState);
  const auto approved = Approve("b", proposal.proposal_id());
  EXPECT_EQ(UnixMs(approved.response.effective_time()), gate_.clock.now_ms());
  EXPECT_EQ(Approve("b", proposal.proposal_id()).bytes, approved.bytes);
  EXPECT_EQ(Approve("b", proposal.proposal_id(), "cid").reason(), ErrorReason::kKeyReused);

  const auto decision = Tip("c").response.decision();
  EXPECT_EQ(decision.policy_version(), 2);
  EXPECT_EQ(decision.violations(0).limit_minor(), 9'999);
  const auto got = Get(0).response;
  EXPECT_EQ(got.proposal().state(), v1::POLICY_STATE_ACTIVE);
  EXPECT_EQ(got.proposal().approved_by(), "bob");
  EXPECT_EQ(got.policy().SerializeAsString(), PolicyOf(9'999).SerializeAsString());
  EXPECT_EQ(Get(0, proposal.proposal_id()).bytes, Get(2).bytes);
}

TEST_F(PolicyHandlers, V2ItsTimeBringsItIntoForceThoughNobodyCalls) {
  v1::ProposePolicyRequest request = ProposalOf("p", 9'999);
  SetUnixMs(gate_.clock.now_ms() + 60'000, request.mutable_effective_time());
  const int64_t id = Propose(request).response.proposal().proposal_id();
  EXPECT_EQ(UnixMs(Approve("a", id).response.effective_time()), gate_.clock.now_ms() + 60'000);
  EXPECT_EQ(Get(0, id).response.proposal().state(), v1::POLICY_STATE_APPROVED);
  gate_.clock.Advance(absl::Minutes(1) - absl::Milliseconds(1));
  EXPECT_EQ(Get(0).response.proposal().version(), 1);
  gate_.clock.Advance(absl::Milliseconds(1));
  const v1::Proposal active = Get(0).response.proposal();
  EXPECT_EQ(active.version(), 2);
  EXPECT_EQ(UnixMs(active.activate_time()), gate_.clock.now_ms());
}

TEST_F(PolicyHandlers, AnotherPayloadUnderTheSameKeyIsRefused) {
  Propose("p", 9'999);
  EXPECT_EQ(Propose(ProposalOf("p", 9'998)).reason(), ErrorReason::kKeyReused);
  v1::ProposePolicyRequest noted = ProposalOf("p", 9'999);
  noted.set_note("another");
  EXPECT_EQ(Propose(noted).reason(), ErrorReason::kKeyReused);
  gate_.identity = "bob";
  EXPECT_EQ(Propose(ProposalOf("p", 9'999)).reason(), ErrorReason::kKeyReused);
}

TEST_F(PolicyHandlers, ChangesAreForPeopleWhomTheGateKnows) {
  gate_.identity = "";
  EXPECT_EQ(Propose(ProposalOf("p", 1)).reason(), ErrorReason::kUnauthenticated);
  EXPECT_EQ(Approve("a", 1, "").reason(), ErrorReason::kUnauthenticated);
  EXPECT_EQ(Withdraw("w", 1).reason(), ErrorReason::kUnauthenticated);
  EXPECT_EQ(RollBack(RollBackTo("r", 1)).reason(), ErrorReason::kUnauthenticated);
  EXPECT_EQ(PutGifts("g", GiftsOf({1})).reason(), ErrorReason::kUnauthenticated);
  EXPECT_FALSE(Get(0).error.has_value());
  EXPECT_EQ(ListPolicies(10).response.proposals_size(), 1);
}

TEST_F(PolicyHandlers, AWithdrawnOneNeverComesIntoForce) {
  const int64_t id = Propose("p", 9'999);
  const auto withdrawn = Withdraw("w", id);
  EXPECT_EQ(withdrawn.response.proposal_id(), id);
  EXPECT_EQ(Withdraw("w", id).bytes, withdrawn.bytes);
  EXPECT_EQ(Approve("a", id).reason(), ErrorReason::kWrongState);
  EXPECT_EQ(Withdraw("x", id + 1).reason(), ErrorReason::kNotFound);
  const v1::Proposal proposal = Get(0, id).response.proposal();
  EXPECT_EQ(proposal.state(), v1::POLICY_STATE_WITHDRAWN);
  EXPECT_EQ(proposal.withdrawn_by(), "ann");
  EXPECT_TRUE(proposal.has_end_time());
}

TEST_F(PolicyHandlers, V3ARollbackIsANewVersionOfWhatAnOldOneSays) {
  Approve("a", Propose("p", 9'999));
  const auto proposed = RollBack(RollBackTo("r", 1));
  EXPECT_EQ(proposed.response.proposal().restored_version(), 1);
  EXPECT_EQ(RollBack(RollBackTo("r", 1)).bytes, proposed.bytes);
  EXPECT_EQ(RollBack(RollBackTo("r", 2)).reason(), ErrorReason::kKeyReused);
  EXPECT_EQ(RollBack(RollBackTo("s", 3)).error->field, "version");
  EXPECT_EQ(Approve("b", proposed.response.proposal().proposal_id(), "ann").reason(),
            ErrorReason::kWrongState);
  Approve("b", proposed.response.proposal().proposal_id());
  const auto got = Get(0).response;
  EXPECT_EQ(got.proposal().version(), 3);
  EXPECT_EQ(got.policy().SerializeAsString(), Get(1).response.policy().SerializeAsString());
  EXPECT_EQ(Tip("c").response.decision().policy_version(), 3);
  EXPECT_EQ(Get(2).response.policy().tip_max_minor(), 9'999);  // from the journal
}

TEST_F(PolicyHandlers, TheListTellsTheNewestFirstInPages) {
  const int64_t first = Propose("p", 9'999);
  Approve("a", first);
  const int64_t second = Propose("q", 9'998);
  const auto ids = [](const v1::ListPoliciesResponse& page) {
    std::vector<int64_t> found;
    for (const v1::Proposal& proposal : page.proposals()) found.push_back(proposal.proposal_id());
    return found;
  };
  const auto page = ListPolicies(2).response;
  EXPECT_THAT(ids(page), ElementsAre(second, first));
  const auto last = ListPolicies(2, page.next_page_token()).response;
  ASSERT_EQ(last.proposals_size(), 1);
  EXPECT_EQ(last.proposals(0).state(), v1::POLICY_STATE_SUPERSEDED);
  EXPECT_EQ(last.proposals(0).version(), 1);
  EXPECT_EQ(last.proposals(0).proposed_by(), "");
  EXPECT_EQ(last.next_page_token(), "");
  EXPECT_EQ(ListPolicies(2, page.next_page_token() + "0").error->field, "page_token");
  EXPECT_EQ(ListPolicies(1'001).error->field, "page_size");
}

TEST_F(PolicyHandlers, AValidationTellsAllProblemsAndChangesNothing) {
  v1::TippingPolicy policy = PolicyOf(9'999);
  EXPECT_THAT(ProblemsOf(policy), ElementsAre());
  policy.set_currency("USD");
  policy.set_day_limit_minor(0);
  policy.mutable_tiers(1)->set_name("L1");
  policy.mutable_tiers(2)->mutable_settle_delay()->set_nanos(1);
  policy.mutable_recharge()->set_month_limit_minor(1);
  EXPECT_THAT(
      ProblemsOf(policy),
      ElementsAre("policy.tiers[2].settle_delay", "policy.day_limit_minor", "policy.tiers[1].name",
                  "policy.recharge.month_limit_minor", "policy.currency"));
  EXPECT_EQ(ListPolicies(10).response.proposals_size(), 1);
}

TEST_F(PolicyHandlers, MinorsAreNotPutBelowTheirProfile) {
  v1::TippingPolicy policy = PolicyOf(9'999);
  policy.mutable_minors()->set_profile(v1::MINOR_PROFILE_STRICT);
  policy.mutable_minors()->mutable_age_8_to_15()->set_single_max_minor(1);
  EXPECT_THAT(ProblemsOf(policy), ElementsAre("policy.minors"));
  policy.mutable_minors()->set_profile(v1::MINOR_PROFILE_TIERED_2026);
  policy.mutable_minors()->mutable_age_8_to_15()->set_day_limit_minor(3);
  policy.mutable_minors()->mutable_age_16_to_17()->set_single_max_minor(1);
  policy.mutable_minors()->mutable_age_16_to_17()->set_day_limit_minor(2);
  EXPECT_THAT(ProblemsOf(policy), ElementsAre("policy.minors.age_16_to_17.day_limit_minor"));
}

TEST_F(PolicyHandlers, AFaultyProposalIsRefusedWithItsFirstField) {
  const auto fault = [&](const auto& spoil) {
    v1::ProposePolicyRequest request = ProposalOf("p", 9'999);
    spoil(&request);
    const auto called = Propose(request);
    return called.error.has_value() ? called.error->field : "";
  };
  using Request = v1::ProposePolicyRequest;
  EXPECT_EQ(fault([](Request* request) { request->clear_policy(); }), "policy");
  EXPECT_EQ(fault([](Request* request) { request->set_note(std::string(257, 'x')); }), "note");
  EXPECT_EQ(fault([](Request* request) { request->mutable_effective_time()->set_nanos(1); }),
            "effective_time");
  EXPECT_EQ(fault([&](Request* request) {
              SetUnixMs(gate_.clock.now_ms() + int64_t{366} * 86'400'000 + 1,
                        request->mutable_effective_time());
            }),
            "effective_time");
  EXPECT_EQ(fault([](Request* request) { request->mutable_policy()->clear_tiers(); }),
            "policy.tiers");
  EXPECT_EQ(fault([](Request* request) { request->mutable_policy()->set_time_zone("Asia/Tokyo"); }),
            "policy.time_zone");
  EXPECT_EQ(fault([](Request* request) { request->set_note(std::string(256, 'x')); }), "");
}

// What this gate does not know might be a limit.
TEST_F(PolicyHandlers, APolicyWithAFieldThatTheGateDoesNotKnowIsRefused) {
  v1::ProposePolicyRequest request = ProposalOf("p", 9'999);
  request.mutable_policy()
      ->mutable_recharge()
      ->GetReflection()
      ->MutableUnknownFields(request.mutable_policy()->mutable_recharge())
      ->AddVarint(999, 1);
  const auto called = Propose(request);
  EXPECT_EQ(called.error->field, "policy.recharge");
  EXPECT_THAT(called.error->message, HasSubstr("999"));
}

TEST_F(PolicyHandlers, V4GiftsAreReplacedByOnePersonAndCounted) {
  const auto put = PutGifts("g", GiftsOf({1, 300'000}));
  EXPECT_EQ(put.response.gifts_version(), 2);
  EXPECT_EQ(PutGifts("g", GiftsOf({1, 300'000})).bytes, put.bytes);
  EXPECT_EQ(PutGifts("g", GiftsOf({1})).reason(), ErrorReason::kKeyReused);
  const auto listed =
      gate_.Call<v1::ListGiftsResponse>(gate_.handlers.list_gifts, v1::ListGiftsRequest());
  EXPECT_EQ(listed.response.gifts_version(), 2);
  EXPECT_EQ(listed.response.catalog().SerializeAsString(),
            GiftsOf({1, 300'000}).SerializeAsString());
  // Gift 5 is gone.
  EXPECT_EQ(Tip("a").response.decision().violations(0).code(), v1::REJECTION_CODE_GIFT_UNKNOWN);
}

TEST_F(PolicyHandlers, V4AGiftThatMayNotBeIsNamed) {
  EXPECT_EQ(PutGifts("g", GiftsOf({1, 300'001})).error->field, "catalog.gifts[1].unit_price_minor");
  v1::GiftCatalog lottery = GiftsOf({1, 2});
  lottery.mutable_gifts(1)->set_random_reward(true);
  EXPECT_EQ(PutGifts("g", lottery).error->field, "catalog.gifts[1].random_reward");
  v1::GiftCatalog twice = GiftsOf({1, 2});
  twice.mutable_gifts(1)->set_gift_id(1);
  EXPECT_EQ(PutGifts("g", twice).error->field, "catalog.gifts[1].gift_id");
  EXPECT_EQ(PutGifts("g", v1::GiftCatalog()).error->field, "catalog.gifts");
  EXPECT_EQ(PutGifts("g", GiftsOf({1})).response.gifts_version(), 2);
}

}  // namespace
}  // namespace tipgate
