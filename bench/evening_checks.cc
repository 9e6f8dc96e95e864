#include "bench/evening_checks.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "bench/evening_text.h"

namespace tipgate {
namespace {

constexpr size_t kFaultLinesMax = 5;  // of one check; the others are only counted

EveningCheck CheckClaim(const EveningTally& tally, EveningClaim claim, const std::string& text,
                        const std::string& extent) {
  EveningCheck check;
  check.claim = text;
  check.extent = extent;
  const auto faults = tally.faults.find(claim);
  if (faults == tally.faults.end()) return check;
  check.faults = faults->second;
  check.faults_count = tally.faults_count.at(claim);
  return check;
}

void CheckLimit(const PeriodTally& period, const std::string& name, EveningCheck* check) {
  if (period.accepted_minor.empty()) return;
  if (period.limits_minor.size() != 1) {
    return check->Fault(absl::StrCat(
        "not one ", name, " limit for all: ", period.limits_minor.size(), " different ones"));
  }
  const int64_t limit = *period.limits_minor.begin();
  for (const auto& [payer_period, minor] : period.accepted_minor) {
    if (minor <= limit) continue;
    check->Fault(absl::StrCat("payer ", payer_period.first, ": ", EveningMoney(minor), " in a ",
                              name, ", the limit is ", EveningMoney(limit)));
  }
}

// Which thresholds there are is learnt from the reminders: one that reaches nobody is not missed.
void CheckTold(const PeriodTally& period, const std::string& name, EveningCheck* check) {
  if (period.limits_minor.empty()) return;
  const int64_t limit = *period.limits_minor.begin();
  for (const auto& [payer_period, minor] : period.accepted_minor) {
    std::vector<int32_t> due;
    for (const auto& [threshold, count] : period.reminders) {
      if (minor * 1'000 >= limit * threshold) due.push_back(threshold);
    }
    std::vector<int32_t> told;
    const auto found = period.told.find(payer_period);
    if (found != period.told.end()) told = found->second;
    std::sort(told.begin(), told.end());
    if (told == due) continue;
    check->Fault(absl::StrCat("payer ", payer_period.first, ": ", told.size(), " ", name,
                              " reminders, expected ", due.size()));
  }
}

// Where the gate stands is learnt from refusals: one that nobody reached is not looked at.
void CheckGate(const PeriodTally& period, const std::string& name, EveningCheck* check) {
  if (period.gates_minor.empty()) return;
  if (period.gates_minor.size() != 1) {
    return check->Fault(absl::StrCat("not one ", name, " gate for all: ", period.gates_minor.size(),
                                     " different ones"));
  }
  const int64_t gate = *period.gates_minor.begin();
  for (const auto& [payer_period, minor] : period.accepted_minor) {
    if (!period.is_strict || minor < gate || period.confirmed_ms.contains(payer_period)) continue;
    check->Fault(absl::StrCat("payer ", payer_period.first, ": ", EveningMoney(minor), " in a ",
                              name, " without a confirmation at ", EveningMoney(gate)));
  }
  for (const auto& [payer_period, confirmed_ms] : period.confirmed_ms) {
    const auto asked = period.asked_ms.find(payer_period);
    if (asked == period.asked_ms.end() || asked->second <= confirmed_ms) continue;
    check->Fault(absl::StrCat("payer ", payer_period.first, " was asked for the ", name,
                              " again after they had confirmed"));
  }
}

int64_t RemindersCount(const EveningTally& tally) {
  int64_t count = 0;
  for (const PeriodTally* period : {&tally.day, &tally.month}) {
    for (const auto& [threshold, of_threshold] : period->reminders) count += of_threshold;
  }
  return count;
}

}  // namespace

void EveningCheck::Fault(std::string what) {
  ++faults_count;
  if (faults.size() < kFaultLinesMax) faults.push_back(std::move(what));
}

void EveningCheck::Compare(const std::string& what, int64_t expected, int64_t found) {
  if (expected == found) return;
  Fault(absl::StrCat(what, ": expected ", expected, ", found ", found));
}

std::vector<EveningCheck> CheckAnswers(const EveningTally& tally) {
  const std::string tips = EveningCount(tally.answers_count) + " answers";
  const std::string repeats = EveningCount(tally.repeats_count) + " retries";
  const std::string reuses = EveningCount(tally.key_reuse_refused_count) + " reuses";
  const std::string malformed = EveningCount(tally.malformed_refused_count) + " tips";
  const std::string minors = EveningCount(tally.minors_rejected_count) + " attempts refused";
  return {
      CheckClaim(tally, EveningClaim::kAnswered, "Every call got its answer", tips),
      CheckClaim(tally, EveningClaim::kWellFormed, "Decisions are whole and agree in themselves",
                 EveningCount(tally.accepted.count + tally.rejected.count) + " decisions"),
      CheckClaim(tally, EveningClaim::kRepeats, "A retry gets the first answer, byte for byte",
                 repeats),
      CheckClaim(tally, EveningClaim::kKeyReuse, "A key with another payload is refused", reuses),
      CheckClaim(tally, EveningClaim::kMalformed, "Malformed tips are refused", malformed),
      CheckClaim(tally, EveningClaim::kMinors, "No minor was accepted", minors),
      CheckClaim(tally, EveningClaim::kReminders, "A reminder comes when its threshold is reached",
                 EveningCount(RemindersCount(tally)) + " reminders"),
      CheckClaim(tally, EveningClaim::kCoolingOff, "Nobody tips while they cool off",
                 EveningCount(tally.cooling_off.count) + " cooling-offs"),
      CheckClaim(tally, EveningClaim::kConfirmed, "Who confirms with a good token is believed",
                 EveningCount(static_cast<int64_t>(tally.day.confirmed_ms.size() +
                                                   tally.month.confirmed_ms.size())) +
                     " confirmations"),
  };
}

EveningCheck CheckLimits(const EveningTally& tally) {
  EveningCheck check;
  check.claim = "No payer passed the day or month limit";
  check.extent = EveningCount(static_cast<int64_t>(tally.day.accepted_minor.size())) + " payers";
  CheckLimit(tally.day, "day", &check);
  CheckLimit(tally.month, "month", &check);
  return check;
}

EveningCheck CheckReminders(const EveningTally& tally) {
  EveningCheck check;
  check.claim = "Each reminder came exactly once";
  check.extent = EveningCount(static_cast<int64_t>(tally.day.accepted_minor.size())) + " payers";
  CheckTold(tally.day, "day", &check);
  CheckTold(tally.month, "month", &check);
  return check;
}

EveningCheck CheckConfirmations(const EveningTally& tally) {
  EveningCheck check;
  check.claim = "Only who had confirmed went on past a gate";
  const size_t asked = tally.day.asked_ms.size() + tally.month.asked_ms.size();
  const size_t confirmed = tally.day.confirmed_ms.size() + tally.month.confirmed_ms.size();
  check.extent = absl::StrCat(EveningCount(static_cast<int64_t>(asked)), " asked, ",
                              EveningCount(static_cast<int64_t>(confirmed)), " confirmed");
  CheckGate(tally.day, "day", &check);
  CheckGate(tally.month, "month", &check);
  return check;
}

EveningCheck CheckTips(const EveningTally& tally, const v1::Totals& before,
                       const v1::Totals& after) {
  EveningCheck check;
  check.claim = "The gate's totals of tips are the client's, to the fen";
  check.extent = EveningMoney(tally.accepted.minor);
  check.Compare("tips accepted", tally.accepted.count,
                after.tips_accepted_count() - before.tips_accepted_count());
  check.Compare("tips rejected", tally.rejected.count,
                after.tips_rejected_count() - before.tips_rejected_count());
  check.Compare("accepted_minor", tally.accepted.minor,
                after.accepted_minor() - before.accepted_minor());
  check.Compare("the sum of all states", after.accepted_minor(),
                after.held_minor() + after.pending_minor() + after.frozen_minor() +
                    after.settled_minor() + after.voided_minor() + after.refunded_minor());
  check.Compare("reminders", RemindersCount(tally),
                after.reminders_count() - before.reminders_count());
  return check;
}

EveningCheck CheckRecharges(const EveningTally& tally, const v1::Totals& before,
                            const v1::Totals& after) {
  const RechargeTally& recharge = tally.recharge;
  EveningCheck check;
  check.claim = "The gate's totals of recharges are the client's, to the fen";
  check.extent = EveningMoney(recharge.captured.minor);
  check.Compare("recharge_authorized_minor", recharge.authorized.minor,
                after.recharge_authorized_minor() - before.recharge_authorized_minor());
  check.Compare("recharge_captured_minor", recharge.captured.minor,
                after.recharge_captured_minor() - before.recharge_captured_minor());
  check.Compare("recharge_voided_minor", recharge.voided.minor,
                after.recharge_voided_minor() - before.recharge_voided_minor());
  const int64_t left = recharge.authorized.minor - recharge.captured.minor - recharge.voided.minor;
  check.Compare("recharge_held_minor + recharge_expired_minor", left,
                after.recharge_held_minor() - before.recharge_held_minor() +
                    after.recharge_expired_minor() - before.recharge_expired_minor());
  return check;
}

EveningCheck CheckEntities(const EveningTally& tally, const v1::Totals& before,
                           const v1::Totals& after) {
  EveningCheck check;
  check.claim = "Payers, streamers and sessions are all there";
  check.extent = EveningCount(tally.payers_put_count) + " payers";
  check.Compare("payers", tally.payers_put_count, after.payers_count() - before.payers_count());
  check.Compare("streamers", tally.streamers_put_count,
                after.streamers_count() - before.streamers_count());
  check.Compare("sessions", static_cast<int64_t>(tally.sessions_opened.size()),
                after.sessions_count() - before.sessions_count());
  return check;
}

}  // namespace tipgate
