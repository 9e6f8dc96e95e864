#include "bench/evening_checks.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "bench/evening_books.h"

namespace tipgate {
namespace {

constexpr int64_t kDayLimit = 2'000'000;

// Books that a test fills with answers of its own.
class EveningBooksTest : public testing::Test {
 protected:
  EveningBooksTest() : evening_(Options()), books_(evening_, absl::UTCTimeZone()) {}

  static EveningOptions Options() {
    EveningOptions options;
    options.tips = 10;
    options.payers = 1'000;
    options.sessions = 20;
    options.today = absl::CivilDay(2026, 3, 1);
    return options;
  }

  static EveningTip Tip(const std::string& key, int64_t amount_minor) {
    EveningTip tip;
    tip.intent.set_idempotency_key(key);
    tip.intent.set_payer_id(5);
    tip.intent.set_streamer_id(6);
    tip.intent.set_session_id(7);
    tip.intent.set_unit_price_minor(amount_minor);
    tip.intent.set_count(1);
    return tip;
  }

  // An accepted decision that is whole; each with an id of its own.
  v1::TipDecision Accepted(const EveningTip& tip, int64_t day_total_minor) {
    v1::TipDecision decision;
    decision.set_tip_id(++last_tip_id_);
    decision.set_outcome(v1::OUTCOME_ACCEPTED);
    decision.set_amount_minor(tip.intent.unit_price_minor() * tip.intent.count());
    decision.set_day_total_minor(day_total_minor);
    decision.set_day_left_minor(kDayLimit - day_total_minor);
    decision.set_month_total_minor(day_total_minor);
    decision.set_month_left_minor(5 * kDayLimit - day_total_minor);
    decision.mutable_decide_time()->set_seconds(1'772'323'200);  // 2026-03-01
    decision.mutable_settle_time()->set_seconds(1'772'928'000);
    decision.set_policy_version(1);
    return decision;
  }

  v1::TipDecision Rejected(const EveningTip& tip, v1::RejectionCode code) {
    v1::TipDecision decision = Accepted(tip, 0);
    decision.set_outcome(v1::OUTCOME_REJECTED);
    decision.clear_settle_time();
    decision.add_violations()->set_code(code);
    return decision;
  }

  void Remind(int32_t permille, v1::TipDecision* decision) {
    v1::Reminder* reminder = decision->add_reminders();
    reminder->set_period(v1::PERIOD_DAY);
    reminder->set_threshold_permille(permille);
  }

  int64_t Faults(EveningClaim claim) const {
    const auto found = books_.tally().faults_count.find(claim);
    return found == books_.tally().faults_count.end() ? 0 : found->second;
  }

  Evening evening_;
  EveningBooks books_;
  int64_t last_tip_id_ = 0;
};

TEST_F(EveningBooksTest, AddUpAcceptedMoneyWherePeopleLook) {
  books_.RecordDecision(Tip("a", 100), Accepted(Tip("a", 100), 100));
  books_.RecordDecision(Tip("b", 250), Accepted(Tip("b", 250), 350));
  books_.RecordDecision(Tip("c", 999), Rejected(Tip("c", 999), v1::REJECTION_CODE_DAY_LIMIT));
  const EveningTally& tally = books_.tally();
  EXPECT_EQ(tally.accepted.minor, 350);
  EXPECT_EQ(tally.session_minor.at(7), 350);
  EXPECT_EQ(tally.streamer_minor.at(6), 350);
  EXPECT_EQ(tally.day.accepted_minor.at({5, absl::CivilDay(2026, 3, 1)}), 350);
  EXPECT_EQ(tally.rejected_by.at(v1::REJECTION_CODE_DAY_LIMIT).minor, 999);
  EXPECT_TRUE(tally.faults_count.empty());
}

TEST_F(EveningBooksTest, ARetryIsCountedOnceAndAnotherAnswerIsAFault) {
  EveningTip first = Tip("a", 100);
  first.is_repeated = true;
  EveningTip retry = first;
  retry.expectation = EveningExpectation::kSameAnswer;
  const v1::TipDecision answer = Accepted(first, 100);
  books_.RecordDecision(first, answer);
  books_.RecordDecision(retry, answer);
  EXPECT_EQ(books_.tally().accepted.minor, 100);
  EXPECT_EQ(Faults(EveningClaim::kRepeats), 0);

  books_.RecordDecision(retry, Accepted(first, 100));  // has another tip id
  EXPECT_EQ(Faults(EveningClaim::kRepeats), 1);
}

TEST_F(EveningBooksTest, AnErrorIsRightOnlyWhereItIsExpected) {
  EveningTip reused = Tip("a", 100);
  reused.expectation = EveningExpectation::kKeyReused;
  EveningTip malformed = Tip("b", 100);
  malformed.expectation = EveningExpectation::kMalformed;
  books_.RecordError(reused, {6, "already exists"});
  books_.RecordError(malformed, {3, "invalid"});
  EXPECT_TRUE(books_.tally().faults_count.empty());

  books_.RecordError(reused, {3, "invalid"});
  books_.RecordError(Tip("c", 100), {14, "unavailable"});
  EXPECT_EQ(Faults(EveningClaim::kAnswered), 2);
  books_.RecordDecision(reused, Accepted(reused, 100));
  EXPECT_EQ(Faults(EveningClaim::kKeyReuse), 1);
  books_.RecordDecision(malformed, Accepted(malformed, 100));
  EXPECT_EQ(Faults(EveningClaim::kMalformed), 1);
}

TEST_F(EveningBooksTest, AnAcceptedMinorIsAFault) {
  for (const EveningPayer& payer : evening_.cast().payers()) {
    EveningTip tip = Tip(std::to_string(payer.payer_id), 100);
    tip.intent.set_payer_id(payer.payer_id);
    const int64_t before = Faults(EveningClaim::kMinors);
    books_.RecordDecision(tip, Accepted(tip, 100));
    EXPECT_EQ(Faults(EveningClaim::kMinors) - before, IsMinor(payer.facts, Options().today));
  }
  EXPECT_GT(Faults(EveningClaim::kMinors), 0);
}

TEST_F(EveningBooksTest, AHalfDecisionIsAFault) {
  const EveningTip tip = Tip("a", 100);
  v1::TipDecision wrong_amount = Accepted(tip, 100);
  wrong_amount.set_amount_minor(101);
  v1::TipDecision no_settle_time = Accepted(tip, 100);
  no_settle_time.clear_settle_time();
  v1::TipDecision no_violation = Rejected(tip, v1::REJECTION_CODE_TIP_CAP);
  no_violation.clear_violations();
  v1::TipDecision no_id = Accepted(tip, 100);
  no_id.set_tip_id(0);
  v1::TipDecision same_id = Accepted(tip, 100);
  same_id.set_tip_id(wrong_amount.tip_id());
  int64_t faults = 0;
  for (const auto& decision : {wrong_amount, no_settle_time, no_violation, no_id, same_id}) {
    books_.RecordDecision(tip, decision);
    EXPECT_EQ(Faults(EveningClaim::kWellFormed), ++faults) << decision.ShortDebugString();
  }
}

TEST_F(EveningBooksTest, AReminderBelowItsThresholdIsAFault) {
  const EveningTip tip = Tip("a", 600'000);
  v1::TipDecision right = Accepted(tip, 600'000);
  Remind(300, &right);
  books_.RecordDecision(tip, right);
  EXPECT_EQ(Faults(EveningClaim::kReminders), 0);

  v1::TipDecision early = Accepted(Tip("b", 399'999), 999'999);
  Remind(500, &early);
  books_.RecordDecision(Tip("b", 399'999), early);
  EXPECT_EQ(Faults(EveningClaim::kReminders), 1);
}

TEST_F(EveningBooksTest, AMissingReminderIsFound) {
  v1::TipDecision first = Accepted(Tip("a", 600'000), 600'000);
  Remind(300, &first);
  books_.RecordDecision(Tip("a", 600'000), first);
  EXPECT_TRUE(CheckReminders(books_.tally()).holds());

  EveningTip other = Tip("b", 700'000);
  other.intent.set_payer_id(8);
  books_.RecordDecision(other, Accepted(other, 700'000));
  EXPECT_EQ(CheckReminders(books_.tally()).faults_count, 1);
}

TEST_F(EveningBooksTest, ATotalAboveTheLimitIsFound) {
  books_.RecordDecision(Tip("a", kDayLimit), Accepted(Tip("a", kDayLimit), kDayLimit));
  EXPECT_TRUE(CheckLimits(books_.tally()).holds());
  books_.RecordDecision(Tip("b", 1), Accepted(Tip("b", 1), 1));
  EXPECT_EQ(CheckLimits(books_.tally()).faults_count, 1);
}

TEST_F(EveningBooksTest, ATipOfOneWhoCoolsOffIsAFault) {
  EveningTip tip = Tip("a", 100);
  v1::TipDecision first = Accepted(tip, 100);
  first.mutable_cooling_off_end_time()->set_seconds(first.decide_time().seconds() + 60);
  v1::TipDecision second = Accepted(tip, 200);
  v1::TipDecision at_the_end = Accepted(tip, 300);
  at_the_end.mutable_decide_time()->set_seconds(first.decide_time().seconds() + 60);
  books_.RecordDecision(tip, first);
  books_.RecordDecision(tip, at_the_end);
  EXPECT_EQ(Faults(EveningClaim::kCoolingOff), 0);
  books_.RecordDecision(tip, second);
  EXPECT_EQ(Faults(EveningClaim::kCoolingOff), 1);

  EveningTip other = Tip("b", 100);
  other.intent.set_payer_id(8);
  v1::TipDecision begins = Accepted(other, 100);
  begins.mutable_cooling_off_end_time()->set_seconds(begins.decide_time().seconds() + 60);
  books_.RecordDecision(other, Accepted(other, 200));  // its answer comes first
  books_.RecordDecision(other, begins);
  EXPECT_EQ(Faults(EveningClaim::kCoolingOff), 2);
  EXPECT_EQ(books_.tally().cooling_off.count, 2);
}

TEST_F(EveningBooksTest, OnlyWhoHasConfirmedMayPassAGate) {
  const EveningTip tip = Tip("a", 600);
  books_.RecordDecision(tip, Accepted(tip, 600));
  v1::TipDecision refused = Rejected(tip, v1::REJECTION_CODE_CONFIRMATION_REQUIRED);
  refused.mutable_violations(0)->set_period(v1::PERIOD_DAY);
  refused.mutable_violations(0)->set_limit_minor(1'000);
  refused.mutable_violations(0)->set_used_minor(600);
  books_.RecordDecision(tip, refused);
  EXPECT_TRUE(books_.BeginConfirmation(5, v1::PERIOD_DAY, refused));
  EXPECT_FALSE(books_.BeginConfirmation(5, v1::PERIOD_DAY, refused));
  EXPECT_TRUE(books_.BeginConfirmation(5, v1::PERIOD_MONTH, refused));
  EXPECT_TRUE(CheckConfirmations(books_.tally()).holds());
  books_.RecordDecision(tip, Accepted(tip, 1'200));
  EXPECT_EQ(CheckConfirmations(books_.tally()).faults_count, 1);

  v1::CompleteConfirmationResponse confirmed;
  confirmed.set_payer_id(5);
  confirmed.set_outcome(v1::OUTCOME_ACCEPTED);
  *confirmed.mutable_decide_time() = refused.decide_time();
  books_.RecordConfirmed(v1::PERIOD_DAY, confirmed);
  EXPECT_TRUE(CheckConfirmations(books_.tally()).holds());

  refused.set_tip_id(99);
  refused.mutable_decide_time()->set_nanos(1'000'000);
  books_.RecordDecision(tip, refused);  // asked again
  EXPECT_EQ(CheckConfirmations(books_.tally()).faults_count, 1);
}

TEST_F(EveningBooksTest, AGoodTokenThatIsRefusedIsAFault) {
  v1::CompleteConfirmationResponse refused;
  refused.set_outcome(v1::OUTCOME_REJECTED);
  refused.set_refusal(v1::CONFIRMATION_REFUSAL_WRONG_TOKEN);
  books_.RecordConfirmed(v1::PERIOD_DAY, refused);
  EXPECT_EQ(Faults(EveningClaim::kConfirmed), 1);
}

TEST_F(EveningBooksTest, AFenThatTheGateDoesNotCountIsFound) {
  books_.RecordDecision(Tip("a", 100), Accepted(Tip("a", 100), 100));
  v1::Totals before;
  before.set_tips_accepted_count(3);
  before.set_accepted_minor(1'000);
  v1::Totals after = before;
  after.set_tips_accepted_count(4);
  after.set_accepted_minor(1'100);
  after.set_pending_minor(900);
  after.set_settled_minor(200);
  EXPECT_TRUE(CheckTips(books_.tally(), before, after).holds());

  after.set_accepted_minor(1'099);
  EXPECT_EQ(CheckTips(books_.tally(), before, after).faults_count, 2);
}

TEST_F(EveningBooksTest, ARechargeThatVanishesIsFound) {
  EveningRecharge recharge;
  recharge.request.set_payer_id(5);
  recharge.request.set_amount_minor(600);
  v1::RechargeDecision decision;
  decision.set_outcome(v1::OUTCOME_ACCEPTED);
  decision.set_amount_minor(600);
  books_.RecordAuthorized(recharge, decision);
  v1::Totals after;
  after.set_recharge_authorized_minor(600);
  after.set_recharge_expired_minor(600);
  EXPECT_TRUE(CheckRecharges(books_.tally(), v1::Totals(), after).holds());

  after.set_recharge_expired_minor(0);
  EXPECT_EQ(CheckRecharges(books_.tally(), v1::Totals(), after).faults_count, 1);
}

}  // namespace
}  // namespace tipgate
