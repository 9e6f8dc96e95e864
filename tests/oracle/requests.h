// What one may ask of the oracle about people, sessions, recharges and tips. Requests that ops and
// compliance make stand in control_requests.h. Two requests with one key are the same intent if
// they are equal.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tests/oracle/calendar.h"
#include "tests/oracle/codes.h"
#include "tests/oracle/policy.h"

namespace tipgate::oracle {

struct PayerFacts {
  bool real_name_verified = false;
  std::optional<BirthDate> birth_date = std::nullopt;  // At most one of these two.
  AgeBand age_band = AgeBand::kUnknown;
  bool guardian_consent = false;
  bool youth_mode = false;
  std::optional<int64_t> observe_time_ms = std::nullopt;  // Left out: the time of the decision.
  std::string payer_tier = {};  // A name among Policy::payer_tiers, or empty.
  Limits guardian = {};
  Limits risk = {};

  bool operator==(const PayerFacts&) const = default;
};

struct PutPayerRequest {
  std::string idempotency_key = {};
  int64_t payer_id = 0;
  PayerFacts facts = {};

  bool operator==(const PutPayerRequest&) const = default;
};

struct StreamerFacts {
  bool real_name_verified = false;
  std::optional<BirthDate> birth_date = std::nullopt;
  AgeBand age_band = AgeBand::kUnknown;
  bool guardian_consent = false;
  std::string tier = {};
  int64_t agency_id = 0;  // 0: none.
  std::optional<int64_t> observe_time_ms = std::nullopt;
  int64_t payer_id = 0;  // The same natural person as a payer; 0: not known.

  bool operator==(const StreamerFacts&) const = default;
};

struct PutStreamerRequest {
  std::string idempotency_key = {};
  int64_t streamer_id = 0;
  StreamerFacts facts = {};

  bool operator==(const PutStreamerRequest&) const = default;
};

struct PausePayerRequest {
  std::string idempotency_key = {};
  int64_t payer_id = 0;
  int64_t duration_ms = 0;

  bool operator==(const PausePayerRequest&) const = default;
};

struct OpenSessionRequest {
  std::string idempotency_key = {};
  int64_t session_id = 0;
  int64_t streamer_id = 0;

  bool operator==(const OpenSessionRequest&) const = default;
};

struct CloseSessionRequest {
  std::string idempotency_key = {};
  int64_t session_id = 0;

  bool operator==(const CloseSessionRequest&) const = default;
};

struct TipRequest {
  std::string idempotency_key = {};
  int64_t payer_id = 0;
  int64_t streamer_id = 0;
  int64_t session_id = 0;
  int64_t gift_id = 0;
  int64_t unit_price = 0;
  int64_t count = 0;
  std::optional<int64_t> create_time_ms = std::nullopt;
  std::string app = {};  // Who asks; only T1 looks at it.
  bool hold = false;
  std::optional<int64_t> hold_ttl_ms = std::nullopt;  // Only with hold; left out: the policy's.

  bool operator==(const TipRequest&) const = default;
};

struct AuthorizeRechargeRequest {
  std::string idempotency_key = {};
  int64_t payer_id = 0;
  int64_t amount = 0;
  std::optional<int64_t> hold_ms = std::nullopt;  // Left out: the policy's.
  std::optional<int64_t> create_time_ms = std::nullopt;
  std::string app = {};  // Who asks; only the emergency stop looks at it.

  bool operator==(const AuthorizeRechargeRequest&) const = default;
};

struct CaptureRechargeRequest {
  std::string idempotency_key = {};
  int64_t recharge_id = 0;

  bool operator==(const CaptureRechargeRequest&) const = default;
};

struct VoidRechargeRequest {
  std::string idempotency_key = {};
  int64_t recharge_id = 0;

  bool operator==(const VoidRechargeRequest&) const = default;
};

}  // namespace tipgate::oracle
