// Payers who are not in memory: nothing that anybody can see may depend on it.
#include <gtest/gtest.h>

#include "core/fingerprint.h"
#include "tests/support/core_gate.h"
#include "tests/support/core_proof.h"
#include "tests/support/random_evening.h"

namespace tipgate {
namespace {

constexpr Money kGift{10'000};

StateLimits LimitsWith(int64_t payers_resident_max) {
  StateLimits limits = CoreGate::DefaultLimits();
  limits.payers_resident_max = payers_resident_max;
  return limits;
}

// Stores all state, twice: what was stored before the last checkpoint may leave the memory.
void Store(CoreGate* gate) {
  gate->Checkpoint();
  gate->Checkpoint();
  gate->Tick();
}

bool IsResident(const CoreGate& gate, int64_t payer) {
  return gate.state.payers.Find(PayerId(payer)) != nullptr;
}

// The payer, wherever they are.
Payer PayerOf(CoreGate* gate, int64_t id) {
  PayerVisit visit;
  visit.id = PayerId(id);
  Command command = visit;
  gate->Execute(&command);
  return *std::get<PayerVisit>(command).found;
}

void ExpectSame(const CoreGate& one, const CoreGate& other) {
  ASSERT_EQ(one.journal->Head().sequence, other.journal->Head().sequence);
  ASSERT_EQ(one.Fingerprint(), other.Fingerprint());
  ASSERT_EQ(one.state.payers_count(), other.state.payers_count());
}

// Every one of its records is the same in the other.
void ExpectSameJournal(const CoreGate& one, const CoreGate& other) {
  const std::vector<Entry>& entries = one.journal->entries();
  ASSERT_EQ(entries.size(), other.journal->entries().size());
  for (size_t i = 0; i < entries.size(); ++i) {
    const Entry& twin = other.journal->entries()[i];
    ASSERT_EQ(entries[i].records.size(), twin.records.size());
    for (size_t position = 0; position < twin.records.size(); ++position) {
      ASSERT_EQ(FingerprintOf(entries[i], entries[i].records[position]),
                FingerprintOf(twin, twin.records[position]))
          << "entry " << i + 1 << ", record " << position;
    }
  }
}

// Who is cold stands in the store as they are, and no look-up that is still taken can be older.
void ExpectColdOnesAreStored(const CoreGate& gate, const CoreGate& unbounded) {
  unbounded.state.payers.ForEach([&](const Payer& payer) {
    if (IsResident(gate, payer.id.value())) return;
    EXPECT_LE(payer.changed.sequence(), gate.keys.dropped_sequence());
    const auto stored = *gate.store->FindPayer(payer.id);
    ASSERT_TRUE(stored.has_value());
    EXPECT_EQ(stored->changed, payer.changed);
    EXPECT_EQ(stored->tips.month_total, payer.tips.month_total);
  });
}

class ColdEvening : public ::testing::TestWithParam<int64_t> {};

TEST_P(ColdEvening, LeadsToTheSameJournalAndState) {
  size_t cold_seen = 0;
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    SCOPED_TRACE(seed);
    CoreGate bounded(SamplePolicy(), LimitsWith(GetParam()));
    CoreGate unbounded;
    for (uint64_t round = 1; round <= 40; ++round) {
      for (CoreGate* gate : {&bounded, &unbounded}) {
        RunRandomEvening(seed * 1'000 + round, 20, gate, /*checkpoints=*/true);
        if (round % 3 != 0) Store(gate);
      }
      ASSERT_NO_FATAL_FAILURE(ExpectSame(bounded, unbounded));
      ExpectColdOnesAreStored(bounded, unbounded);
      cold_seen += static_cast<size_t>(bounded.state.cold_payers_count());
      if (round % 10 != 0) continue;
      const std::unique_ptr<CoreGate> recovered = bounded.Recovered();
      ASSERT_NO_FATAL_FAILURE(ExpectSame(*recovered, unbounded));
    }
    ASSERT_NO_FATAL_FAILURE(ExpectSameJournal(bounded, unbounded));
  }
  EXPECT_GT(cold_seen, 500U);
}

TEST_P(ColdEvening, GoesOnAfterARestartAsIfNothingWere) {
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    SCOPED_TRACE(seed);
    auto bounded = std::make_unique<CoreGate>(SamplePolicy(), LimitsWith(GetParam()));
    CoreGate unbounded;
    for (uint64_t round = 1; round <= 20; ++round) {
      RunRandomEvening(seed * 2'000 + round, 50, bounded.get(), /*checkpoints=*/true);
      RunRandomEvening(seed * 2'000 + round, 50, &unbounded, /*checkpoints=*/true);
      bounded = bounded->Recovered();
      ASSERT_NO_FATAL_FAILURE(ExpectSame(*bounded, unbounded));
    }
  }
}

// A crash may leave any part of a checkpoint behind.
TEST_P(ColdEvening, IsRecoveredFromPartsOfACheckpoint) {
  CoreGate gate(SamplePolicy(), LimitsWith(GetParam()));
  RunRandomEvening(3, 500, &gate);
  Store(&gate);
  RunRandomEvening(4, 100, &gate);
  gate.state.BeginCheckpoint(gate.journal->Head().sequence);
  const auto frozen = gate.keys.Freeze(gate.journal->Head().sequence);
  uint64_t seed = 100;
  for (bool has_more = true; has_more;) {
    StateImage image;
    has_more = gate.state.CopyCheckpoint(2, &image);
    if (!has_more) image.keys = frozen;
    ASSERT_TRUE(gate.store->Write(image).ok());
    RunRandomEvening(++seed, 20, &gate);
    EXPECT_EQ(gate.Recovered()->Fingerprint(), gate.Fingerprint());
  }
}

INSTANTIATE_TEST_SUITE_P(Bounds, ColdEvening, ::testing::Values(1, 2, 4));

// Two payers may be in memory, five are registered.
class ColdPayers : public ::testing::Test {
 protected:
  explicit ColdPayers(const Policy& policy = SamplePolicy()) : gate_(policy, LimitsWith(2)) {
    gate_.PutScene();
    for (int64_t id = 2; id <= kPayers; ++id) gate_.PutAdult(PayerId(id));
  }
  ~ColdPayers() override {
    gate_.Tick();
    EXPECT_EQ(ProveHistory(gate_), absl::OkStatus());
  }

  Decided TipOf(int64_t payer, bool is_hold = false) {
    TipRequest request = gate_.MakeTip(PayerId(payer), GiftId(5), 1);
    request.is_hold = is_hold;
    return gate_.Tip(request);
  }

  // Others than this one come until it is cold.
  void MakeCold(int64_t payer) {
    Store(&gate_);
    for (int64_t id = 1; id <= kPayers; ++id) {
      if (id != payer) TipOf(id);
    }
    Store(&gate_);
    ASSERT_FALSE(IsResident(gate_, payer));
  }

  static constexpr int64_t kPayers = 5;
  CoreGate gate_;
};

TEST_F(ColdPayers, LeaveOnlyOnceTheyAreStoredAndNoLookUpCanBeOlder) {
  gate_.Tick();
  EXPECT_EQ(gate_.state.payers.size(), 5U);
  gate_.Checkpoint();
  gate_.Tick();
  EXPECT_EQ(gate_.state.payers.size(), 5U);
  gate_.Checkpoint();
  gate_.Tick();
  EXPECT_EQ(gate_.state.payers.size(), 2U);
  EXPECT_EQ(gate_.state.payers_count(), 5);
}

TEST_F(ColdPayers, CountOnWhereTheyLeft) {
  EXPECT_TRUE(TipOf(1).is_accepted());
  MakeCold(1);
  const Decided second = TipOf(1);
  EXPECT_TRUE(second.is_accepted());
  EXPECT_EQ(second.tip.day_total, kGift + kGift);
}

TEST_F(ColdPayers, AreNotRegisteredTwice) {
  EXPECT_TRUE(TipOf(1).is_accepted());
  MakeCold(1);
  gate_.PutAdult(PayerId(1));
  EXPECT_EQ(gate_.state.payers_count(), 5);
  EXPECT_EQ(PayerOf(&gate_, 1).tips.day_total, kGift);
}

TEST_F(ColdPayers, WhoIsUnknownStaysSo) {
  Store(&gate_);
  EXPECT_FALSE(TipOf(77).is_accepted());
  EXPECT_EQ(gate_.Pause(PayerId(77), absl::Minutes(5)).error(), ErrorReason::kNotFound);
  EXPECT_EQ(gate_.state.payers_count(), 5);
}

TEST_F(ColdPayers, ARechargeOfOneIsCaptured) {
  const RecordId recharge = gate_.Recharge(PayerId(1), kGift).id;
  MakeCold(2);
  EXPECT_TRUE(IsResident(gate_, 1));  // time may change them
  EXPECT_TRUE(gate_.Capture(recharge).is_accepted());
  MakeCold(1);
  EXPECT_EQ(PayerOf(&gate_, 1).recharges.day_total, kGift);
}

TEST_F(ColdPayers, ALateCaptureFindsThem) {
  const RecordId recharge = gate_.Recharge(PayerId(1), kGift, /*hold_ms=*/60'000).id;
  gate_.Advance(absl::Minutes(2));
  gate_.Tick();
  MakeCold(1);
  EXPECT_TRUE(gate_.Capture(recharge).is_accepted());
  EXPECT_EQ(PayerOf(&gate_, 1).recharges.day_total, kGift);
}

TEST_F(ColdPayers, WhoHasSomethingHeldStaysUntilItExpires) {
  EXPECT_TRUE(TipOf(1, /*is_hold=*/true).is_accepted());
  EXPECT_TRUE(gate_.Recharge(PayerId(2), kGift).is_accepted());
  MakeCold(3);
  EXPECT_TRUE(IsResident(gate_, 1));
  EXPECT_TRUE(IsResident(gate_, 2));
  gate_.Advance(absl::Hours(1));
  gate_.Tick();
  EXPECT_EQ(PayerOf(&gate_, 1).tips.day_total, kGift);  // that of MakeCold alone
  EXPECT_EQ(PayerOf(&gate_, 2).recharges.day_total, Money());
  MakeCold(1);
  MakeCold(2);
}

TEST_F(ColdPayers, WhoHasSomethingHeldIsThereAfterARestart) {
  EXPECT_TRUE(TipOf(5, /*is_hold=*/true).is_accepted());
  Store(&gate_);
  EXPECT_TRUE(IsResident(*gate_.Recovered(), 5));
  EXPECT_EQ(gate_.Recovered()->state.payers.size(), 3U);
}

TEST_F(ColdPayers, VoidsAndRefundsFindThem) {
  const RecordId voided = TipOf(1, /*is_hold=*/true).id;
  EXPECT_TRUE(gate_.VoidTip(voided).is_accepted());
  const RecordId refunded = TipOf(1).id;
  MakeCold(1);
  EXPECT_TRUE(gate_.RefundTip(refunded, kGift).is_accepted());
}

TEST_F(ColdPayers, WhatHoldsThemBackStillDoes) {
  EXPECT_TRUE(gate_.Freeze(PayerId(1)).is_accepted());
  MakeCold(1);
  EXPECT_EQ(TipOf(1).codes(), std::vector<RejectionCode>{RejectionCode::kPayerFrozen});
}

TEST_F(ColdPayers, AFreezeOfOneIsStillTold) {
  MakeCold(1);
  EXPECT_TRUE(gate_.Freeze(PayerId(1)).is_accepted());
  MakeCold(1);
  EXPECT_TRUE(PayerOf(&gate_, 1).has_controls);
  EXPECT_EQ(TipOf(1).codes(), std::vector<RejectionCode>{RejectionCode::kPayerFrozen});
}

// Having controls alone is no change of the payer: they may leave while the store does not know.
TEST_F(ColdPayers, AFreezeCountsAlthoughTheStoreDoesNotTellThatTheyHaveControls) {
  MakeCold(1);
  for (const int64_t id : {2, 3, 4, 5}) TipOf(id);  // these must stay
  EXPECT_TRUE(gate_.Freeze(PayerId(1)).is_accepted());
  gate_.state.BeginCheckpoint(gate_.journal->Head().sequence);
  StateImage on_its_way;
  while (gate_.state.CopyCheckpoint(1'000, &on_its_way)) continue;
  gate_.Tick();
  ASSERT_FALSE(IsResident(gate_, 1));
  EXPECT_EQ(TipOf(1).codes(), std::vector<RejectionCode>{RejectionCode::kPayerFrozen});
  on_its_way.keys = gate_.keys.Freeze(gate_.journal->Head().sequence);
  ASSERT_TRUE(gate_.store->Write(on_its_way).ok());
}

TEST_F(ColdPayers, ABatchOfAllIsDecidedAtOnce) {
  Store(&gate_);
  TipsCommand tips;
  for (const int64_t id : {1, 2, 3, 4, 5, 77, 1, 2, 3}) {
    tips.requests.push_back(gate_.MakeTip(PayerId(id), GiftId(5), 1));
    tips.keys.push_back(gate_.LookUp(tips.requests.back().intent));
  }
  Command command = std::move(tips);
  gate_.Execute(&command);
  const std::vector<Record>& records = gate_.journal->entries().back().records;
  ASSERT_EQ(records.size(), 9U);
  EXPECT_EQ(std::get<TipRecord>(records[4]).day_total, kGift);
  EXPECT_FALSE(std::get<TipRecord>(records[5]).is_accepted());
  EXPECT_EQ(std::get<TipRecord>(records[8]).day_total, kGift + kGift);
}

TEST_F(ColdPayers, ANewPolicyIsAskedWithTheirTotals) {
  EXPECT_TRUE(TipOf(1).is_accepted());
  MakeCold(1);
  Policy policy = SamplePolicy();
  policy.day_limit = kGift;
  gate_.Activate(policy);
  EXPECT_EQ(TipOf(1).codes(), std::vector<RejectionCode>{RejectionCode::kDayLimit});
}

class ColdWallets : public ColdPayers {
 protected:
  ColdWallets() : ColdPayers(WithWallet()) {
    for (int64_t id = 1; id <= kPayers; ++id)
      gate_.AddBalance(PayerId(id), Money(10 * kGift.minor()));
  }

  static Policy WithWallet() {
    Policy policy = SamplePolicy();
    policy.wallet = WalletMode::kManaged;
    return policy;
  }
  Money BalanceOf(int64_t payer) { return PayerOf(&gate_, payer).balance; }
};

TEST_F(ColdWallets, ARefundOfARechargeTakesFromTheirBalance) {
  const RecordId recharge = gate_.AddBalance(PayerId(1), kGift);
  MakeCold(1);
  EXPECT_TRUE(gate_.RefundRecharge(recharge, kGift).is_accepted());
  EXPECT_EQ(BalanceOf(1), Money(10 * kGift.minor()));
}

TEST_F(ColdWallets, AnOrderAboutManyTipsGivesBackToAll) {
  for (int64_t id = 1; id <= kPayers; ++id) EXPECT_TRUE(TipOf(id).is_accepted());
  Store(&gate_);
  EXPECT_EQ(gate_.state.payers.size(), 2U);
  IncomeJobRequest refund;
  refund.action = IncomeAction::kRefund;
  refund.scope = {.kind = IncomeScopeKind::kStreamer, .id = 1};
  refund.permille = 1'000;
  EXPECT_TRUE(gate_.RunIncomeJob(refund).is_accepted());
  for (int64_t id = 1; id <= kPayers; ++id) EXPECT_EQ(BalanceOf(id), Money(10 * kGift.minor()));
}

TEST_F(ColdWallets, AnOrderAboutOneCaseGivesBackToAll) {
  for (int64_t id = 1; id <= kPayers; ++id) EXPECT_TRUE(TipOf(id).is_accepted());
  EXPECT_TRUE(gate_.FreezeIncome(IncomeScopeKind::kStreamer, 1).is_accepted());
  Store(&gate_);
  EXPECT_EQ(gate_.state.payers.size(), 2U);
  IncomeJobRequest refund;
  refund.action = IncomeAction::kRefund;
  refund.scope = {.kind = IncomeScopeKind::kCase};
  refund.note.case_name = CaseName("case-1");
  refund.permille = 1'000;
  EXPECT_TRUE(gate_.RunIncomeJob(refund).is_accepted());
  for (int64_t id = 1; id <= kPayers; ++id) EXPECT_EQ(BalanceOf(id), Money(10 * kGift.minor()));
}

}  // namespace
}  // namespace tipgate
