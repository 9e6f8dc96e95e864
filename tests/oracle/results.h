// What the oracle answers. A result with an error has nothing else in it; one with is_replay is the
// first answer again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/oracle/codes.h"
#include "tests/oracle/control_requests.h"

namespace tipgate::oracle {

struct TipResult {
  ErrorReason error = ErrorReason::kNone;
  bool is_replay = false;
  int64_t tip_id = 0;  // 0 in a dry run.
  Outcome outcome = Outcome::kNone;
  Violations violations = {};
  int64_t amount = 0;
  int64_t amount_max = 0;
  int64_t count_max = 0;
  int64_t day_total = 0;
  int64_t day_left = 0;
  int64_t month_total = 0;
  int64_t month_left = 0;
  std::vector<Reminder> reminders = {};
  std::optional<int64_t> settle_time_ms = std::nullopt;  // Accepted and not held.
  std::optional<int64_t> expire_time_ms = std::nullopt;  // Held.
  std::optional<int64_t> retry_time_ms = std::nullopt;
  std::optional<int64_t> cooling_off_end_ms = std::nullopt;  // Of one that it begins.
  int64_t decide_time_ms = 0;
  int64_t policy_version = 0;
  std::optional<int64_t> balance = std::nullopt;  // Where the wallet is managed.
};

struct RechargeResult {
  ErrorReason error = ErrorReason::kNone;
  bool is_replay = false;
  int64_t recharge_id = 0;
  Outcome outcome = Outcome::kNone;
  Violations violations = {};
  int64_t amount = 0;
  int64_t amount_max = 0;
  int64_t day_total = 0;
  int64_t day_left = 0;
  int64_t month_total = 0;
  int64_t month_left = 0;
  RechargeState state = RechargeState::kNone;
  std::optional<int64_t> expire_time_ms = std::nullopt;  // Held.
  std::optional<int64_t> retry_time_ms = std::nullopt;
  bool return_money = false;
  int64_t decide_time_ms = 0;
  int64_t policy_version = 0;
  int64_t refunded = 0;                           // Of RefundRecharge: all of it so far.
  std::optional<int64_t> balance = std::nullopt;  // Where the wallet is managed.
};

// Of capture, void and refund: the tip as it is after them.
struct TipLifeResult {
  ErrorReason error = ErrorReason::kNone;
  bool is_replay = false;
  Outcome outcome = Outcome::kNone;
  Violations violations = {};  // Of a capture above a self-set limit.
  TipState state = TipState::kNone;
  int64_t amount = 0;  // What remains in that state.
  int64_t released = 0;
  int64_t refunded = 0;
  std::optional<int64_t> settle_time_ms = std::nullopt;  // Pending.
};

// How many tips, and how much of them, were frozen or are released now.
struct IncomeResult {
  ErrorReason error = ErrorReason::kNone;
  bool is_replay = false;
  int64_t count = 0;
  int64_t amount = 0;
};

struct OpenSessionResult {
  ErrorReason error = ErrorReason::kNone;
  bool is_replay = false;
  Outcome outcome = Outcome::kNone;
  Violations violations = {};
  int64_t max_end_time_ms = 0;
  int64_t received_max = 0;
  std::optional<int64_t> retry_time_ms = std::nullopt;
  int64_t policy_version = 0;
};

struct PausePayerResult {
  ErrorReason error = ErrorReason::kNone;
  bool is_replay = false;
  int64_t pause_end_ms = 0;
};

// Of a stop and of the lifting of one.
struct StopResult {
  ErrorReason error = ErrorReason::kNone;
  bool is_replay = false;
  bool is_stopped = false;
  int64_t start_ms = 0;             // Since when.
  std::string first_identity = {};  // Who has agreed to lift it.
};

// Of a sanction and of the lifting of one.
struct SanctionResult {
  ErrorReason error = ErrorReason::kNone;
  bool is_replay = false;
  std::optional<int64_t> end_ms = std::nullopt;  // Of the sanction itself.
  // The streamer, after this.
  bool is_suspended = false;
  std::optional<int64_t> suspended_end_ms = std::nullopt;  // Left out: for good.
};

// A limit that a payer has set, at a moment.
struct SelfLimitView {
  std::optional<int64_t> limit = std::nullopt;
  std::optional<int64_t> raise_time_ms = std::nullopt;  // Of a raise that waits.
  std::optional<int64_t> raised_limit = std::nullopt;   // What it is then; left out: none.
};

struct SelfLimitsResult {
  ErrorReason error = ErrorReason::kNone;
  bool is_replay = false;
  Outcome outcome = Outcome::kNone;
  Violations violations = {};  // Of a raise without a confirmation.
  SelfLimitView tip_max = {};
  SelfLimitView day = {};
  SelfLimitView month = {};
};

struct PreferencesResult {
  ErrorReason error = ErrorReason::kNone;
  bool is_replay = false;
  Outcome outcome = Outcome::kNone;
  Violations violations = {};  // Of switching reminders off without a confirmation.
  bool reminders_are_on = true;
  bool public_display = false;
};

// Of a start and of a completion.
struct ConfirmationResult {
  ErrorReason error = ErrorReason::kNone;
  bool is_replay = false;
  Outcome outcome = Outcome::kNone;
  ConfirmationRefusal refusal = ConfirmationRefusal::kNone;
  int64_t token = 0;
  int64_t attempts_left = 0;  // 0 if it is completed, or if no token is out.
  std::optional<int64_t> expire_time_ms = std::nullopt;  // Of a start.
};

struct CoolingOffResult {
  ErrorReason error = ErrorReason::kNone;
  bool is_replay = false;
  int64_t cooling_off_end_ms = 0;
};

// Of a freeze and of the agreement to end it.
struct FreezeResult {
  ErrorReason error = ErrorReason::kNone;
  bool is_replay = false;
  bool is_frozen = false;
  std::string first_identity = {};  // Who has agreed to end it.
};

// Of changes that have nothing to tell but that they happened.
struct ChangeResult {
  ErrorReason error = ErrorReason::kNone;
  bool is_replay = false;
};

// How much of a limit is used in the period that runs now.
struct Usage {
  int64_t limit = 0;
  LimitOrigin origin = LimitOrigin::kNone;
  int64_t used = 0;
  int64_t left = 0;
  int64_t reset_time_ms = 0;
};

struct GateView {
  int64_t threshold = 0;
  bool is_passed = false;
};

struct PayerView {
  ErrorReason error = ErrorReason::kNone;
  int64_t tip_max = 0;
  LimitOrigin tip_max_origin = LimitOrigin::kNone;
  Usage tip_day = {};
  Usage tip_month = {};
  Usage recharge_day = {};
  Usage recharge_month = {};
  std::optional<int64_t> pause_end_ms = std::nullopt;
  std::optional<int64_t> cooling_off_end_ms = std::nullopt;
  std::string freezes = {};  // Of each case "CASE:WHO " with who has agreed to end it.
  SelfLimitView self_tip_max = {};
  SelfLimitView self_day = {};
  SelfLimitView self_month = {};
  std::optional<GateView> day_gate = std::nullopt;  // Left out: the policy has none.
  std::optional<GateView> month_gate = std::nullopt;
  int64_t balance = 0;  // Where the wallet is managed.
  bool reminders_are_on = true;
  bool public_display = false;
};

struct TipView {
  ErrorReason error = ErrorReason::kNone;
  TipState state = TipState::kNone;
  int64_t amount = 0;  // What remains in that state.
  int64_t released = 0;
  int64_t refunded = 0;
  int64_t settle_time_ms = 0;  // 0 of what was never pending.
  int64_t streamer_share = 0;  // This and the next ones: 0 of what has not settled.
  int64_t agency_share = 0;
  int64_t platform_share = 0;
  int64_t streamer_netted = 0;
  int64_t agency_netted = 0;
};

struct AgencyView {
  ErrorReason error = ErrorReason::kNone;
  int64_t income = 0;      // Paid out.
  int64_t receivable = 0;  // What later settlements are netted against.
};

struct StreamerView {
  ErrorReason error = ErrorReason::kNone;
  int64_t pending = 0;  // What remains of tips in each state.
  int64_t frozen = 0;
  int64_t settled = 0;
  int64_t income = 0;      // Paid out.
  int64_t receivable = 0;  // What later settlements are netted against.
  int64_t open_session_id = 0;
  int64_t sessions_today = 0;
  bool is_suspended = false;
  std::optional<int64_t> suspended_end_ms = std::nullopt;
  std::vector<int64_t> sanctions = {};  // Ids of those in force.
};

// A stop in force.
struct StopView {
  StopScope scope = {};
  int64_t start_ms = 0;
  std::string identity = {};        // Who began it.
  std::string first_identity = {};  // Who has agreed to lift it.
};

// By kind, then by id or app.
struct StopsView {
  std::vector<StopView> stops = {};
};

struct SessionView {
  ErrorReason error = ErrorReason::kNone;
  int64_t max_end_time_ms = 0;
  std::optional<int64_t> close_time_ms = std::nullopt;
  int64_t received = 0;
  int64_t received_max = 0;
};

// Where every fen is. Sums over the whole history.
struct Totals {
  int64_t tips_accepted = 0;
  int64_t tips_rejected = 0;
  int64_t accepted = 0;  // = held + pending + frozen + settled + voided + refunded.
  int64_t held = 0;
  int64_t pending = 0;
  int64_t frozen = 0;
  int64_t settled = 0;
  int64_t voided = 0;
  int64_t refunded = 0;
  int64_t reminders = 0;
  int64_t recharge_authorized = 0;  // = held + captured + voided + expired.
  int64_t recharge_held = 0;
  int64_t recharge_captured = 0;
  int64_t recharge_voided = 0;
  int64_t recharge_expired = 0;   // Those to be returned included.
  int64_t recharge_refunded = 0;  // Of the captured ones.
  int64_t balances = 0;           // Of all payers.
};

}  // namespace tipgate::oracle
