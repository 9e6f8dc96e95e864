#pragma once

#include <cstdint>

#include "core/calendar.h"
#include "core/inline_text.h"

namespace tipgate {

// What a payer confirms, outside of the gate, by a message to their phone or the like. Stored;
// never renumber.
enum class ConfirmationScope : uint8_t {
  kDayGate = 1,     // to go on past the gate of this local day (rule T18)
  kMonthGate = 2,   // of this local month
  kSelfLimits = 3,  // to raise or remove a limit that they have set
  kReminders = 4,   // to switch reminders off
};

// A random text that names one confirmation: it can be used once and not be guessed.
using ConfirmationToken = InlineText<32>;
// Where the platform keeps the proof that the payer has confirmed.
using ProofName = InlineText<64>;

// How long a token may be used, and how often a wrong one may be tried (own).
inline constexpr int64_t kConfirmationMs = 5 * 60'000;
inline constexpr int32_t kConfirmationAttemptsMax = 5;

// A token that is out. It is bound to the payer who has it, to its scope, to the local period and
// to the policy of its start.
struct Confirmation {
  ConfirmationToken token;  // empty: none is out
  int64_t expire_time_ms = 0;
  int32_t policy_version = 0;
  Day day{};
  Month month{};
  int32_t attempts_left = 0;
  bool is_complete = false;  // kSelfLimits, kReminders: confirmed, and may be used once

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.token, self.expire_time_ms, self.policy_version, self.day, self.month,
          self.attempts_left, self.is_complete);
  }
};

// Why a confirmation is refused. Stored; never renumber.
enum class ConfirmationRefusal : uint8_t {
  kNone = 0,
  kNotStarted = 1,     // no token of this scope is out: never was, is used up, or was replaced
  kWrongToken = 2,     // another payer's, another scope's, or none at all
  kExpired = 3,        // later than kConfirmationMs
  kOtherPeriod = 4,    // the day or month of its start is over
  kPolicyChanged = 5,  // another policy is in force
};

}  // namespace tipgate
