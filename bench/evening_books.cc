#include "bench/evening_books.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/time_util.h"

namespace tipgate {
namespace {

using google::protobuf::util::TimeUtil;

constexpr int kInvalidArgument = 3;
constexpr int kAlreadyExists = 6;
constexpr size_t kFaultLinesMax = 5;  // of one claim; the others are only counted

std::string Describe(const v1::TipIntent& intent) {
  return absl::StrCat("tip \"", intent.idempotency_key(), "\" of payer ", intent.payer_id());
}

std::string Describe(const EveningError& error) {
  return absl::StrCat("error ", error.code, " (", error.message, ")");
}

// What an accepted tip must look like, or a rejected one; empty if it does.
std::string FormFault(const v1::TipIntent& intent, const v1::TipDecision& decision) {
  const bool is_accepted = decision.outcome() == v1::OUTCOME_ACCEPTED;
  if (!is_accepted && decision.outcome() != v1::OUTCOME_REJECTED) return "no outcome";
  if (decision.tip_id() <= 0) return "no tip id";
  if (decision.amount_minor() != intent.unit_price_minor() * intent.count()) return "wrong amount";
  if (is_accepted != decision.violations().empty()) return "outcome and violations disagree";
  if (is_accepted != decision.has_settle_time()) return "outcome and settle_time disagree";
  if (!is_accepted && !decision.reminders().empty()) return "a rejected tip reminds";
  if (!decision.has_decide_time()) return "no decide_time";
  if (decision.policy_version() < 1) return "no policy_version";
  if (is_accepted && decision.settle_time() < decision.decide_time()) return "settled in the past";
  if (decision.day_left_minor() < 0 || decision.month_left_minor() < 0) return "over a limit";
  return "";
}

}  // namespace

absl::CivilDay MonthOf(absl::CivilDay day) { return absl::CivilDay(absl::CivilMonth(day)); }

EveningBooks::EveningBooks(const Evening& evening, absl::TimeZone zone) : zone_(zone) {
  for (const EveningPayer& payer : evening.cast().payers()) facts_[payer.payer_id] = &payer.facts;
}

void EveningBooks::RecordDecision(const EveningTip& tip, const v1::TipDecision& decision) {
  absl::MutexLock lock(&mutex_);
  ++tally_.answers_count;
  if (tip.expectation == EveningExpectation::kKeyReused) {
    return Fault(EveningClaim::kKeyReuse, Describe(tip.intent) + " was decided");
  }
  if (tip.expectation == EveningExpectation::kMalformed) {
    return Fault(EveningClaim::kMalformed, Describe(tip.intent) + " was decided");
  }
  if (tip.is_repeated) CompareAnswer(tip, decision);
  if (tip.expectation == EveningExpectation::kSameAnswer) return;
  CheckForm(tip.intent, decision);
  if (decision.outcome() == v1::OUTCOME_ACCEPTED) return CountAccepted(tip.intent, decision);
  tally_.rejected.Add(decision.amount_minor());
  if (decision.violations().empty()) return;
  tally_.rejected_by[decision.violations(0).code()].Add(decision.amount_minor());
  for (const v1::Violation& violation : decision.violations()) {
    if (violation.code() == v1::REJECTION_CODE_CONFIRMATION_REQUIRED) {
      CountRefusalAtGate(tip.intent, decision, violation);
    }
  }
  if (IsMinorAt(tip.intent.payer_id(), decision.decide_time())) ++tally_.minors_rejected_count;
}

void EveningBooks::RecordError(const EveningTip& tip, const EveningError& error) {
  absl::MutexLock lock(&mutex_);
  if (tip.expectation == EveningExpectation::kKeyReused && error.code == kAlreadyExists) {
    ++tally_.answers_count;
    ++tally_.key_reuse_refused_count;
  } else if (tip.expectation == EveningExpectation::kMalformed && error.code == kInvalidArgument) {
    ++tally_.answers_count;
    ++tally_.malformed_refused_count;
  } else {
    Fault(EveningClaim::kAnswered, absl::StrCat(Describe(tip.intent), ": ", Describe(error)));
  }
}

void EveningBooks::CheckForm(const v1::TipIntent& intent, const v1::TipDecision& decision) {
  const std::string fault = FormFault(intent, decision);
  if (!fault.empty()) Fault(EveningClaim::kWellFormed, Describe(intent) + ": " + fault);
  if (!tip_ids_.insert(decision.tip_id()).second) {
    Fault(EveningClaim::kWellFormed, Describe(intent) + " has the id of another tip");
  }
}

void EveningBooks::CountAccepted(const v1::TipIntent& intent, const v1::TipDecision& decision) {
  const int64_t amount = decision.amount_minor();
  const absl::CivilDay day = DayOf(decision.decide_time());
  tally_.accepted.Add(amount);
  tally_.session_minor[intent.session_id()] += amount;
  tally_.streamer_minor[intent.streamer_id()] += amount;
  tally_.day.accepted_minor[{intent.payer_id(), day}] += amount;
  tally_.month.accepted_minor[{intent.payer_id(), MonthOf(day)}] += amount;
  tally_.day.limits_minor.insert(decision.day_total_minor() + decision.day_left_minor());
  tally_.month.limits_minor.insert(decision.month_total_minor() + decision.month_left_minor());
  for (const v1::Reminder& reminder : decision.reminders()) {
    CountReminder(intent, decision, reminder);
  }
  CheckCoolingOff(intent, decision);
  if (IsMinorAt(intent.payer_id(), decision.decide_time())) {
    Fault(EveningClaim::kMinors, Describe(intent) + ", a minor, was accepted");
  }
}

void EveningBooks::CountReminder(const v1::TipIntent& intent, const v1::TipDecision& decision,
                                 const v1::Reminder& reminder) {
  const bool is_day = reminder.period() == v1::PERIOD_DAY;
  const absl::CivilDay day = DayOf(decision.decide_time());
  PeriodTally& period = is_day ? tally_.day : tally_.month;
  ++period.reminders[reminder.threshold_permille()];
  period.told[{intent.payer_id(), is_day ? day : MonthOf(day)}].push_back(
      reminder.threshold_permille());

  const int64_t after = is_day ? decision.day_total_minor() : decision.month_total_minor();
  const int64_t left = is_day ? decision.day_left_minor() : decision.month_left_minor();
  const int64_t threshold = (after + left) * reminder.threshold_permille();
  const int64_t before = after - decision.amount_minor();
  if (before * 1'000 >= threshold || after * 1'000 < threshold) {
    Fault(EveningClaim::kReminders, Describe(intent) + " reminds of what it does not reach");
  }
}

// Answers come in any order, so a later tip may be known before the one that began the
// cooling-off.
void EveningBooks::CheckCoolingOff(const v1::TipIntent& intent, const v1::TipDecision& decision) {
  CoolingOffTally& cooling_off = tally_.cooling_off;
  const int64_t time_ms = TimeUtil::TimestampToMilliseconds(decision.decide_time());
  const std::string fault = Describe(intent) + " was accepted while the payer cooled off";
  std::vector<CoolingOffTally::Tip>& begun = cooling_off.begun[intent.payer_id()];
  for (const CoolingOffTally::Tip& first : begun) {
    if (first.tip_id < decision.tip_id() && time_ms < first.time_ms) {
      Fault(EveningClaim::kCoolingOff, fault);
    }
  }
  CoolingOffTally::Tip& last = cooling_off.last_accepted[intent.payer_id()];
  if (decision.has_cooling_off_end_time()) {
    ++cooling_off.count;
    const int64_t end_ms = TimeUtil::TimestampToMilliseconds(decision.cooling_off_end_time());
    begun.push_back({decision.tip_id(), end_ms});
    if (decision.tip_id() < last.tip_id && last.time_ms < end_ms) {
      Fault(EveningClaim::kCoolingOff, fault);
    }
  }
  if (decision.tip_id() > last.tip_id) last = {decision.tip_id(), time_ms};
}

PeriodTally& EveningBooks::TallyOf(v1::Period period) {
  return period == v1::PERIOD_DAY ? tally_.day : tally_.month;
}

PayerPeriod EveningBooks::PeriodOf(int64_t payer_id, v1::Period period,
                                   const google::protobuf::Timestamp& time) const {
  const absl::CivilDay day = DayOf(time);
  return {payer_id, period == v1::PERIOD_DAY ? day : MonthOf(day)};
}

void EveningBooks::CountRefusalAtGate(const v1::TipIntent& intent, const v1::TipDecision& decision,
                                      const v1::Violation& violation) {
  PeriodTally& tally = TallyOf(violation.period());
  tally.gates_minor.insert(violation.limit_minor());
  tally.is_strict |= violation.used_minor() < violation.limit_minor();
  int64_t& asked_ms =
      tally.asked_ms[PeriodOf(intent.payer_id(), violation.period(), decision.decide_time())];
  asked_ms = std::max(asked_ms, TimeUtil::TimestampToMilliseconds(decision.decide_time()));
}

bool EveningBooks::BeginConfirmation(int64_t payer_id, v1::Period period,
                                     const v1::TipDecision& decision) {
  const PayerPeriod payer_period = PeriodOf(payer_id, period, decision.decide_time());
  absl::MutexLock lock(&mutex_);
  auto& begun = period == v1::PERIOD_DAY ? day_gates_begun_ : month_gates_begun_;
  return begun.insert(payer_period).second;
}

void EveningBooks::RecordConfirmed(v1::Period period,
                                   const v1::CompleteConfirmationResponse& response) {
  absl::MutexLock lock(&mutex_);
  if (response.outcome() != v1::OUTCOME_ACCEPTED) {
    return Fault(EveningClaim::kConfirmed,
                 absl::StrCat("payer ", response.payer_id(), ": a good token was refused, ",
                              v1::ConfirmationRefusal_Name(response.refusal())));
  }
  TallyOf(period).confirmed_ms[PeriodOf(response.payer_id(), period, response.decide_time())] =
      TimeUtil::TimestampToMilliseconds(response.decide_time());
}

void EveningBooks::CompareAnswer(const EveningTip& tip, const v1::TipDecision& decision) {
  std::string answer = decision.SerializeAsString();
  const auto [first, is_new] = answers_.try_emplace(tip.intent.idempotency_key(), answer);
  if (!is_new && first->second != answer) {
    Fault(EveningClaim::kRepeats, Describe(tip.intent) + " got another answer the second time");
  }
  if (tip.expectation == EveningExpectation::kSameAnswer) ++tally_.repeats_count;
}

void EveningBooks::RecordPayerPut() {
  absl::MutexLock lock(&mutex_);
  ++tally_.payers_put_count;
}

void EveningBooks::RecordStreamerPut() {
  absl::MutexLock lock(&mutex_);
  ++tally_.streamers_put_count;
}

void EveningBooks::RecordOpened(const v1::OpenSessionRequest& request,
                                const v1::OpenSessionResponse& response) {
  absl::MutexLock lock(&mutex_);
  if (response.outcome() == v1::OUTCOME_ACCEPTED) {
    tally_.sessions_opened.insert(request.session_id());
    tally_.sessions_open.insert(request.session_id());
  } else if (!response.violations().empty()) {
    ++tally_.sessions_rejected_by[response.violations(0).code()];
  }
}

void EveningBooks::RecordClosed(int64_t session_id) {
  absl::MutexLock lock(&mutex_);
  tally_.sessions_open.erase(session_id);
}

void EveningBooks::RecordAuthorized(const EveningRecharge& recharge,
                                    const v1::RechargeDecision& decision) {
  absl::MutexLock lock(&mutex_);
  const int64_t amount = recharge.request.amount_minor();
  const int64_t payer_id = recharge.request.payer_id();
  if (decision.outcome() != v1::OUTCOME_ACCEPTED) {
    if (decision.violations().empty()) return;
    return tally_.recharge.rejected_by[decision.violations(0).code()].Add(amount);
  }
  if (IsMinorAt(payer_id, decision.decide_time())) {
    Fault(EveningClaim::kMinors, absl::StrCat("a recharge of minor ", payer_id, " was accepted"));
  }
  tally_.recharge.authorized.Add(amount);
  tally_.recharge.day_minor[{payer_id, DayOf(decision.decide_time())}] += amount;
  if (recharge.end == EveningRechargeEnd::kLeave ||
      recharge.end == EveningRechargeEnd::kCaptureLate) {
    tally_.recharge.may_expire.insert(payer_id);
  }
}

void EveningBooks::RecordCaptured(const v1::CaptureRechargeResponse& response) {
  absl::MutexLock lock(&mutex_);
  const int64_t amount = response.decision().amount_minor();
  if (response.return_money()) return tally_.recharge.returned.Add(amount);
  tally_.recharge.captured.Add(amount);
}

void EveningBooks::RecordVoided(const EveningRecharge& recharge,
                                const v1::RechargeDecision& authorized) {
  absl::MutexLock lock(&mutex_);
  const int64_t amount = recharge.request.amount_minor();
  tally_.recharge.voided.Add(amount);
  const absl::CivilDay day = DayOf(authorized.decide_time());
  tally_.recharge.day_minor[{recharge.request.payer_id(), day}] -= amount;
}

void EveningBooks::RecordFailure(absl::string_view call, const EveningError& error) {
  absl::MutexLock lock(&mutex_);
  Fault(EveningClaim::kAnswered, absl::StrCat(call, ": ", Describe(error)));
}

bool EveningBooks::HasAnswer(const std::string& idempotency_key) const {
  absl::MutexLock lock(&mutex_);
  return answers_.contains(idempotency_key);
}

std::vector<std::pair<std::string, std::string>> EveningBooks::Answers() const {
  absl::MutexLock lock(&mutex_);
  return {answers_.begin(), answers_.end()};
}

void EveningBooks::Fault(EveningClaim claim, const std::string& what) {
  ++tally_.faults_count[claim];
  std::vector<std::string>& lines = tally_.faults[claim];
  if (lines.size() < kFaultLinesMax) lines.push_back(what);
}

absl::CivilDay EveningBooks::DayOf(const google::protobuf::Timestamp& time) const {
  return absl::ToCivilDay(absl::FromUnixMillis(TimeUtil::TimestampToMilliseconds(time)), zone_);
}

bool EveningBooks::IsMinorAt(int64_t payer_id, const google::protobuf::Timestamp& time) const {
  const auto found = facts_.find(payer_id);
  return found != facts_.end() && IsMinor(*found->second, DayOf(time));
}

}  // namespace tipgate
