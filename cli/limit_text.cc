#include "cli/limit_text.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/money_text.h"
#include "cli/time_text.h"

namespace tipgate {

std::string LimitsText(const v1::PayerLimits& limits) {
  std::vector<std::string> parts;
  if (limits.has_tip_max_minor()) {
    parts.push_back(absl::StrCat("tip ", MoneyText(limits.tip_max_minor())));
  }
  if (limits.has_day_limit_minor()) {
    parts.push_back(absl::StrCat("day ", MoneyText(limits.day_limit_minor())));
  }
  if (limits.has_month_limit_minor()) {
    parts.push_back(absl::StrCat("month ", MoneyText(limits.month_limit_minor())));
  }
  return absl::StrJoin(parts, ", ");
}

std::string SelfLimitText(const v1::SelfLimit& limit) {
  std::string text = limit.has_limit_minor() ? MoneyText(limit.limit_minor()) : "";
  if (!limit.has_raise_time()) return text;
  const std::string raised =
      limit.has_raised_limit_minor() ? MoneyText(limit.raised_limit_minor()) : "none";
  return absl::StrCat(text.empty() ? "none" : text, ", ", raised, " from ",
                      TimeText(limit.raise_time()));
}

}  // namespace tipgate
