// The life of a policy: proposed, approved by another identity, in force from one point of the
// journal on.
#include "core/proposal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/decide_policy.h"
#include "tests/support/core_gate.h"
#include "tests/support/core_proof.h"

namespace tipgate {
namespace {

using ::testing::ElementsAre;

constexpr PayerId kPayer{1};
constexpr GiftId kFen{1};
constexpr GiftId kDear{2};  // at the sample policy's gift_price_max
constexpr int64_t kHourMs = 3'600'000;

// One that tells itself by the highest tip that it allows.
Policy PolicyOf(int64_t tip_max) {
  Policy policy = SamplePolicy();
  policy.tip_max = Money(tip_max);
  return policy;
}

class ProposalTest : public ::testing::Test {
 protected:
  ProposalTest() { gate_.PutScene(); }

  RecordId Propose(int64_t tip_max, int64_t requested_time_ms = 0) {
    const Decided proposed = gate_.Propose(PolicyOf(tip_max), "ann", requested_time_ms);
    EXPECT_TRUE(proposed.is_accepted());
    return proposed.id;
  }
  RecordId ProposeAndApprove(int64_t tip_max, int64_t requested_time_ms = 0) {
    const RecordId id = Propose(tip_max, requested_time_ms);
    EXPECT_TRUE(gate_.Approve(id, "bob").is_accepted());
    return id;
  }

