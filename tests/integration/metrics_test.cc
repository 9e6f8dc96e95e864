// The metrics port tells what was decided, and whether the gate is well.

#include "absl/strings/str_cat.h"
#include "tests/integration/gate_test.h"
#include "tests/integration/http_get.h"

namespace tipgate {
namespace {

class MetricsPage : public GateTest {
 protected:
  // Metrics are counted just after the answer has left: reads until the sample says so.
  bool Reaches(const std::string& sample, double expected) {
    for (int i = 0; i < 1'000; ++i) {
      page_ = HttpGet(gate().metrics_address(), "/metrics").body;
      if (MetricValue(page_, sample) == expected) return true;
    }
    return false;
  }
  double Value(const std::string& sample) { return MetricValue(page_, sample); }
  double Rejections(const std::string& kind, const std::string& reason) {
    return Value(
        absl::StrCat("tipgate_rejections_total{kind=\"", kind, "\",reason=\"", reason, "\"}"));
  }
  double Decisions(const std::string& kind, const std::string& outcome) {
    return Value(
        absl::StrCat("tipgate_decisions_total{kind=\"", kind, "\",outcome=\"", outcome, "\"}"));
  }

 private:
  std::string page_;
};

TEST_F(MetricsPage, DecisionsByOutcomeAndReasonAreWhatWasSent) {
  policy_.tip_max_minor = 100;
  policy_.recharge_single_max_minor = 10;
  StartGateWithSession();
  for (int i = 0; i < 5; ++i) client().Tip(TipOf(absl::StrCat("ok", i), 2));
  for (int i = 0; i < 3; ++i) client().Tip(TipOf(absl::StrCat("cap", i), 101));
  for (int i = 0; i < 2; ++i) {
    v1::TipIntent intent = TipOf(absl::StrCat("unknown", i), 1);
    intent.set_payer_id(999);
    client().Tip(intent);
  }
  client().Tip(TipOf("ok0", 2));            // A replay.
  client().Try(AuthorizeOf(TipOf("", 1)));  // Malformed.
  client().Check(TipOf("", 1));             // Counts nothing.
  client().Must(RechargeOf("r1", 10));
  client().Must(RechargeOf("r2", 11));
  client().OpenSession(kSession + 1, kStreamer);

  ASSERT_TRUE(Reaches("tipgate_decisions_total{kind=\"session\",outcome=\"rejected\"}", 1));
  EXPECT_EQ(Decisions("tip", "accepted"), 5);
  EXPECT_EQ(Decisions("tip", "rejected"), 5);
  EXPECT_EQ(Rejections("tip", "tip_cap"), 3);
  EXPECT_EQ(Rejections("tip", "real_name_required"), 2);
  EXPECT_EQ(Rejections("tip", "day_limit"), 0);
  EXPECT_EQ(Decisions("recharge", "accepted"), 1);
  EXPECT_EQ(Rejections("recharge", "recharge_cap"), 1);
  EXPECT_EQ(Decisions("session", "accepted"), 1);
  EXPECT_EQ(Rejections("session", "session_already_open"), 1);
  EXPECT_EQ(Value("tipgate_replays_total"), 1);
  EXPECT_EQ(Value("tipgate_key_conflicts_total"), 0);
  EXPECT_EQ(Value("tipgate_invalid_calls_total"), 1);
  EXPECT_EQ(Value("tipgate_pending_minor"), 10);
  EXPECT_EQ(Value("tipgate_recharge_held_minor"), 10);
}

// A replay is a request that got its first answer again; a refused one got none.
TEST_F(MetricsPage, AKeyConflictIsNoReplay) {
  StartGateWithSession();
  client().Tip(TipOf("a", 1));
  client().Try(AuthorizeOf(TipOf("a", 2)));
  client().Try(PutPayerOf("a", kPayer, AdultFacts()));
  ASSERT_TRUE(Reaches("tipgate_key_conflicts_total", 2));
  EXPECT_EQ(Value("tipgate_replays_total"), 0);
}

TEST_F(MetricsPage, StagesJournalAndDatabaseAreTold) {
  StartGateWithSession();
  client().Tip(TipOf("t", 1));
  ASSERT_TRUE(Reaches("tipgate_decisions_total{kind=\"tip\",outcome=\"accepted\"}", 1));
  for (const char* stage : {"queue", "decide", "journal", "reply"}) {
    EXPECT_GE(Value(absl::StrCat("tipgate_stage_seconds_count{stage=\"", stage, "\"}")), 1)
        << stage;
  }
  EXPECT_GE(Value("tipgate_batch_records_count"), 1);
  EXPECT_EQ(Value("tipgate_ring_calls"), 0);
  EXPECT_EQ(Value("tipgate_journal_sequence"),
            static_cast<double>(client().Info().journal_sequence()));
  EXPECT_GE(Value("tipgate_rocksdb_wal_bytes"), 0);
  EXPECT_EQ(Value("tipgate_rocksdb_background_errors_total"), 0);
  EXPECT_EQ(Value("tipgate_clock_steps_total{direction=\"forward_refused\"}"), 0);
}

TEST_F(MetricsPage, HealthIsToldAndOtherPagesAreNotFound) {
  StartGate();
  EXPECT_EQ(HttpGet(gate().metrics_address(), "/healthz").status, 200);
  EXPECT_EQ(HttpGet(gate().metrics_address(), "/nothing").status, 404);
}

}  // namespace
}  // namespace tipgate
