// The balance that recharges fill and tips spend, where the policy lets the gate keep it. Gift 1
// costs a fen, gift 5 100 yuan.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/core_gate.h"
#include "tests/support/core_proof.h"

namespace tipgate {
namespace {

using ::testing::ElementsAre;

constexpr PayerId kPayer{1};
constexpr int64_t kDayMs = int64_t{24} * 3600 * 1000;

Policy WithWallet(WalletMode mode) {
  Policy policy = SamplePolicy();
  policy.wallet = mode;
  policy.tip_life.remorse_ms = 10'000;
  return policy;
}

class Wallet : public ::testing::Test {
 protected:
  Wallet() : gate_(WithWallet(WalletMode::kManaged)) { gate_.PutScene(); }
  ~Wallet() override { Verify(); }

  Decided Tip(int32_t fen, bool is_hold = false) {
    TipRequest request = gate_.MakeTip(kPayer, GiftId(1), fen);
    request.is_hold = is_hold;
    return gate_.Tip(request);
  }
  Money Balance() const { return gate_.state.payers.Find(kPayer)->balance; }
  Money Balances() const { return gate_.state.totals.balances; }

  // History, decided again, leads to this state; and so does a restart.
  void Verify() {
    gate_.Tick();
    EXPECT_EQ(Balances(), Balance());
    EXPECT_EQ(ProveHistory(gate_), absl::OkStatus());
  }