  // The policy by which a tip is decided at this moment, with the version that it records.
  std::pair<int32_t, int64_t> Deciding() {
    const Decided decided = gate_.Check(gate_.MakeTip(kPayer, kFen, 9'999));
    const int64_t limit = decided.violations.empty() ? 0 : decided.violations.front().limit;
    return {decided.tip.policy_version, limit};
  }
  ProposalState StateOf(RecordId id) { return gate_.state.policies.Find(id)->state; }

  PolicyVisit Visit(decltype(PolicyVisit::of) of) {
    PolicyVisit visit;
    visit.of = of;
    Command command = std::move(visit);
    gate_.Execute(&command);
    return std::get<PolicyVisit>(command);
  }

  // All of history, decided again and recovered, before a checkpoint and from one.
  void ExpectProved() {
    EXPECT_EQ(ProveHistory(gate_), absl::OkStatus());
    gate_.Checkpoint();
    EXPECT_EQ(gate_.Recovered()->Fingerprint(), gate_.Fingerprint());
  }

  CoreGate gate_;
};

TEST_F(ProposalTest, V1WhoProposedCannotApprove) {
  const RecordId id = Propose(100);
  const Decided refused = gate_.Approve(id, "ann");
  EXPECT_EQ(refused.error(), ErrorReason::kWrongState);
  EXPECT_EQ(StateOf(id), ProposalState::kProposed);
  EXPECT_TRUE(gate_.Approve(id, "bob").is_accepted());
  ExpectProved();
}

TEST_F(ProposalTest, V1OneThatIsNotApprovedNeverComesIntoForce) {
  Propose(100, gate_.now_ms + kHourMs);
  Propose(101);
  gate_.now_ms += 2 * kHourMs;
  EXPECT_EQ(Deciding().first, 1);
  ExpectProved();
}

TEST_F(ProposalTest, V2ComesIntoForceAtItsTimeAndNotAMillisecondBefore) {
  const int64_t time_ms = gate_.now_ms + kHourMs;
  const RecordId id = ProposeAndApprove(100, time_ms);
  EXPECT_EQ(StateOf(id), ProposalState::kApproved);
  gate_.now_ms = time_ms - 1;
  EXPECT_EQ(Deciding(), std::pair(1, int64_t{0}));
  EXPECT_TRUE(gate_.Tip(gate_.MakeTip(kPayer, kFen, 101)).is_accepted());
  gate_.now_ms = time_ms;
  EXPECT_THAT(gate_.Tip(gate_.MakeTip(kPayer, kFen, 101)).codes(),
              ElementsAre(RejectionCode::kTipCap));
  EXPECT_EQ(Deciding(), std::pair(2, int64_t{100}));
  EXPECT_EQ(StateOf(id), ProposalState::kActive);
  const auto& first = gate_.journal->entries().back().records.front();
  ASSERT_TRUE(std::holds_alternative<PolicyRecord>(first));
  EXPECT_EQ(std::get<PolicyRecord>(first).proposal, id);
  ExpectProved();
}

TEST_F(ProposalTest, V2ComesIntoForceByItselfIfNobodyAsksForAnything) {
  const RecordId id = ProposeAndApprove(100, gate_.now_ms + kHourMs);
  EXPECT_EQ(gate_.state.NextDueMs(), gate_.now_ms + kHourMs);
  gate_.now_ms += kHourMs;
  gate_.Tick();
  EXPECT_EQ(StateOf(id), ProposalState::kActive);
}

TEST_F(ProposalTest, V2WithATimeThatIsPastComesIntoForceBeforeTheNextDecision) {
  const RecordId id = Propose(100, gate_.now_ms + 1);
  gate_.now_ms += kHourMs;
  const Decided approved = gate_.Approve(id, "bob");
  EXPECT_EQ(approved.proposal_step.effective_time_ms, gate_.now_ms);
  EXPECT_EQ(Deciding(), std::pair(2, int64_t{100}));
  ExpectProved();
}

TEST_F(ProposalTest, AnApprovalThatIsDueAtOnceEndsItsBatch) {
  const RecordId now = Propose(100);
  const RecordId later = Propose(101, gate_.now_ms + 1);
  Batch batch;
  const Calendar calendar = *Calendar::Load("Asia/Shanghai");
  Sequencer sequencer(&gate_.state, &gate_.keys, CoreGate::DefaultLimits(), calendar,
                      gate_.journal->Head().sequence);
  Moment moment;
  moment.time_ms = gate_.now_ms;
  sequencer.Begin(moment, &batch);
  const auto approve = [&](RecordId id) {
    ProposalStepCommand command;
    command.request.step = ProposalStep::kApprove;
    command.request.intent = gate_.NewIntent();
    command.request.actor = ActorName("bob");
    command.request.proposal = id;
    command.key = gate_.LookUp(command.request.intent);
    Command executed = command;
    sequencer.Execute(executed);
  };
  approve(later);
  EXPECT_TRUE(sequencer.HasRoom(TickCommand()));
  approve(now);
  EXPECT_FALSE(sequencer.HasRoom(TickCommand()));
  EXPECT_TRUE(sequencer.End());
  sequencer.Begin(moment, &batch);
  EXPECT_TRUE(sequencer.HasRoom(TickCommand()));
  EXPECT_EQ(gate_.state.policy->tip_max, Money(100));
}

TEST_F(ProposalTest, ARestartBetweenApprovalAndActivationChangesNothing) {
  const RecordId id = ProposeAndApprove(100, gate_.now_ms + kHourMs);
  const std::unique_ptr<CoreGate> again = gate_.Recovered();
  again->now_ms += kHourMs - 1;
  again->Tick();
  EXPECT_EQ(again->state.policies.Find(id)->state, ProposalState::kApproved);
  again->now_ms += 1;
  again->Tick();
  EXPECT_EQ(again->state.policies.Find(id)->state, ProposalState::kActive);
  EXPECT_EQ(again->state.policy->tip_max, Money(100));
}

TEST_F(ProposalTest, ARestartFromStoredStateFindsThePolicyThatWaits) {
  const RecordId approved = ProposeAndApprove(100, gate_.now_ms + kHourMs);
  const RecordId proposed = Propose(101);
  gate_.Checkpoint(1);
  const std::unique_ptr<CoreGate> again = gate_.Recovered();
  EXPECT_EQ(again->Fingerprint(), gate_.Fingerprint());
  again->now_ms += kHourMs;
  again->Tick();
  EXPECT_EQ(again->state.policies.Find(approved)->state, ProposalState::kActive);
  EXPECT_EQ(again->state.policy->tip_max, Money(100));
  EXPECT_TRUE(again->Approve(proposed, "bob").is_accepted());
  again->Tick();
  EXPECT_EQ(again->state.policy->tip_max, Money(101));
  EXPECT_EQ(again->state.policy->version, 3);
}

TEST_F(ProposalTest, V2OfTwoWithTheSameTimeTheOneProposedLaterHolds) {
  const int64_t time_ms = gate_.now_ms + kHourMs;
  const RecordId first = Propose(100, time_ms);
  const RecordId second = Propose(200, time_ms);
  EXPECT_TRUE(gate_.Approve(second, "bob").is_accepted());
  EXPECT_TRUE(gate_.Approve(first, "bob").is_accepted());
  gate_.now_ms = time_ms;
  EXPECT_EQ(Deciding(), std::pair(3, int64_t{200}));
  EXPECT_EQ(StateOf(first), ProposalState::kSuperseded);
  EXPECT_EQ(gate_.state.policies.Find(first)->version, 2);
  EXPECT_EQ(StateOf(second), ProposalState::kActive);
  ExpectProved();
}

TEST_F(ProposalTest, VersionsFollowTheTimesAndNotTheProposals) {
  const RecordId later = ProposeAndApprove(200, gate_.now_ms + 2 * kHourMs);
  const RecordId sooner = ProposeAndApprove(100, gate_.now_ms + kHourMs);
  gate_.now_ms += 3 * kHourMs;  // the gate was down
  EXPECT_EQ(Deciding(), std::pair(3, int64_t{200}));
  EXPECT_EQ(gate_.state.policies.Find(sooner)->version, 2);
  EXPECT_EQ(gate_.state.policies.Find(later)->version, 3);
  ExpectProved();
}

TEST_F(ProposalTest, CanBeWithdrawnUntilItIsInForceAndOnlyOnce) {
  const RecordId proposed = Propose(100);
  EXPECT_TRUE(gate_.Withdraw(proposed, "ann").is_accepted());
  EXPECT_EQ(gate_.Withdraw(proposed, "ann").error(), ErrorReason::kWrongState);
  EXPECT_EQ(gate_.Approve(proposed, "bob").error(), ErrorReason::kWrongState);
  const RecordId approved = ProposeAndApprove(100, gate_.now_ms + kHourMs);
  EXPECT_EQ(gate_.Approve(approved, "cid").error(), ErrorReason::kWrongState);
  EXPECT_TRUE(gate_.Withdraw(approved, "cid").is_accepted());
  gate_.now_ms += kHourMs;
  EXPECT_EQ(Deciding().first, 1);
  const RecordId active = ProposeAndApprove(100);
  gate_.Tick();
  EXPECT_EQ(gate_.Withdraw(active, "ann").error(), ErrorReason::kWrongState);
  EXPECT_EQ(gate_.Withdraw(RecordId(99, 9), "ann").error(), ErrorReason::kNotFound);
  ExpectProved();
}

TEST_F(ProposalTest, ThePolicyOfTheFileIsNoProposal) {
  const RecordId id = gate_.state.policies.active()->id;
  EXPECT_EQ(gate_.Withdraw(id, "ann").error(), ErrorReason::kNotFound);
  EXPECT_EQ(gate_.Approve(id, "ann").error(), ErrorReason::kNotFound);
}

TEST_F(ProposalTest, IsRefusedWhereItWouldCountInAnotherCurrencyOrZone) {
  Policy policy = SamplePolicy();
  policy.currency = "USD";
  const Decided currency = gate_.Propose(policy, "ann");
  EXPECT_EQ(currency.error(), ErrorReason::kWrongState);
  EXPECT_STREQ(std::get<RequestError>(currency.answer).field, "policy.currency");
  policy = SamplePolicy();
  policy.time_zone = "Asia/Tokyo";
  const Decided zone = gate_.Propose(policy, "ann");
  EXPECT_STREQ(std::get<RequestError>(zone.answer).field, "policy.time_zone");
  EXPECT_TRUE(gate_.Propose(SamplePolicy(), "ann").is_accepted());
}

TEST_F(ProposalTest, MayBe366DaysAheadAndNotAMillisecondMore) {
  const int64_t latest_ms = gate_.now_ms + kEffectiveAheadMaxMs;
  EXPECT_EQ(gate_.Propose(SamplePolicy(), "ann", latest_ms + 1).error(),
            ErrorReason::kInvalidField);
  EXPECT_TRUE(gate_.Propose(SamplePolicy(), "ann", latest_ms).is_accepted());
}

TEST_F(ProposalTest, OneMoreThan64OpenIsRefusedUntilOneIsClosed) {
  RecordId last;
  for (size_t i = 0; i < PolicyBook::kOpenMax; ++i) last = Propose(100);
  EXPECT_EQ(gate_.Propose(SamplePolicy(), "ann").error(), ErrorReason::kCapacityReached);
  EXPECT_TRUE(gate_.Withdraw(last, "bob").is_accepted());
  EXPECT_TRUE(gate_.Propose(SamplePolicy(), "ann").is_accepted());
  ExpectProved();
}

// Settle delays that no policy has had yet are counted when it is proposed, approved and due.
class SettleDelayTest : public ProposalTest {
 protected:
  // With `count` delays from `first_ms` on.
  static Policy PolicyWith(int count, int64_t first_ms) {
    Policy policy = SamplePolicy();
    policy.tiers.resize(1);
    policy.settle_delays.clear();
    policy.tiers.front().settle_delay_ms = first_ms;
    for (int i = 1; i < count; ++i) {
      policy.settle_delays.push_back({.min_amount = Money(i), .settle_delay_ms = first_ms + i});
    }
    return policy;
  }
  // As if tips with delays 1, 2, ... had been accepted. Whole days do not count.
  void HaveDelays(int64_t count) {
    for (; delays_count_ < count; ++delays_count_) {
      gate_.state.totals.cursors.push_back({.delay_ms = delays_count_ + 1, .last_sequence = 1});
    }
  }

  int64_t delays_count_ = 0;
};

TEST_F(SettleDelayTest, OneTooManyIsRefusedAtTheProposal) {
  HaveDelays(kPolicyDelaysMax - 2);
  EXPECT_TRUE(gate_.Propose(PolicyWith(2, 10'000), "ann").is_accepted());
  const Decided refused = gate_.Propose(PolicyWith(3, 10'000), "ann");
  EXPECT_EQ(refused.error(), ErrorReason::kWrongState);
  EXPECT_STREQ(std::get<RequestError>(refused.answer).field, "policy.settle_delays");
}

TEST_F(SettleDelayTest, OneTooManyByNowIsRefusedAtTheApproval) {
  HaveDelays(kPolicyDelaysMax - 2);
  const Decided proposed = gate_.Propose(PolicyWith(2, 10'000), "ann");
  HaveDelays(kPolicyDelaysMax - 1);
  EXPECT_EQ(gate_.Approve(proposed.id, "bob").error(), ErrorReason::kWrongState);
}

TEST_F(SettleDelayTest, OneTooManyByItsTimeIsWithdrawnAndTheOldPolicyStays) {
  HaveDelays(kPolicyDelaysMax - 2);
  const Decided proposed = gate_.Propose(PolicyWith(2, 10'000), "ann", gate_.now_ms + kHourMs);
  EXPECT_TRUE(gate_.Approve(proposed.id, "bob").is_accepted());
  HaveDelays(kPolicyDelaysMax - 1);
  gate_.now_ms += kHourMs;
  gate_.Tick();
  EXPECT_EQ(gate_.state.policy->version, 1);
  const Proposal& failed = *gate_.state.policies.Find(proposed.id);
  EXPECT_EQ(failed.state, ProposalState::kWithdrawn);
  EXPECT_TRUE(failed.withdrawer.empty());
  const Record& record = gate_.journal->entries().back().records.front();
  EXPECT_EQ(std::get<ProposalStepRecord>(record).step, ProposalStep::kFail);
}

TEST_F(ProposalTest, ALowerGiftPriceCapHoldsForTipsFromItsTimeOn) {
  Policy policy = SamplePolicy();
  policy.gift_price_max = Money(299'999);
  const Decided proposed = gate_.Propose(policy, "ann", gate_.now_ms + kHourMs);
  gate_.Approve(proposed.id, "bob");
  gate_.now_ms += kHourMs - 1;
  EXPECT_TRUE(gate_.Tip(gate_.MakeTip(kPayer, kDear, 1)).is_accepted());
  gate_.now_ms += 1;
  EXPECT_THAT(gate_.Tip(gate_.MakeTip(kPayer, kDear, 1)).codes(),
              ElementsAre(RejectionCode::kGiftPriceCap));
}

TEST_F(ProposalTest, V4AGiftAboveThePriceCapIsRefusedOnImportAndNamed) {
  const auto gift = [](int64_t id, int64_t price) {
    return Gift{.id = GiftId(id), .name = "", .unit_price = Money(price), .is_enabled = true};
  };
  EXPECT_TRUE(gate_.PutGifts(GiftCatalog({gift(1, 1), gift(2, 300'000)})).is_accepted());
  EXPECT_EQ(gate_.state.policies.gifts_version, 2);
  GiftsCommand command;
  command.request.intent = gate_.NewIntent();
  command.request.catalog =
      std::make_shared<const GiftCatalog>(GiftCatalog({gift(1, 1), gift(2, 300'001)}));
  command.key = gate_.LookUp(command.request.intent);
  Command executed = std::move(command);
  gate_.Execute(&executed);
  EXPECT_EQ(std::get<GiftsCommand>(executed).too_dear, 1u);
  EXPECT_EQ(gate_.state.policies.gifts_version, 2);
  EXPECT_EQ(gate_.state.catalog->gifts().size(), 2u);
  ExpectProved();
}

TEST_F(ProposalTest, AKeyThatComesAgainNamesTheFirstProposal) {
  ProposalRecord record;
  record.intent = gate_.NewIntent();
  record.actor = ActorName("ann");
  record.policy = std::make_shared<const Policy>(SamplePolicy());
  const auto propose = [&] {
    return gate_.Run(
        ProposalCommand{.request = record, .key = gate_.LookUp(record.intent), .answer = {}});
  };
  const Decided first = propose();
  const Decided again = propose();
  ASSERT_TRUE(again.is_replay());
  EXPECT_EQ(std::get<ReplayOf>(again.answer).record, first.id);
  EXPECT_EQ(gate_.state.policies.open_count(), 1u);
}

TEST_F(ProposalTest, AVisitTellsTheOneInForceAVersionAProposalAndPages) {
  const RecordId file = gate_.state.policies.active()->id;
  const RecordId second = ProposeAndApprove(100);
  gate_.Tick();
  const RecordId third = Propose(200);
  const auto ids = [](const PolicyVisit& visit) {
    std::vector<RecordId> found;
    for (const Proposal& proposal : visit.found) found.push_back(proposal.id);
    return found;
  };
  EXPECT_THAT(ids(Visit(int32_t{0})), ElementsAre(second));
  EXPECT_THAT(ids(Visit(int32_t{1})), ElementsAre(file));
  EXPECT_THAT(ids(Visit(int32_t{3})), ElementsAre());
  EXPECT_THAT(ids(Visit(third)), ElementsAre(third));
  const PolicyVisit page = Visit(PolicyPage{.before = {}, .count_max = 2});
  EXPECT_THAT(ids(page), ElementsAre(third, second));
  EXPECT_TRUE(page.has_more);
  const PolicyVisit last = Visit(PolicyPage{.before = second, .count_max = 2});
  EXPECT_THAT(ids(last), ElementsAre(file));
  EXPECT_FALSE(last.has_more);
}

TEST(PolicyBook, KeepsTheLast1024AndNeverLosesOneThatIsOpenOrInForce) {
  PolicyBook policies;
  policies.Add(RecordId(1, 0)).state = ProposalState::kActive;
  policies.Add(RecordId(2, 0)).state = ProposalState::kApproved;
  for (int64_t i = 3; i <= 1'026; ++i) {
    policies.Add(RecordId(i, 0)).state = ProposalState::kWithdrawn;
  }
  EXPECT_EQ(policies.proposals.size(), PolicyBook::kKeptMax);
  EXPECT_NE(policies.Find(RecordId(1, 0)), nullptr);
  EXPECT_NE(policies.Find(RecordId(2, 0)), nullptr);
  EXPECT_EQ(policies.Find(RecordId(3, 0)), nullptr);
  EXPECT_EQ(policies.Find(RecordId(4, 0)), nullptr);
  EXPECT_NE(policies.Find(RecordId(5, 0)), nullptr);
}

// Histories that no gate wrote.
class ForgedProposalTest : public ProposalTest {
 protected:
  template <typename T>
  T& LastRecord() {
    std::vector<Entry>& entries = gate_.journal->entries();
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
      for (auto record = entry->records.rbegin(); record != entry->records.rend(); ++record) {
        if (auto* found = std::get_if<T>(&*record)) return *found;
      }
    }
    TIPGATE_CHECK(false);
    __builtin_unreachable();
  }
  void ExpectFound() { EXPECT_EQ(VerifyHistory(gate_).code(), absl::StatusCode::kDataLoss); }
};

TEST_F(ForgedProposalTest, AnApprovalByTheProposerIsFound) {
  ProposeAndApprove(100, gate_.now_ms + kHourMs);
  LastRecord<ProposalStepRecord>().actor = ActorName("ann");
  ExpectFound();
}

TEST_F(ForgedProposalTest, AnEarlierTimeIsFound) {
  ProposeAndApprove(100, gate_.now_ms + kHourMs);
  LastRecord<ProposalStepRecord>().effective_time_ms -= 1;
  ExpectFound();
}

TEST_F(ForgedProposalTest, AnActivationBeforeItsTimeIsFound) {
  ProposeAndApprove(100, gate_.now_ms + kHourMs);
  gate_.now_ms += kHourMs;
  gate_.Tick();
  gate_.journal->entries().back().moment.time_ms -= 1;
  ExpectFound();
}

TEST_F(ForgedProposalTest, AnotherPolicyThanTheOneApprovedIsFound) {
  ProposeAndApprove(100);
  gate_.Tick();
  auto other = std::make_shared<Policy>(PolicyOf(101));
  other->version = 2;
  LastRecord<PolicyRecord>().policy = other;
  ExpectFound();
}

TEST_F(ForgedProposalTest, ADecisionUnderAPolicyThatShouldHaveGoneIsFound) {
  ProposeAndApprove(100, gate_.now_ms + kHourMs);
  EXPECT_TRUE(gate_.Tip(gate_.MakeTip(kPayer, kFen, 1)).is_accepted());
  EXPECT_TRUE(VerifyHistory(gate_).ok());
  gate_.journal->entries().back().moment.time_ms += kHourMs;
  ExpectFound();
}

TEST_F(ForgedProposalTest, AGiftVersionThatIsNotTheNextIsFound) {
  gate_.PutGifts(SampleCatalog());  // refused: one is too dear
  gate_.PutGifts(GiftCatalog({Gift{.id = GiftId(1), .name = "", .unit_price = Money(1)}}));
  LastRecord<CatalogRecord>().version = 3;
  ExpectFound();
}

}  // namespace
}  // namespace tipgate
