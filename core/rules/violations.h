#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <utility>

#include "absl/types/span.h"
#include "core/decision.h"
#include "core/entry.h"
#include "core/rules/fact_rules.h"
#include "core/state.h"

namespace tipgate {

// What decisions about tips, recharges and sessions have in common.

// Runs every rule and notes those that refuse. True if one of them would refuse any amount.
template <typename Rules, typename Context>
bool NoteViolations(const Rules& rules, const Context& context, Entry* entry,
                    Slice<Violation>* violations) {
  bool refuses_any_amount = false;
  for (const auto& rule : rules) {
    Violation violation;
    if (!rule.refuses(context, &violation)) continue;
    violation.code = rule.code;
    entry->Add(*violations, violation);
    if constexpr (requires { rule.is_about_amount; }) refuses_any_amount |= !rule.is_about_amount;
  }
  return refuses_any_amount;
}

// The same for a table that is known when this is compiled: each rule is called as itself, so that
// the compiler can see into it. For what is decided millions of times a second.
template <const auto& kRules, typename Context>
bool NoteViolations(const Context& context, Entry* entry, Slice<Violation>* violations) {
  bool refuses_any_amount = false;
  Violation violation;
  const auto run = [&](const auto& rule) __attribute__((always_inline)) {
    if (!rule.refuses(context, &violation)) [[likely]]
      return;
    violation.code = rule.code;
    entry->Add(*violations, violation);
    refuses_any_amount |= !rule.is_about_amount;
    violation = Violation();
  };
  [&]<size_t... kPlaces>(std::index_sequence<kPlaces...>) { (run(kRules[kPlaces]), ...); }
  (std::make_index_sequence<std::size(kRules)>());
  return refuses_any_amount;
}

// When time alone cures all of them: the latest moment. 0 if one of them stays.
inline int64_t CuredFromMs(absl::Span<const Violation> violations) {
  int64_t cured_from_ms = 0;
  for (const Violation& violation : violations) {
    if (violation.retry_time_ms == 0) return 0;
    cured_from_ms = std::max(cured_from_ms, violation.retry_time_ms);
  }
  return cured_from_ms;
}

// The same; 0 also if something else refuses from `until_ms` on, before that moment.
inline int64_t RetryTimeMs(absl::Span<const Violation> violations, int64_t until_ms) {
  const int64_t retry_time_ms = CuredFromMs(violations);
  return retry_time_ms < until_ms ? retry_time_ms : 0;
}

// Until when the facts of a payer or streamer hold, as far as is known now.
template <typename Person>
int64_t FactsHoldUntilMs(const Person* person, const Policy& policy) {
  return person == nullptr ? 0 : OutdatedFromMs(person->observe_time_ms, policy);
}

inline const PayerControls* ControlsOf(const State& state, const Payer* payer) {
  return payer == nullptr || !payer->has_controls ? nullptr : state.controls.Find(payer->id);
}

inline Money Left(Money limit, Money used) { return std::max(limit - used, Money()); }

}  // namespace tipgate
