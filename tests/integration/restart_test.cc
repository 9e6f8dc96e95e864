// A restart goes on where the gate stood: same state, same totals, same answers.

#include <random>

#include "absl/strings/str_cat.h"
#include "tests/integration/gate_test.h"
#include "tests/integration/load_clients.h"

namespace tipgate {
namespace {

class Restart : public GateTest {
 protected:
  // Tips, recharges in every state, sessions open and closed, streamers and minors.
  void MakeHistory() {
    LoadClients::PutPayers(client());
    client().Must(PutPayerOf("minor", 500, FactsBornOn(LastBirthDateOfAge(17))));
    for (int i = 0; i < 4; ++i) {
      const auto decision = client().Must(RechargeOf(absl::StrCat("r", i), 100 + i)).decision();
      if (i == 1) client().Must(CaptureOf("c", decision.recharge_id()));
      if (i == 2) client().Must(VoidOf("v", decision.recharge_id()));
    }
    client().PutStreamer(kStreamer + 1);
    client().OpenSession(kSession + 1, kStreamer + 1);
    client().Must(CloseSessionOf("close", kSession + 1));
    TipBooks books;
    LoadClients clients(gate().target(), std::random_device()(), 0, &books);
    ASSERT_TRUE(books.AwaitAnswers(2'000));
    clients.Stop();
  }

  void ExpectSame(const v1::GetServerInfoResponse& before) {
    const v1::GetServerInfoResponse after = client().Info(true);
    EXPECT_EQ(after.state_hash(), before.state_hash());
    EXPECT_EQ(after.chain_head(), before.chain_head());
    EXPECT_EQ(after.journal_sequence(), before.journal_sequence());
    EXPECT_EQ(after.policy_version(), before.policy_version());
    EXPECT_EQ(after.totals().SerializeAsString(), before.totals().SerializeAsString());
    EXPECT_EQ(client().Verify().state_hash(), before.state_hash());
  }
};

TEST_F(Restart, AStopKeepsTheStateHash) {
  StartGateWithSession();
  MakeHistory();
  const v1::GetServerInfoResponse before = client().Info(true);
  StopGate();
  StartGate();
  ExpectSame(before);
}

TEST_F(Restart, ACrashKeepsTheStateHash) {
  more_config_ = "checkpoint_interval: 100ms\n";
  StartGateWithSession();
  MakeHistory();
  const v1::GetServerInfoResponse before = client().Info(true);
  gate().Kill();
  StartGate();
  ExpectSame(before);
}

TEST_F(Restart, ACrashBeforeAnyCheckpointFoldsTheWholeJournal) {
  more_config_ = "checkpoint_interval: 1h\n";
  StartGateWithSession();
  MakeHistory();
  const v1::GetServerInfoResponse before = client().Info(true);
  gate().Kill();
  StartGate();
  ExpectSame(before);
}

TEST_F(Restart, KeysOfEveryKindAreRemembered) {
  StartGateWithSession();
  const auto tip = AuthorizeOf(TipOf("t", 1));
  const auto recharge = RechargeOf("r", 5);
  const auto payer = PutPayerOf("p", 500, AdultFacts());
  const auto streamer = PutStreamerOf("s", 600, StreamerFactsOf("T1"));
  const auto open = OpenSessionOf("o", 700, 600);
  const auto close = CloseSessionOf("c", 700);
  const auto all = [&] {
    std::vector<std::string> answers = {
        client().Must(tip).SerializeAsString(),   client().Must(recharge).SerializeAsString(),
        client().Must(payer).SerializeAsString(), client().Must(streamer).SerializeAsString(),
        client().Must(open).SerializeAsString(),  client().Must(close).SerializeAsString()};
    return answers;
  };
  const std::vector<std::string> first = all();
  EXPECT_EQ(all(), first);
  StopGate();
  StartGate();
  EXPECT_EQ(all(), first);
  gate().Kill();
  StartGate();
  EXPECT_EQ(all(), first);
}

TEST_F(Restart, AChangedPolicyIsANewVersionInOldHistory) {
  StartGateWithSession();
  client().Tip(TipOf("old", 600));
  StopGate();
  policy_.tip_max_minor = 500;
  WriteFile(files().policy_file(), ToYaml(policy_));
  StartGate();
  EXPECT_EQ(client().Info().policy_version(), 2);
  const v1::TipDecision decision = client().Tip(TipOf("new", 600));
  EXPECT_EQ(decision.violations(0).code(), v1::REJECTION_CODE_TIP_CAP);
  EXPECT_EQ(decision.policy_version(), 2);
  EXPECT_EQ(client().Tip(TipOf("old", 600)).policy_version(), 1);
  client().Verify();
}

}  // namespace
}  // namespace tipgate
