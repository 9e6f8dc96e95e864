// What one may ask of the oracle to hold people back: stops, freezes, cooling-off, sanctions,
// self-set limits, confirmations.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tests/oracle/codes.h"

namespace tipgate::oracle {

enum class StopKind { kEverything, kApp, kSession, kStreamer, kGift };

// What a stop covers: of kApp the app, of the kinds below it the id.
struct StopScope {
  StopKind kind = StopKind::kEverything;
  std::string app = {};
  int64_t id = 0;

  bool operator==(const StopScope&) const = default;
};

struct EmergencyStopRequest {
  std::string idempotency_key = {};
  StopScope scope = {};
  std::string identity = {};

  bool operator==(const EmergencyStopRequest&) const = default;
};

// One of two identities agrees.
struct LiftStopRequest {
  std::string idempotency_key = {};
  StopScope scope = {};
  std::string identity = {};

  bool operator==(const LiftStopRequest&) const = default;
};

struct FreezePayerRequest {
  std::string idempotency_key = {};
  int64_t payer_id = 0;
  std::string case_reference = {};
  std::string identity = {};

  bool operator==(const FreezePayerRequest&) const = default;
};

// One of two identities agrees.
struct UnfreezePayerRequest {
  std::string idempotency_key = {};
  int64_t payer_id = 0;
  std::string case_reference = {};
  std::string identity = {};

  bool operator==(const UnfreezePayerRequest&) const = default;
};

// Ops may start a cooling-off by hand.
struct StartCoolingOffRequest {
  std::string idempotency_key = {};
  int64_t payer_id = 0;
  int64_t duration_ms = 0;
  std::string identity = {};

  bool operator==(const StartCoolingOffRequest&) const = default;
};

enum class SanctionKind { kWarn, kSuspendReceiving, kMute, kBan };

struct SanctionStreamerRequest {
  std::string idempotency_key = {};
  int64_t streamer_id = 0;
  SanctionKind kind = SanctionKind::kWarn;
  int64_t until_ms = 0;  // Of kSuspendReceiving, at most 3,660 days ahead.
  int64_t mute_duration_ms =
      0;  // Of kMute: the platform's mute, of which receiving is suspended a multiple.
  bool is_violation = false;  // Receiving comes back so many calendar months after the end.
  std::string reason = {};
  std::string case_reference = {};

  bool operator==(const SanctionStreamerRequest&) const = default;
};

struct LiftSanctionRequest {
  std::string idempotency_key = {};
  int64_t streamer_id = 0;
  int64_t sanction_id = 0;

  bool operator==(const LiftSanctionRequest&) const = default;
};

// A new self-set limit, or none any more; or only that no raise waits any more.
struct LimitChange {
  std::optional<int64_t> limit = std::nullopt;
  bool withdraws_raise = false;

  bool operator==(const LimitChange&) const = default;
};

struct SetSelfLimitsRequest {
  std::string idempotency_key = {};
  int64_t payer_id = 0;
  std::optional<LimitChange> tip_max = std::nullopt;  // Left out: stays as it is.
  std::optional<LimitChange> day = std::nullopt;
  std::optional<LimitChange> month = std::nullopt;
  int64_t confirmation_token = 0;  // Of scope kRaiseLimits; needed to raise or to remove.

  bool operator==(const SetSelfLimitsRequest&) const = default;
};

// Takes back every raise that still waits.
struct WithdrawSelfLimitsRequest {
  std::string idempotency_key = {};
  int64_t payer_id = 0;

  bool operator==(const WithdrawSelfLimitsRequest&) const = default;
};

struct SetPreferencesRequest {
  std::string idempotency_key = {};
  int64_t payer_id = 0;
  std::optional<bool> reminders = std::nullopt;  // Left out: stays as it is.
  std::optional<bool> public_display = std::nullopt;
  int64_t confirmation_token = 0;  // Of scope kRemindersOff; needed to switch them off.

  bool operator==(const SetPreferencesRequest&) const = default;
};

enum class ConfirmationScope { kGate, kRaiseLimits, kRemindersOff };

struct StartConfirmationRequest {
  std::string idempotency_key = {};
  int64_t payer_id = 0;
  ConfirmationScope scope = ConfirmationScope::kGate;
  Period period = Period::kNone;  // Of kGate.

  bool operator==(const StartConfirmationRequest&) const = default;
};

struct CompleteConfirmationRequest {
  std::string idempotency_key = {};
  int64_t token = 0;
  int64_t payer_id = 0;
  ConfirmationScope scope = ConfirmationScope::kGate;
  Period period = Period::kNone;
  std::string proof_reference = {};

  bool operator==(const CompleteConfirmationRequest&) const = default;
};

}  // namespace tipgate::oracle
