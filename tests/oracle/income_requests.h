// What one may ask of the oracle about accepted tips: capture, void, refund, freeze, release; and
// refunds of recharges.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace tipgate::oracle {

struct CaptureTipRequest {
  std::string idempotency_key = {};
  int64_t tip_id = 0;
  std::optional<int64_t> amount = std::nullopt;  // Left out: all that is held.

  bool operator==(const CaptureTipRequest&) const = default;
};

struct VoidTipRequest {
  std::string idempotency_key = {};
  int64_t tip_id = 0;

  bool operator==(const VoidTipRequest&) const = default;
};

// Exactly one of amount and permille; permille is of what was accepted and not released, rounded
// down.
struct RefundTipRequest {
  std::string idempotency_key = {};
  int64_t tip_id = 0;
  std::optional<int64_t> amount = std::nullopt;
  std::optional<int64_t> permille = std::nullopt;
  std::string reason = {};
  std::string case_reference = {};

  bool operator==(const RefundTipRequest&) const = default;
};

enum class IncomeKind { kTip, kSession, kStreamer, kAgency, kCase, kPayer, kEverything };

// Which tips: by an id, or all that the case has frozen (kCase), or all; and of these those that
// were accepted in a stretch of time.
struct IncomeScope {
  IncomeKind kind = IncomeKind::kTip;
  int64_t id = 0;
  int64_t start_ms = 0;
  int64_t end_ms = 0;  // Before this; 0: whenever.

  bool operator==(const IncomeScope&) const = default;
};

struct FreezeIncomeRequest {
  std::string idempotency_key = {};
  IncomeScope scope = {};
  std::string case_reference = {};

  bool operator==(const FreezeIncomeRequest&) const = default;
};

struct ReleaseIncomeRequest {
  std::string idempotency_key = {};
  IncomeScope scope = {};
  std::string case_reference = {};

  bool operator==(const ReleaseIncomeRequest&) const = default;
};

// An order about many tips that is carried out tip by tip, while other things happen.
enum class OrderAction { kFreeze, kRelease, kRefund };
struct IncomeOrder {
  OrderAction action = OrderAction::kFreeze;
  IncomeScope scope = {};
  std::string case_reference = {};
  int64_t permille = 0;  // Of kRefund: of what each tip was captured with.
};

// Ops hold a streamer's later income back for at least so long.
struct SetManualDelayRequest {
  std::string idempotency_key = {};
  int64_t streamer_id = 0;
  int64_t delay_ms = 0;

  bool operator==(const SetManualDelayRequest&) const = default;
};

struct RefundRechargeRequest {
  std::string idempotency_key = {};
  int64_t recharge_id = 0;
  int64_t amount = 0;
  std::string reason = {};
  std::string case_reference = {};

  bool operator==(const RefundRechargeRequest&) const = default;
};

}  // namespace tipgate::oracle
