#include "core/verifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/core_gate.h"
#include "tests/support/random_evening.h"

namespace tipgate {
namespace {

absl::Status VerifyAll(const MemoryJournal& journal, Verifier* verifier) {
  const std::unique_ptr<JournalReader> reader = journal.ReadFrom(1);
  Entry entry;
  while (true) {
    const absl::StatusOr<bool> has_entry = reader->Next(&entry);
    if (!has_entry.ok()) return has_entry.status();
    if (!*has_entry) return absl::OkStatus();
    if (absl::Status status = verifier->Verify(entry); !status.ok()) return status;
  }
}

class VerifierTest : public ::testing::Test {
 protected:
  VerifierTest() { RunRandomEvening(/*seed=*/8, /*operations=*/3'000, &gate_); }

  absl::Status Verify() {
    Verifier verifier(*gate_.journal);
    return VerifyAll(*gate_.journal, &verifier);
  }

  // The first record of a kind that `is_wanted` takes, with its entry.
  template <typename T, typename Predicate>
  T& FindRecord(Predicate is_wanted) {
    for (Entry& entry : gate_.journal->entries()) {
      for (Record& record : entry.records) {
        auto* content = std::get_if<T>(&record);
        if (content != nullptr && is_wanted(*content)) return *content;
      }
    }
    TIPGATE_CHECK(false);
    __builtin_unreachable();
  }

  CoreGate gate_;
};

TEST_F(VerifierTest, AnHonestHistoryVerifiesAndFoldsIntoTheSameState) {
  Verifier verifier(*gate_.journal);
  const absl::Status status = VerifyAll(*gate_.journal, &verifier);
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(verifier.state().Fingerprint(gate_.now_ms), gate_.Fingerprint());
  EXPECT_GT(verifier.state().totals.tips_rejected_count, 0);
  EXPECT_GT(verifier.state().totals.tips.settled, Money());
}

TEST_F(VerifierTest, FindsARejectionThatWasTurnedIntoAnAcceptance) {
  FindRecord<TipRecord>([](const TipRecord& tip) {
    return tip.outcome == Outcome::kRejected;
  }).outcome = Outcome::kAccepted;
  EXPECT_EQ(Verify().code(), absl::StatusCode::kDataLoss);
}

TEST_F(VerifierTest, FindsAChangedAmount) {
  FindRecord<TipRecord>([](const TipRecord& tip) {
    return tip.outcome == Outcome::kAccepted;
  }).request.count += 1;
  EXPECT_EQ(Verify().code(), absl::StatusCode::kDataLoss);
}

TEST_F(VerifierTest, FindsASettlementOfAnotherSum) {
  FindRecord<SettlementRecord>([](const SettlementRecord&) { return true; }).amount += Money(1);
  EXPECT_EQ(Verify().code(), absl::StatusCode::kDataLoss);
}

TEST(Verifier, I1FindsASettlementThatCameEarly) {
  constexpr int64_t kDelayMs = int64_t{24} * 3'600'000;
  CoreGate gate;
  gate.PutScene();
  ASSERT_TRUE(gate.Tip(gate.MakeTip(PayerId(1), GiftId(1), 1)).is_accepted());
  gate.now_ms += kDelayMs;
  ASSERT_TRUE(gate.Settle(kDelayMs));
  Verifier honest(*gate.journal);
  EXPECT_TRUE(VerifyAll(*gate.journal, &honest).ok());
  gate.journal->entries().back().moment.time_ms -= 1;
  Verifier verifier(*gate.journal);
  EXPECT_THAT(std::string(VerifyAll(*gate.journal, &verifier).message()),
              ::testing::HasSubstr("before the delay is over"));
}

TEST_F(VerifierTest, FindsARechargeThatExpiredEarly) {
  RechargeRecord& expired = FindRecord<RechargeRecord>(
      [](const RechargeRecord& record) { return record.action == RechargeAction::kExpire; });
  const RecordId id = expired.recharge;
  Entry& authorized = gate_.journal->entries()[static_cast<size_t>(id.sequence() - 1)];
  std::get<RechargeRecord>(authorized.records[static_cast<size_t>(id.position())]).expire_time_ms +=
      1'000'000'000;
  EXPECT_EQ(Verify().code(), absl::StatusCode::kDataLoss);
}

TEST_F(VerifierTest, FindsACaptureAfterTheExpiry) {
  RechargeRecord& captured = FindRecord<RechargeRecord>([](const RechargeRecord& record) {
    return record.action == RechargeAction::kCapture && !record.is_late;
  });
  const RecordId id = captured.recharge;
  Entry& entry = gate_.journal->entries()[static_cast<size_t>(id.sequence() - 1)];
  auto& authorized = std::get<RechargeRecord>(entry.records[static_cast<size_t>(id.position())]);
  // As if it had been held for a millisecond, and nothing else amiss.
  authorized.hold_ms = 1;
  authorized.expire_time_ms = entry.moment.time_ms + 1;
  captured.expire_time_ms = authorized.expire_time_ms;
  EXPECT_THAT(std::string(Verify().message()), ::testing::HasSubstr("as if it had not"));
}

TEST_F(VerifierTest, FindsFactsThatReplaceNewerOnes) {
  CoreGate gate;
  gate.PutAdult(PayerId(1));
  gate.PutAdult(PayerId(1));
  Entry& last = gate.journal->entries().back();
  auto& facts = std::get<PayerRecord>(last.records.front());
  facts.observe_time_ms = facts.requested_observe_time_ms = gate.now_ms - 1;
  Verifier verifier(*gate.journal);
  for (const Entry& entry : gate.journal->entries()) {
    const absl::Status status = verifier.Verify(entry);
    EXPECT_EQ(status.ok(), &entry != &last) << status;
  }
}

TEST_F(VerifierTest, FindsARepeatedPolicyVersion) {
  PolicyRecord& record = FindRecord<PolicyRecord>([](const PolicyRecord&) { return true; });
  auto policy = std::make_shared<Policy>(*record.policy);
  policy->version = 2;
  record.policy = policy;
  EXPECT_EQ(Verify().code(), absl::StatusCode::kDataLoss);
}

TEST(VerifierOfJobs, AnEntryIsReadOnceForAllOfItsTips) {
  CoreGate gate;
  gate.PutScene();
  TipsCommand tips;
  for (int i = 0; i < 1'000; ++i) {
    tips.requests.push_back(gate.MakeTip(PayerId(1), GiftId(1), 1));
    tips.keys.push_back(gate.LookUp(tips.requests.back().intent));
  }
  gate.Run(tips);
  gate.FreezeIncome(IncomeScopeKind::kSession, 1);
  const int64_t before = gate.journal->reads_count();
  Verifier verifier(*gate.journal);
  for (const Entry& entry : gate.journal->entries()) ASSERT_TRUE(verifier.Verify(entry).ok());
  EXPECT_LE(gate.journal->reads_count() - before, 2);
  EXPECT_GT(verifier.state().totals.tips.frozen, Money());
}

}  // namespace
}  // namespace tipgate
