// kill -9 under load: what was acknowledged is there, what was not is there once or not at all.

#include <iostream>
#include <random>

#include "absl/strings/str_cat.h"
#include "tests/integration/gate_test.h"
#include "tests/integration/load_clients.h"

namespace tipgate {
namespace {

constexpr int kRounds = 20;
// Answers to wait for before a kill.
constexpr unsigned kAnswersMax = 1'500;

class Crash : public GateTest {
 protected:
  void SetUp() override {
    policy_.day_limit_minor = 100'000;  // Some payers reach it.
    policy_.reminder_permille = "[500, 1000]";
    more_config_ += "checkpoint_interval: 50ms\n";
    StartGateWithSession();
    LoadClients::PutPayers(client());
  }

  void CrashUnderLoad();
};

// Most payers are cold: they come with their tips, and leave.
class ColdCrash : public Crash {
 protected:
  ColdCrash() { more_config_ = "payers_resident_max: 3\n"; }
};

// The totals after a crash lie between what is known and what may be.
void ExpectWithinBooks(const v1::Totals& totals, TipBooks& books) {
  const int64_t decided = totals.tips_accepted_count() + totals.tips_rejected_count();
  EXPECT_GE(decided, books.AnsweredCount());
  EXPECT_LE(decided, books.AnsweredCount() + books.OpenCount());
}

void Crash::CrashUnderLoad() {
  const unsigned seed = std::random_device()();
  std::cout << "seed " << seed << std::endl;
  std::mt19937 random(seed);
  TipBooks books;
  int64_t unanswered_count = 0;
  for (int round = 0; round < kRounds; ++round) {
    SCOPED_TRACE(absl::StrCat("seed ", seed, ", round ", round));
    LoadClients clients(gate().target(), seed, round, &books);
    ASSERT_TRUE(books.AwaitAnswers(1 + static_cast<int64_t>(random() % kAnswersMax)));
    gate().Kill();
    clients.AwaitEnd();
    unanswered_count += books.OpenCount();
    EXPECT_EQ(clients.UnexplainedEnds(), std::vector<std::string>());

    StartGate();
    ExpectWithinBooks(client().Totals(), books);
    books.ReplayAll(client());
    books.ExpectTotals(client().Totals());
    books.ReplayAll(client());
    books.ExpectTotals(client().Totals());
    const v1::VerifyJournalResponse verified = client().Verify();
    EXPECT_EQ(verified.state_hash(), client().Info(true).state_hash());
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(unanswered_count, 0) << "no kill has hit a call";
  StopGate();
}

TEST_F(Crash, AcknowledgedIsRecoveredTwentyTimes) { CrashUnderLoad(); }

TEST_F(ColdCrash, AcknowledgedIsRecoveredTwentyTimes) { CrashUnderLoad(); }

}  // namespace
}  // namespace tipgate