  CoreGate gate_;
};

TEST_F(Wallet, T20TheBalanceIsSpentToTheLastFenAndNotPast) {
  gate_.AddBalance(kPayer, Money(1'000));
  const Decided first = Tip(400);
  ASSERT_TRUE(first.is_accepted());
  EXPECT_EQ(first.tip.balance, Money(600));
  EXPECT_EQ(first.tip.amount_max, Money(600));
  EXPECT_EQ(first.tip.count_max, 600);
  const Decided refused = Tip(601);
  EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kInsufficientBalance));
  const Violation& why = refused.violations.front();
  EXPECT_EQ(why.limit, 600);
  EXPECT_EQ(why.used, 0);
  EXPECT_EQ(why.requested, 601);
  EXPECT_EQ(why.origin, LimitOrigin::kNone);
  EXPECT_EQ(why.retry_time_ms, 0);
  EXPECT_EQ(refused.tip.retry_time_ms, 0);
  EXPECT_EQ(refused.tip.amount_max, Money(600));
  EXPECT_EQ(Tip(600).tip.balance, Money());
  EXPECT_THAT(Tip(1).codes(), ElementsAre(RejectionCode::kInsufficientBalance));
}

TEST_F(Wallet, T20WhoHasRechargedNothingMaySpendNothing) {
  const Decided refused = Tip(1);
  EXPECT_THAT(refused.codes(), ElementsAre(RejectionCode::kInsufficientBalance));
  EXPECT_EQ(refused.tip.amount_max, Money());
  EXPECT_EQ(refused.tip.balance, Money());
}

TEST_F(Wallet, T20IsTheLastOfAllRules) {
  gate_.AddBalance(kPayer, Money(500'000));
  const Decided refused = gate_.Tip(gate_.MakeTip(kPayer, GiftId(5), 51));
  EXPECT_EQ(refused.codes().front(), RejectionCode::kTipCap);
  EXPECT_EQ(refused.codes().back(), RejectionCode::kInsufficientBalance);
}

TEST_F(Wallet, T20ADryRunTakesNothing) {
  gate_.AddBalance(kPayer, Money(1'000));
  const Decided checked = gate_.Check(gate_.MakeTip(kPayer, GiftId(1), 1'000));
  EXPECT_TRUE(checked.is_accepted());
  EXPECT_EQ(checked.tip.balance, Money());
  EXPECT_EQ(checked.tip.amount_max, Money(1'000));
  EXPECT_EQ(Balance(), Money(1'000));
  EXPECT_FALSE(gate_.Check(gate_.MakeTip(kPayer, GiftId(1), 1'001)).is_accepted());
}

TEST_F(Wallet, T20DoesNotAskWhereThePlatformKeepsTheBalance) {
  gate_.AddBalance(kPayer, Money(100));
  gate_.Activate(WithWallet(WalletMode::kExternal));
  const Decided accepted = Tip(101);
  EXPECT_TRUE(accepted.is_accepted());
  EXPECT_EQ(accepted.tip.balance, kNoBalance);
  EXPECT_EQ(Balance(), Money(100));
  gate_.AddBalance(kPayer, Money(50));
  EXPECT_EQ(Balance(), Money(100));
  gate_.Activate(WithWallet(WalletMode::kManaged));
  EXPECT_THAT(Tip(101).codes(), ElementsAre(RejectionCode::kInsufficientBalance));
  EXPECT_TRUE(Tip(100).is_accepted());
}

TEST_F(Wallet, R14OnlyACapturedRechargeAddsToTheBalance) {
  const Decided held = gate_.Recharge(kPayer, Money(1'000));
  EXPECT_EQ(held.recharge.balance, Money());
  EXPECT_EQ(Balance(), Money());
  EXPECT_EQ(gate_.Capture(held.id).recharge.balance, Money(1'000));
  EXPECT_EQ(Balance(), Money(1'000));
  EXPECT_EQ(gate_.Void(gate_.Recharge(kPayer, Money(7)).id).recharge.balance, Money(1'000));
  gate_.Recharge(kPayer, Money(9), 5'000);
  gate_.now_ms += 5'000;
  gate_.Tick();
  EXPECT_EQ(Balance(), Money(1'000));
}

TEST_F(Wallet, R14ALateCaptureAddsOnlyIfItIsAccepted) {
  const RecordId accepted = gate_.Recharge(kPayer, Money(400'000), 5'000).id;
  const RecordId returned = gate_.Recharge(kPayer, Money(400'000), 5'000).id;
  gate_.now_ms += 5'000;
  ASSERT_EQ(gate_.Capture(accepted).recharge.balance, Money(400'000));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(gate_.Recharge(kPayer, Money(500'000)).is_accepted());
  EXPECT_EQ(gate_.Capture(returned).recharge.state, RechargeState::kReturned);
  EXPECT_EQ(Balance(), Money(400'000));
  EXPECT_EQ(gate_.RefundRecharge(returned, Money(1)).error(), ErrorReason::kWrongState);
}

TEST_F(Wallet, R15WhatIsUnspentIsRefundedToTheLastFenAndNotPast) {
  const RecordId first = gate_.AddBalance(kPayer, Money(1'000));
  const RecordId second = gate_.AddBalance(kPayer, Money(300));
  ASSERT_TRUE(Tip(500).is_accepted());  // 800 are left, of whichever recharge
  EXPECT_EQ(gate_.RefundRecharge(second, Money(301)).error(), ErrorReason::kWrongState);
  const Decided all = gate_.RefundRecharge(second, Money(300));
  EXPECT_EQ(all.recharge.balance, Money(500));
  EXPECT_EQ(all.recharge.refund, Money(300));
  EXPECT_EQ(all.recharge.day_total, Money(1'300));  // the limits get nothing back
  EXPECT_EQ(gate_.RefundRecharge(second, Money(1)).error(), ErrorReason::kWrongState);
  EXPECT_EQ(gate_.RefundRecharge(first, Money(501)).error(), ErrorReason::kWrongState);
  EXPECT_TRUE(gate_.RefundRecharge(first, Money(200)).is_accepted());
  EXPECT_TRUE(gate_.RefundRecharge(first, Money(300)).is_accepted());
  EXPECT_EQ(gate_.RefundRecharge(first, Money(1)).error(), ErrorReason::kWrongState);
  EXPECT_EQ(Balance(), Money());
  EXPECT_EQ(gate_.state.totals.recharge_refunded, Money(800));
  EXPECT_EQ(gate_.state.totals.recharge_captured, Money(1'300));
}

TEST_F(Wallet, R15WhatIsNotInTheBalanceIsNotRefunded) {
  const RecordId held = gate_.Recharge(kPayer, Money(1'000)).id;
  EXPECT_EQ(gate_.RefundRecharge(held, Money(1)).error(), ErrorReason::kWrongState);
  ASSERT_TRUE(gate_.Void(held).is_accepted());
  EXPECT_EQ(gate_.RefundRecharge(held, Money(1)).error(), ErrorReason::kWrongState);
  EXPECT_EQ(gate_.RefundRecharge(RecordId(9'999, 0), Money(1)).error(), ErrorReason::kNotFound);
  const RecordId kept = gate_.AddBalance(kPayer, Money(1'000));
  gate_.Activate(WithWallet(WalletMode::kExternal));
  EXPECT_EQ(gate_.RefundRecharge(kept, Money(1)).error(), ErrorReason::kWrongState);
  const RecordId external = gate_.AddBalance(kPayer, Money(500));
  gate_.Activate(WithWallet(WalletMode::kManaged));
  EXPECT_EQ(gate_.RefundRecharge(external, Money(1)).error(), ErrorReason::kWrongState);
  EXPECT_TRUE(gate_.RefundRecharge(kept, Money(1'000)).is_accepted());
}

TEST_F(Wallet, R15ARechargeIsRefundedAlsoAfterItHasLeftTheMemory) {
  const RecordId id = gate_.AddBalance(kPayer, Money(1'000));
  gate_.now_ms += kRechargeMemoryMs;
  gate_.ForgetWhatIsDue();
  EXPECT_NE(gate_.state.recharges.Find(id), nullptr);  // the store does not have it yet
  EXPECT_EQ(gate_.Capture(id).error(), ErrorReason::kNotFound);
  gate_.Checkpoint();
  gate_.Checkpoint();
  gate_.now_ms += kDayMs;
  gate_.ForgetWhatIsDue();
  EXPECT_EQ(gate_.state.recharges.Find(id), nullptr);
  gate_.Checkpoint();
  EXPECT_EQ(gate_.Recovered()->state.recharges.Find(id), nullptr);
  Verify();
  EXPECT_EQ(gate_.RefundRecharge(id, Money(1'001)).error(), ErrorReason::kWrongState);
  ASSERT_TRUE(gate_.RefundRecharge(id, Money(400)).is_accepted());
  EXPECT_EQ(DueOf(*gate_.state.recharges.Find(id)).time_ms, gate_.now_ms + kRechargeMemoryMs);
  Verify();
  ASSERT_TRUE(gate_.RefundRecharge(id, Money(600)).is_accepted());
  gate_.Checkpoint();
  gate_.now_ms += kRechargeMemoryMs + kDayMs;
  gate_.Checkpoint();
  gate_.ForgetWhatIsDue();
  gate_.Checkpoint();
  EXPECT_EQ((*gate_.store->FindRecharge(id))->refunded, Money(1'000));
  EXPECT_EQ(gate_.RefundRecharge(id, Money(1)).error(), ErrorReason::kWrongState);
}

TEST(WalletLimits, R15ARefundOfARechargeInMemoryNeedsNoRoom) {
  StateLimits limits = CoreGate::DefaultLimits();
  limits.recharges_max = 2;
  CoreGate gate(WithWallet(WalletMode::kManaged), limits);
  gate.PutScene();
  const RecordId old = gate.AddBalance(kPayer, Money(100));
  gate.Checkpoint();
  gate.now_ms += kRechargeMemoryMs + kDayMs;
  gate.Checkpoint();
  gate.ForgetWhatIsDue();
  gate.Checkpoint();
  ASSERT_EQ(gate.state.recharges.Find(old), nullptr);
  const RecordId first = gate.AddBalance(kPayer, Money(100));
  gate.AddBalance(kPayer, Money(100));
  EXPECT_EQ(gate.Recharge(kPayer, Money(100)).error(), ErrorReason::kCapacityReached);
  EXPECT_TRUE(gate.RefundRecharge(first, Money(40)).is_accepted());
  EXPECT_EQ(gate.RefundRecharge(old, Money(40)).error(), ErrorReason::kCapacityReached);
}

TEST_F(Wallet, R15ARechargeOutsideTheBalanceIsForgottenForGood) {
  gate_.Activate(WithWallet(WalletMode::kExternal));
  const RecordId id = gate_.AddBalance(kPayer, Money(1'000));
  gate_.Checkpoint();
  gate_.now_ms += kRechargeMemoryMs - 1;
  EXPECT_EQ(gate_.RefundRecharge(id, Money(1)).error(), ErrorReason::kWrongState);
  gate_.now_ms += 1;
  EXPECT_EQ(gate_.RefundRecharge(id, Money(1)).error(), ErrorReason::kNotFound);
}

TEST_F(Wallet, R16WhatIsNotPaidAfterAllGoesBackToTheBalance) {
  gate_.AddBalance(kPayer, Money(1'000));
  const RecordId held = Tip(600, /*is_hold=*/true).id;
  EXPECT_EQ(Balance(), Money(400));  // what is held is spent
  ASSERT_TRUE(gate_.CaptureTip(held, Money(250)).is_accepted());
  EXPECT_EQ(Balance(), Money(750));
  ASSERT_TRUE(gate_.RefundTip(held, Money(50)).is_accepted());
  EXPECT_EQ(Balance(), Money(800));
  const RecordId regretted = Tip(300).id;
  ASSERT_TRUE(gate_.VoidTip(regretted).is_accepted());
  EXPECT_EQ(Balance(), Money(800));
  Tip(800, /*is_hold=*/true);
  EXPECT_EQ(Balance(), Money());
  gate_.Advance(absl::Seconds(30));
  gate_.Tick();
  EXPECT_EQ(Balance(), Money(800));
  ASSERT_TRUE(gate_.RefundTip(held, Money(200)).is_accepted());
  EXPECT_EQ(Balance(), Money(1'000));
}

TEST_F(Wallet, R16AlsoWhereVoidsGiveNoHeadroomBack) {
  Policy policy = WithWallet(WalletMode::kManaged);
  policy.tip_life.void_restores_headroom = false;
  gate_.Activate(policy);
  gate_.AddBalance(kPayer, Money(1'000));
  ASSERT_TRUE(gate_.VoidTip(Tip(600).id).is_accepted());
  EXPECT_EQ(Balance(), Money(1'000));
  EXPECT_EQ(gate_.state.payers.Find(kPayer)->tips.day_total, Money(600));
}

TEST_F(Wallet, R16SettledTipsGoBackThereTooAndManyAtOnce) {
  gate_.AddBalance(kPayer, Money(1'000));
  RecordId tip;
  for (int i = 0; i < 4; ++i) tip = Tip(100).id;
  ASSERT_EQ(Balance(), Money(600));
  IncomeJobRequest order{.intent = gate_.NewIntent(),
                         .action = IncomeAction::kRefund,
                         .actor = {},
                         .scope = {.kind = IncomeScopeKind::kStreamer, .id = 1},
                         .permille = 500,
                         .note = {},
                         .looked_up = {}};
  gate_.RunIncomeJob(order);
  EXPECT_EQ(Balance(), Money(800));
  gate_.now_ms += kDayMs;
  gate_.SettleAll();
  ASSERT_EQ(gate_.StateOfTip(tip), TipState::kSettled);
  ASSERT_TRUE(gate_.RefundTip(tip, Money(50)).is_accepted());
  EXPECT_EQ(Balance(), Money(850));
}

TEST_F(Wallet, R16ATipOfBeforeTheWalletGoesBackToThePlatform) {
  gate_.Activate(WithWallet(WalletMode::kExternal));
  const RecordId tip = Tip(100).id;
  gate_.Activate(WithWallet(WalletMode::kManaged));
  ASSERT_TRUE(gate_.RefundTip(tip, Money(100)).is_accepted());
  EXPECT_EQ(Balance(), Money());
}

// --- CheckRecharge ------------------------------------------------------------------------------

TEST_F(Wallet, R8ADryRunOfARechargeCountsNothing) {
  const Decided first = gate_.CheckRecharge(kPayer, Money(500'000));
  EXPECT_TRUE(first.is_accepted());
  EXPECT_EQ(first.recharge.amount_max, Money(500'000));
  EXPECT_EQ(first.recharge.day_total, Money(500'000));
  EXPECT_EQ(gate_.state.payers.Find(kPayer)->recharges.day_total, Money());
  EXPECT_THAT(gate_.CheckRecharge(kPayer, Money(500'001)).codes(),
              ElementsAre(RejectionCode::kRechargeCap));
  EXPECT_EQ(gate_.state.totals.recharge_authorized, Money());
}

}  // namespace
}  // namespace tipgate
