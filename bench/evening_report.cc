#include "bench/evening_report.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/evening_text.h"

namespace tipgate {
namespace {

// Pads to a width on the screen: a multi-byte ¥ or ✓ takes one column.
std::string Padded(const std::string& text, size_t width) {
  const auto is_first_byte = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
  const size_t shown = static_cast<size_t>(std::count_if(text.begin(), text.end(), is_first_byte));
  return std::string(shown < width ? width - shown : 0, ' ');
}
std::string Left(const std::string& text, size_t width) { return text + Padded(text, width); }
std::string Right(const std::string& text, size_t width) { return Padded(text, width) + text; }

std::string Line(const std::string& name, const CountAndMoney& amount, int64_t all_count) {
  const int64_t permille = all_count == 0 ? 0 : (amount.count * 1'000 + all_count / 2) / all_count;
  return absl::StrCat("  ", Left(name, 32), Right(EveningCount(amount.count), 10),
                      absl::StrFormat("%5d.%d %%", permille / 10, permille % 10),
                      Right(EveningMoney(amount.minor), 20), "\n");
}

std::string TipsText(const EveningTally& tally) {
  const int64_t all = tally.accepted.count + tally.rejected.count;
  std::string text = absl::StrCat(Left("Tips", 34), Right("count", 10), Right("share", 9),
                                  Right("money", 20), "\n");
  absl::StrAppend(&text, Line("accepted", tally.accepted, all));
  for (const auto& [code, amount] : tally.rejected_by) {
    absl::StrAppend(&text, Line(RuleText(code), amount, all));
  }
  const CountAndMoney decided = {all, tally.accepted.minor + tally.rejected.minor};
  absl::StrAppend(&text, Line("decided", decided, all), "  and ", EveningCount(tally.repeats_count),
                  " retries, ", EveningCount(tally.key_reuse_refused_count), " reused keys, ",
                  EveningCount(tally.malformed_refused_count), " malformed\n");
  return text;
}

std::string RemindersText(const std::string& name, const PeriodTally& period) {
  std::string text = Left("  of the " + name + " limit", 22);
  for (const auto& [permille, count] : period.reminders) {
    absl::StrAppend(&text, Right(absl::StrCat(permille / 10, " %: ", EveningCount(count)), 16));
  }
  return text + (period.reminders.empty() ? "  none\n" : "\n");
}

std::string RechargesText(const RechargeTally& recharge) {
  int64_t all = recharge.authorized.count;
  for (const auto& [code, amount] : recharge.rejected_by) all += amount.count;
  CountAndMoney left = recharge.authorized;
  for (const CountAndMoney& ended : {recharge.captured, recharge.voided}) {
    left.count -= ended.count;
    left.minor -= ended.minor;
  }
  std::string text = "Recharges\n";
  absl::StrAppend(&text, Line("authorized", recharge.authorized, all),
                  Line("  captured", recharge.captured, all),
                  Line("  voided", recharge.voided, all), Line("  held or expired", left, all));
  for (const auto& [code, amount] : recharge.rejected_by) {
    absl::StrAppend(&text, Line(RuleText(code), amount, all));
  }
  return text;
}

std::string SessionsText(const EveningTally& tally) {
  std::string text = "Sessions\n";
  absl::StrAppend(&text, "  ", Left("opened", 32),
                  Right(EveningCount(static_cast<int64_t>(tally.sessions_opened.size())), 10),
                  "\n");
  for (const auto& [code, count] : tally.sessions_rejected_by) {
    absl::StrAppend(&text, "  ", Left(RuleText(code), 32), Right(EveningCount(count), 10), "\n");
  }
  return text;
}

std::string Milliseconds(absl::Duration duration) {
  return absl::StrFormat("%.2f ms", absl::ToDoubleMilliseconds(duration));
}

std::string LatenciesText(const EveningReport& report) {
  std::string text = absl::StrCat(Left("Calls", 34), Right("count", 10), Right("p50", 12),
                                  Right("p99", 12), Right("max", 12), "\n");
  for (const auto& [name, latencies] : report.latencies) {
    absl::StrAppend(&text, "  ", Left(name, 32), Right(EveningCount(latencies.count()), 10),
                    Right(Milliseconds(latencies.Quantile(50, 100)), 12),
                    Right(Milliseconds(latencies.Quantile(99, 100)), 12),
                    Right(Milliseconds(latencies.max()), 12), "\n");
  }
  absl::StrAppend(&text, "  ", EveningCount(report.TipsPerSecond()), " tips a second for ",
                  absl::FormatDuration(absl::Trunc(report.play_duration, absl::Milliseconds(1))),
                  ", ", EveningCount(report.retries_count), " calls tried again\n");
  return text;
}

std::string CheckText(const EveningCheck& check) {
  std::string text =
      absl::StrCat("  ", check.holds() ? "✓ " : "✗ ", Left(check.claim, 66), check.extent, "\n");
  for (const std::string& fault : check.faults) absl::StrAppend(&text, "      ", fault, "\n");
  const int64_t untold = check.faults_count - static_cast<int64_t>(check.faults.size());
  if (untold > 0) absl::StrAppend(&text, "      and ", EveningCount(untold), " more\n");
  return text;
}

}  // namespace

bool EveningReport::AllHolds() const {
  return std::all_of(checks.begin(), checks.end(),
                     [](const EveningCheck& check) { return check.holds(); });
}

int64_t EveningReport::TipsPerSecond() const {
  const int64_t ms = std::max<int64_t>(1, absl::ToInt64Milliseconds(play_duration));
  return tally.answers_count * 1'000 / ms;
}

std::string RuleText(v1::RejectionCode code) {
  constexpr size_t kPrefix = sizeof("REJECTION_CODE_") - 1;
  const std::string name = v1::RejectionCode_Name(code).substr(kPrefix);
  constexpr int kLastTipRule = 20;  // the codes of tip rules are the numbers of the rulebook
  return code <= kLastTipRule ? absl::StrCat("T", static_cast<int>(code), " ", name) : name;
}

std::string ReportText(const EveningReport& report) {
  std::string text =
      absl::StrCat("An evening at the gate ", report.target, " (", report.server.version(),
                   ", policy ", report.server.policy_version(), ")\n  seed ", report.options.seed,
                   ", run ", report.options.run_id, ": ", EveningCount(report.options.payers),
                   " payers, ", EveningCount(report.options.sessions), " sessions, ",
                   EveningCount(report.options.tips), " tips\n\n");
  absl::StrAppend(&text, TipsText(report.tally), "\nReminders\n",
                  RemindersText("day", report.tally.day),
                  RemindersText("month", report.tally.month), "\n",
                  RechargesText(report.tally.recharge), "\n", SessionsText(report.tally), "\n");
  absl::StrAppend(&text, LatenciesText(report), "\nChecks\n");
  for (const EveningCheck& check : report.checks) absl::StrAppend(&text, CheckText(check));
  absl::StrAppend(&text, "\n",
                  report.AllHolds() ? "✓ The books agree, to the fen.\n"
                                    : "✗ The books do not agree: see the crosses above.\n");
  return text;
}

}  // namespace tipgate
