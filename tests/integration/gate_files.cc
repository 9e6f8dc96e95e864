#include "tests/integration/gate_files.h"

#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace tipgate {
namespace {

std::string TierYaml(const TestTier& tier) {
  return absl::StrCat("  - name: ", tier.name,
                      "\n    session_received_max_minor: ", tier.session_received_max_minor,
                      "\n    session_duration_max: ", tier.session_duration_max,
                      "\n    sessions_per_day_max: ", tier.sessions_per_day_max,
                      "\n    session_interval: ", tier.session_interval,
                      "\n    settle_delay: ", tier.settle_delay, "\n");
}

std::string GiftYaml(int64_t gift_id, bool is_disabled) {
  return absl::StrCat("  - {gift_id: ", gift_id, ", unit_price_minor: ", gift_id,
                      ", is_disabled: ", is_disabled ? "true" : "false", "}\n");
}

}  // namespace

std::string NoonTimeZone() {
  // Etc/GMT-3 is three hours ahead of UTC: the sign is POSIX's.
  const absl::CivilSecond now = absl::ToCivilSecond(absl::Now(), absl::UTCTimeZone());
  const int hour = now.hour() + (now.minute() >= 30 ? 1 : 0);
  const int behind = hour - 12;
  if (behind == 0) return "Etc/UTC";
  return absl::StrCat("Etc/GMT", behind > 0 ? "+" : "", behind);
}

std::string ToYaml(const TestPolicy& policy) {
  std::string yaml = absl::StrCat("currency: CNY\ntime_zone: ", NoonTimeZone(),
                                  "\ngift_price_max_minor: ", policy.gift_price_max_minor,
                                  "\ntip_max_minor: ", policy.tip_max_minor,
                                  "\nday_limit_minor: ", policy.day_limit_minor,
                                  "\nmonth_limit_minor: ", policy.month_limit_minor,
                                  "\nreminder_permille: ", policy.reminder_permille, "\n");
  if (!policy.facts_max_age.empty()) {
    absl::StrAppend(&yaml, "facts_max_age: ", policy.facts_max_age, "\n");
  }
  if (!policy.minors.empty()) absl::StrAppend(&yaml, "minors: ", policy.minors, "\n");
  absl::StrAppend(&yaml, "tiers:\n");
  for (const TestTier& tier : policy.tiers) absl::StrAppend(&yaml, TierYaml(tier));
  if (!policy.settle_delays.empty()) {
    absl::StrAppend(&yaml, "settle_delays: ", policy.settle_delays, "\n");
  }
  absl::StrAppend(&yaml, "recharge:\n  single_max_minor: ", policy.recharge_single_max_minor,
                  "\n  day_limit_minor: ", policy.recharge_day_limit_minor,
                  "\n  month_limit_minor: ", policy.recharge_month_limit_minor,
                  "\n  hold_duration: ", policy.recharge_hold_duration, "\n", policy.more);
  return yaml;
}

std::string GiftsYaml() {
  std::string yaml = "gifts:\n";
  for (const int64_t price : kGiftPrices) absl::StrAppend(&yaml, GiftYaml(price, false));
  return absl::StrCat(yaml, GiftYaml(kGiftOffSale, true));
}

absl::StatusOr<GateFiles> GateFiles::Create(const TestPolicy& policy,
                                            const std::string& more_config) {
  auto folder = ScratchDirectory::Create();
  if (!folder.ok()) return folder.status();
  GateFiles files;
  files.folder_ = std::move(*folder);
  WriteFile(files.policy_file(), ToYaml(policy));
  WriteFile(files.gifts_file(), GiftsYaml());
  WriteFile(files.config_file(),
            absl::StrCat("data_dir: data\npolicy_file: policy.yaml\ngifts_file: gifts.yaml\n",
                         more_config));
  return files;
}

void WriteFile(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace tipgate
