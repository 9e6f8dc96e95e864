// Random evenings: what the oracle says of amounts and times must be true when it is tried, and its
// invariants hold.
#include <random>

#include "gtest/gtest.h"
#include "tests/oracle/scene.h"

namespace tipgate::oracle {
namespace {

// Small limits, so that all of them are met often.
Policy SmallPolicy() {
  Policy policy = SamplePolicy();
  policy.tip_max = 400;
  policy.day_limit = 1'000;
  policy.month_limit = 5'000;
  policy.tiers[0] = {"L1", 60'000, 40 * kDayMs, 100, kMinuteMs, kHourMs};
  policy.minors = {MinorProfile::kTiered2026, {100, 300}, {200, 500}};
  policy.confirm = {500, 800, true};
  policy.cooling_off = CoolingOffPolicy{.single_amount = 390,
                                        .window_amount = 700,
                                        .window_count = 4,
                                        .window_ms = kMinuteMs,
                                        .duration_ms = 5 * kMinuteMs};
  policy.remorse_window_ms = kHourMs;
  policy.shares = {500, 100};
  return policy;
}

class RandomEvening {
 public:
  explicit RandomEvening(uint64_t seed) : random_(seed), scene_(SmallPolicy()) {
    PayerFacts minor = AdultFacts();
    minor.guardian_consent = true;
    minor.birth_date = BirthDate{2010, 5, 20};
    scene_.PutPayer(2, minor);
    PayerFacts guarded = AdultFacts();
    guarded.guardian.day = 600;
    scene_.PutPayer(3, guarded);
    scene_.Request(1);  // Puts the gift of 1 fen into the catalogue.
  }

  void Step(bool with_holds) {
    scene_.now_ms += Below(4) == 0 ? Below(12 * kHourMs) : Below(30 * kSecondMs);
    scene_.oracle.Settle(scene_.now_ms);
    switch (Below(8)) {
      case 0:
        Confirm();
        break;
      case 1:
        ChangeSelfLimit();
        break;
      case 2:
        EndATip();
        break;
      default:
        Tip(with_holds && Below(2) == 0);
    }
    scene_.oracle.GetTotals(scene_.now_ms);  // Throws if a fen is lost.
  }

 private:
  int64_t Below(int64_t bound) {
    return std::uniform_int_distribution<int64_t>(0, bound - 1)(random_);
  }

  void Tip(bool hold) {
    TipRequest request = scene_.Request(1, 1 + Below(450), 1 + Below(3));
    request.hold = hold;
    const TipResult result = scene_.Send(request);
    last_tip_id_ = result.tip_id;
    has_held_ = has_held_ || hold;
    request.hold = false;
    ExpectAmountMaxIsTheEdge(result, request);
    if (result.retry_time_ms) ExpectRetryTimeIsTheEdge(*result.retry_time_ms, request);
  }

  bool Passes(int64_t now_ms, const TipRequest& request) {
    Oracle copy = scene_.oracle;
    return copy.CheckTip(now_ms, request).outcome == Outcome::kAccepted;
  }

  void ExpectAmountMaxIsTheEdge(const TipResult& result, TipRequest request) {
    request.count = result.amount_max + 1;
    EXPECT_FALSE(Passes(scene_.now_ms, request));
    request.count = result.amount_max;
    EXPECT_TRUE(request.count == 0 || Passes(scene_.now_ms, request));
    EXPECT_EQ(result.count_max, result.amount_max);
  }

  // Held tips may expire before, which retry_time does not foresee: only the passing side is sure.
  void ExpectRetryTimeIsTheEdge(int64_t retry_time_ms, const TipRequest& request) {
    EXPECT_TRUE(Passes(retry_time_ms, request));
    EXPECT_TRUE(has_held_ || !Passes(retry_time_ms - 1, request));
  }

  void Confirm() {
    const int64_t payer_id = 1 + Below(3);
    const int64_t token = ++scene_.last_id;
    const Period period = Below(2) == 0 ? Period::kDay : Period::kMonth;
    scene_.oracle.StartConfirmation(
        scene_.now_ms, {scene_.NextKey(), payer_id, ConfirmationScope::kGate, period}, token);
    scene_.oracle.CompleteConfirmation(scene_.now_ms, {scene_.NextKey(), token, payer_id,
                                                       ConfirmationScope::kGate, period, "proof"});
  }

  void ChangeSelfLimit() {
    const int64_t payer_id = 1 + Below(3);
    const int64_t token = ++scene_.last_id;
    scene_.oracle.StartConfirmation(
        scene_.now_ms, {scene_.NextKey(), payer_id, ConfirmationScope::kRaiseLimits, Period::kNone},
        token);
    scene_.oracle.CompleteConfirmation(
        scene_.now_ms, {scene_.NextKey(), token, payer_id, ConfirmationScope::kRaiseLimits,
                        Period::kNone, "proof"});
    SetSelfLimitsRequest request{.idempotency_key = scene_.NextKey(), .payer_id = payer_id};
    request.day = LimitChange{100 + Below(900)};
    request.tip_max = LimitChange{50 + Below(350)};
    request.confirmation_token = token;
    scene_.oracle.SetSelfLimits(scene_.now_ms, request);
  }

  void EndATip() {
    const int64_t tip_id = last_tip_id_;
    if (tip_id == 0) return;
    const IncomeScope scope{IncomeKind::kTip, tip_id};
    switch (Below(4)) {
      case 0:
        scene_.oracle.CaptureTip(scene_.now_ms, {scene_.NextKey(), tip_id, 1 + Below(100)});
        break;
      case 1:
        scene_.oracle.VoidTip(scene_.now_ms, {scene_.NextKey(), tip_id});
        break;
      case 2:
        scene_.oracle.FreezeIncome(scene_.now_ms, {scene_.NextKey(), scope, "case"});
        break;
      default:
        scene_.oracle.RefundTip(scene_.now_ms, {.idempotency_key = scene_.NextKey(),
                                                .tip_id = tip_id,
                                                .permille = 1 + Below(1000),
                                                .reason = "reason",
                                                .case_reference = "case"});
    }
  }

  std::mt19937_64 random_;
  Scene scene_;
  int64_t last_tip_id_ = 0;
  bool has_held_ = false;
};

TEST(OracleRandom, AmountMaxAndRetryTimeAreTheEdges) {
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(seed);
    RandomEvening evening(seed);
    for (int i = 0; i < 100; ++i) evening.Step(/*with_holds=*/false);
    if (HasFailure()) return;
  }
}

TEST(OracleRandom, EveryFenIsInOneStateWithHoldsToo) {
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(seed);
    RandomEvening evening(seed);
    for (int i = 0; i < 100; ++i) evening.Step(/*with_holds=*/true);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace tipgate::oracle
