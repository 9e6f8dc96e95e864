// The words in which the oracle answers: codes, origins, periods, states. Where proto/tipgate/v1
// has a number for one, it is the same number, so that a comparison is a cast.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace tipgate::oracle {

// Why a call was not decided at all. The numbers are those of tipgate.v1.ErrorReason.
enum class ErrorReason {
  kNone = 0,
  kInvalidField = 1,
  kCreateTimeTooOld = 2,
  kKeyReused = 3,
  kNotFound = 4,
  kWrongState = 5,
  kCapacityReached = 7,
  kIdTaken = 12,
};

enum class Outcome { kNone = 0, kAccepted = 1, kRejected = 2 };

// The rule that refused. T rules have their own number, recharges 31.., sessions 41...
enum class Code {
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

// Whose limit was the smallest. Up to kAgeBand the numbers are those of tipgate.v1.LimitOrigin.
enum class LimitOrigin {
  kNone = 0,
  kPolicy = 1,
  kTier = 2,
  kAgeBand = 3,
  kPayerTier = 4,
  kSelf = 5,
  kGuardian = 6,
  kRisk = 7,
};

// Why a confirmation is refused. The numbers are those of tipgate.v1.ConfirmationRefusal.
enum class ConfirmationRefusal {
  kNone = 0,
  kNotStarted = 1,
  kWrongToken = 2,
  kExpired = 3,
  kOtherPeriod = 4,
  kPolicyChanged = 5,
};

enum class Period { kNone = 0, kDay = 1, kMonth = 2 };

enum class AgeBand { kUnknown = 0, kUnder8 = 1, k8To15 = 2, k16To17 = 3, kAdult = 4 };

// Where the money of a tip is.
enum class TipState { kNone, kRejected, kHeld, kPending, kFrozen, kSettled, kVoided, kRefunded };

// The numbers of tipgate.v1.RechargeState.
enum class RechargeState {
  kNone = 0,
  kRejected = 1,
  kHeld = 2,
  kCaptured = 3,
  kVoided = 4,
  kExpired = 5,
  kReturned = 6,
};

// One rule that refused. Rules without a limit leave the three amounts 0 and the origin kNone.
struct Violation {
  Code code;
  LimitOrigin origin = LimitOrigin::kNone;
  int64_t limit = 0;
  int64_t used = 0;
  int64_t requested = 0;
  std::optional<int64_t> retry_time_ms = std::nullopt;

  bool operator==(const Violation&) const = default;
};

using Violations = std::vector<Violation>;

// A threshold of a period's limit that a tip has reached.
struct Reminder {
  Period period;
  int permille;

  bool operator==(const Reminder&) const = default;
};

}  // namespace tipgate::oracle
