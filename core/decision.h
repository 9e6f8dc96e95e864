#pragma once

#include <cstdint>

#include "core/money.h"

namespace tipgate {

// Stored; never renumber.
enum class Outcome : uint8_t { kAccepted = 1, kRejected = 2 };

// Why a rule refused; the values are those of tipgate.v1.RejectionCode. Stored; never renumber.
enum class RejectionCode : uint8_t {
  kEmergencyStop = 1,
  kMinorBlocked = 2,
  kYouthMode = 3,
  kRealNameRequired = 4,
  kPayerFrozen = 5,
  kPayerPaused = 6,
  kStreamerUnavailable = 7,
  kStreamerSuspended = 8,
  kSessionNotOpen = 9,
  kSessionOvertime = 10,
  kSelfTip = 11,
  kGiftUnknown = 12,
  kGiftPriceCap = 13,
  kTipCap = 14,
  kCoolingOff = 15,
  kDayLimit = 16,
  kMonthLimit = 17,
  kConfirmationRequired = 18,
  kSessionCap = 19,
  kInsufficientBalance = 20,
  kRechargeCap = 31,
  kRechargeDayLimit = 32,
  kRechargeMonthLimit = 33,
  kSessionAlreadyOpen = 41,
  kSessionCountLimit = 42,
  kSessionInterval = 43,
};
inline constexpr int kRejectionCodesEnd = 44;

// Where a limit comes from. Stored; never renumber.
enum class LimitOrigin : uint8_t {
  kNone = 0,
  kPolicy = 1,
  kTier = 2,  // of the streamer
  kAgeBand = 3,
  kPayerTier = 4,
  kSelf = 5,
  kGuardian = 6,
  kRisk = 7,
};

// Stored; never renumber.
enum class Period : uint8_t { kNone = 0, kDay = 1, kMonth = 2 };

// One rule that refused.
struct Violation {
  RejectionCode code{};
  LimitOrigin origin = LimitOrigin::kNone;
  int64_t limit = 0;          // minor units; a number of sessions for kSessionCountLimit
  int64_t used = 0;           // in the unit of limit
  int64_t requested = 0;      // in the unit of limit
  int64_t retry_time_ms = 0;  // 0: time alone does not cure it
  Period period{};            // whose gate, for kConfirmationRequired of a tip

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.code, self.origin, self.limit, self.used, self.requested, self.retry_time_ms,
          self.period);
  }
};

// A payer's total reached a threshold.
struct Reminder {
  Period period{};
  int32_t permille = 0;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.period, self.permille);
  }
};

}  // namespace tipgate
