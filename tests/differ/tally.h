#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/differ/text.h"

namespace tipgate::differ {

// How often what was met: a comparison proves nothing about rules that never refused.
class Tally {
 public:
  template <typename Result>
  void Note(const Result& result) {
    if constexpr (requires { result.error; }) {
      if (result.error != oracle::ErrorReason::kNone) {
        return Count("error", static_cast<int>(result.error));
      }
    }
    if constexpr (requires { result.is_replay; }) {
      if (result.is_replay) return Count("replay", 0);
    }
    if constexpr (requires { result.violations; }) {
      for (const oracle::Violation& violation : result.violations) {
        Count("code", static_cast<int>(violation.code));
        if (violation.retry_time_ms.has_value()) Count("code with retry_time", 0);
        Count("origin", static_cast<int>(violation.origin));
      }
    }
    if constexpr (requires { result.outcome; }) Count("outcome", static_cast<int>(result.outcome));
    if constexpr (requires { result.state; }) {
      using State = std::decay_t<decltype(result.state)>;
      const bool is_tip = std::is_same_v<State, oracle::TipState>;
      Count(is_tip ? "tip state" : "recharge state", static_cast<int>(result.state));
    }
    if constexpr (std::is_same_v<Result, oracle::PayerView>) {
      if (result.balance > 0) Count("balance", 0);
    }
    if constexpr (std::is_same_v<Result, oracle::PreferencesResult>) {
      if (!result.reminders_are_on) Count("reminders off", 0);
    }
    if constexpr (std::is_same_v<Result, oracle::RechargeResult>) {
      if (result.refunded > 0) Count("refunded recharge", 0);
    }
    if constexpr (std::is_same_v<Result, oracle::StreamerView>) {
      if (result.receivable > 0) Count("receivable", 0);
    }
    if constexpr (requires { result.retry_time_ms; }) {
      if (result.retry_time_ms.has_value()) Count("retry_time", 0);
    }
    if constexpr (requires { result.refusal; }) {
      Count("refusal", static_cast<int>(result.refusal));
    }
    if constexpr (requires { result.cooling_off_end_ms.has_value(); }) {
      if (result.cooling_off_end_ms.has_value()) Count("cooling-off", 0);
    }
    if constexpr (requires { result.day.raise_time_ms; }) {
      if (result.day.raise_time_ms.has_value()) Count("waiting raise", 0);
    }
    if constexpr (requires { result.is_stopped; }) {
      if (!result.is_stopped) Count("lifted stop", 0);
    }
    if constexpr (requires { result.suspended_end_ms; }) {
      const bool has_end = result.suspended_end_ms.has_value();
      if (result.is_suspended && !has_end) Count("suspension for good", 0);
    }
    if constexpr (requires { result.reminders.begin(); }) {
      for (const oracle::Reminder& reminder : result.reminders) {
        Count("reminder of period", static_cast<int>(reminder.period));
      }
    }
  }

  void Add(const Tally& other) {
    for (const auto& [key, count] : other.counts_) counts_[key] += count;
  }

  int64_t CountOf(const char* what, int number) const {
    const auto it = counts_.find({what, number});
    return it == counts_.end() ? 0 : it->second;
  }

  std::string Text() const {
    std::string text;
    for (const auto& [key, count] : counts_) {
      absl::StrAppend(&text, "  ", std::string(key.first), " ", key.second, ": ", count, "\n");
    }
    return text;
  }

 private:
  void Count(std::string_view what, int number) { ++counts_[{what, number}]; }

  std::map<std::pair<std::string_view, int>, int64_t> counts_;
};

}  // namespace tipgate::differ
