// The plain history that every rule reads, and no rule's own counters: who is known, and each tip
// and recharge that was ever accepted, with what became of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "tests/oracle/calendar.h"
#include "tests/oracle/control_requests.h"
#include "tests/oracle/policy.h"
#include "tests/oracle/requests.h"

namespace tipgate::oracle {

// Rules.md 9. A raise, or no limit any more, that waits for its time.
struct WaitingRaise {
  std::optional<int64_t> limit = std::nullopt;
  int64_t effective_time_ms = 0;
};

struct SelfLimit {
  std::optional<int64_t> limit = std::nullopt;
  std::optional<WaitingRaise> waiting = std::nullopt;
};

struct SelfLimits {
  SelfLimit tip_max = {};
  SelfLimit day = {};
  SelfLimit month = {};
};

struct Payer {
  PayerFacts facts = {};  // observe_time_ms is set.
  std::optional<int64_t> pause_end_ms = std::nullopt;
  SelfLimits self = {};
  bool reminders_are_on = true;
  bool public_display = false;
  // T5: the cases that freeze, the oldest first, and of each the first of the two who must agree.
  std::vector<std::pair<std::string, std::string>> freezes = {};
};

// T1.
struct Stop {
  StopScope scope = {};
  int64_t start_ms = 0;
  std::string identity = {};
  std::string lift_identity = {};  // The first of the two who must agree.
};

// T8. An end that is left out does not come. The end is when receiving comes back.
struct Sanction {
  int64_t streamer_id = 0;
  bool suspends_receiving = false;
  std::optional<int64_t> end_ms = std::nullopt;
  bool is_lifted = false;
};

// T15. One for each trigger.
struct CoolingOff {
  int64_t payer_id = 0;
  int64_t end_ms = 0;
};

// T18. A gate that was passed; of the two periods the one that it names counts.
struct PassedGate {
  int64_t payer_id = 0;
  Period period = Period::kNone;
  absl::CivilDay day = {};
  absl::CivilMonth month = {};
};

// The token that is out for one payer, scope and period.
struct Confirmation {
  int64_t token = 0;
  absl::CivilDay day = {};
  absl::CivilMonth month = {};
  int64_t policy_version = 0;
  int64_t expire_time_ms = 0;
  int attempts_left = 0;
  bool is_completed = false;
};
using ConfirmationKey = std::tuple<int64_t, ConfirmationScope, Period>;

struct Streamer {
  StreamerFacts facts = {};  // observe_time_ms is set.
};

struct Session {
  int64_t streamer_id = 0;
  TierPolicy tier = {};  // As it was when the session was opened.
  int64_t open_time_ms = 0;
  absl::CivilDay open_day = {};
  std::optional<int64_t> close_time_ms = std::nullopt;
};

struct Refund {
  int64_t amount = 0;
  bool is_after_settlement = false;
};

// An accepted tip. At each moment: amount = released + refunds + what remains in its state.
struct Tip {
  TipRequest request = {};
  int64_t amount = 0;
  int64_t accept_time_ms = 0;
  absl::CivilDay day = {};  // Of acceptance: the periods it counts in.
  absl::CivilMonth month = {};
  std::vector<Reminder> reminders = {};
  bool enters_window = false;  // T15: the policy of its acceptance had a window.
  bool left_window = false;    // T15: 64 later ones were in it.
  bool is_paid_from_wallet = false;
  TipState state = TipState::kNone;
  int64_t expire_time_ms = 0;  // Of a held tip.

  int64_t released = 0;              // By void, expiry, or a capture of less.
  int64_t released_but_counted = 0;  // The part of it that the limits do not get back.
  std::vector<Refund> refunds = {};

  // Set when it becomes pending.
  int64_t settle_time_ms = 0;
  int64_t remorse_end_ms = 0;
  SharePolicy shares = {};
  int64_t agency_id = 0;
  std::set<std::string> freeze_cases = {};  // Of a frozen tip.

  // Set when it settles; of the first two shares the netted part is kept for what is owed.
  int64_t streamer_share = 0;
  int64_t agency_share = 0;
  int64_t platform_share = 0;
  int64_t streamer_netted = 0;
  int64_t agency_netted = 0;
};

// An accepted recharge.
struct Recharge {
  int64_t payer_id = 0;
  int64_t amount = 0;
  std::string app = {};
  absl::CivilDay day = {};  // Of the decision that counts it.
  absl::CivilMonth month = {};
  RechargeState state = RechargeState::kNone;
  int64_t expire_time_ms = 0;
  int64_t close_time_ms = 0;    // When it was captured or voided, or seen to have expired.
  bool adds_to_wallet = false;  // Captured where the wallet is managed.
  int64_t refunded = 0;
};

struct World {
  // The policy in force; there is none before the first activation.
  std::optional<Policy> policy = std::nullopt;
  std::optional<Calendar> calendar = std::nullopt;
  std::map<int64_t, Gift> gifts;

  std::map<int64_t, Payer> payers;
  std::map<int64_t, Streamer> streamers;
  std::map<int64_t, Session> sessions;

  // Accepted ones, in the order of acceptance, and where in it each is found. All of them, for
  // ever: that the gate's memory forgets some (rule L13) must not show.
  std::vector<Tip> tips = {};
  std::map<int64_t, std::size_t> tip_places;
  std::map<int64_t, std::vector<std::size_t>> tips_of_payer;
  std::map<int64_t, std::vector<std::size_t>> tips_of_session;
  std::map<int64_t, Recharge> recharges;
  std::map<int64_t, std::vector<int64_t>> recharges_of_payer;

  int64_t tips_rejected = 0;

  std::vector<Stop> stops;
  std::map<int64_t, Sanction> sanctions;
  std::vector<CoolingOff> cooling_offs;
  std::vector<PassedGate> passed_gates;
  std::map<ConfirmationKey, Confirmation> confirmations;
  std::map<int64_t, int64_t> manual_delays_ms;  // By streamer.
};

// What a tip asks of the rules. The amount need not be a multiple of the price: amount_max is
// searched with it.
struct TipQuestion {
  std::string app = {};
  int64_t payer_id = 0;
  int64_t streamer_id = 0;
  int64_t session_id = 0;
  int64_t gift_id = 0;
  int64_t unit_price = 0;
  int64_t amount = 0;
  // When the age is judged that a gate's limit depends on: a birthday is no cure. Left out: now.
  std::optional<int64_t> age_time_ms = std::nullopt;
};

}  // namespace tipgate::oracle
