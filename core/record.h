#pragma once

#include <cstdint>
#include <variant>

#include "core/age.h"
#include "core/calendar.h"
#include "core/decision.h"
#include "core/ids.h"
#include "core/inline_text.h"
#include "core/money.h"
#include "core/payer_controls.h"
#include "core/policy.h"
#include "core/recharge.h"

namespace tipgate {

// A stretch of one of the entry's pools (core/entry.h): what a record has several of.
template <typename T>
struct Slice {
  uint32_t begin = 0;
  uint32_t count = 0;
};

// Who sent a request, as authenticated; 0 is the one caller of a gate without authentication.
enum class CallerId : uint32_t {};

// The name of a request: what makes its repeat known.
struct Intent {
  CallerId caller{};
  IdempotencyKey key;
  int64_t create_time_ms = 0;  // 0: not told

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.caller, self.key, self.create_time_ms);
  }
};

// What a viewer asks for.
struct TipRequest {
  Intent intent;
  PayerId payer;
  StreamerId streamer;
  SessionId session;
  GiftId gift;
  Money unit_price;
  int32_t count = 0;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    self.intent.Fields(self.intent, visit);
    visit(self.payer, self.streamer, self.session, self.gift, self.unit_price, self.count);
  }

  // Cannot overflow: both factors are in their ranges.
  Money amount() const { return Money(unit_price.minor() * count); }
};

// Every record holds the request, what was decided, and the amounts moved. The order in Fields is
// the order on disk.

struct TipRecord {
  TipRequest request;
  Outcome outcome{};
  int32_t policy_version = 0;
  Money amount_max;
  int32_t count_max = 0;
  Money day_total;
  Money day_left;
  Money month_total;
  Money month_left;
  int64_t settle_delay_ms = 0;  // accepted: due at the entry's time plus this
  int64_t retry_time_ms = 0;
  int64_t cooling_off_end_ms = 0;  // of the cooling-off that this tip begins; 0: none
  bool enters_window = false;      // accepted: counts in the trailing windows of rule T15
  RecordId previous_of_payer;      // the tip before this one of the same payer, streamer, session;
                                   // unset: none, or
  RecordId previous_of_streamer;   // the payer, streamer or session is unknown
  RecordId previous_of_session;
  Slice<Violation> violations;
  Slice<Reminder> reminders;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    self.request.Fields(self.request, visit);
    visit(self.outcome, self.policy_version, self.amount_max, self.count_max, self.day_total,
          self.day_left, self.month_total, self.month_left, self.settle_delay_ms,
          self.retry_time_ms, self.cooling_off_end_ms, self.enters_window, self.previous_of_payer,
          self.previous_of_streamer, self.previous_of_session, self.violations, self.reminders);
  }
};

// Stored; never renumber.
enum class RechargeAction : uint8_t { kAuthorize = 1, kCapture = 2, kVoid = 3, kExpire = 4 };

struct RechargeRecord {
  RechargeAction action{};
  Intent intent;      // empty for kExpire, which nobody asked for
  RecordId recharge;  // unset for kAuthorize: the record itself is the id
  PayerId payer;
  Money amount;
  int64_t hold_ms = 0;  // kAuthorize: as asked for; 0: the policy's
  Outcome outcome{};
  int32_t policy_version = 0;
  RechargeState state{};  // after this
  Day counted_day{};  // the periods whose totals this enters (kAuthorize, late kCapture) or leaves
                      // (kVoid, kExpire)
  Month counted_month{};
  Money amount_max;
  Money day_total;
  Money day_left;
  Money month_total;
  Money month_left;
  int64_t expire_time_ms = 0;
  int64_t retry_time_ms = 0;
  bool is_late = false;  // kCapture: came after the expiry
  Slice<Violation> violations;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.action);
    self.intent.Fields(self.intent, visit);
    visit(self.recharge, self.payer, self.amount, self.hold_ms, self.outcome, self.policy_version,
          self.state, self.counted_day, self.counted_month, self.amount_max, self.day_total,
          self.day_left, self.month_total, self.month_left, self.expire_time_ms, self.retry_time_ms,
          self.is_late, self.violations);
  }
};

struct PayerRecord {
  Intent intent;
  PayerId payer;
  bool is_verified = false;
  Age age;
  bool has_guardian_consent = false;
  bool has_youth_mode = false;
  TierName tier;  // of the policy's payer tiers; empty: none
  PayerLimits guardian;
  PayerLimits risk;
  SourceName source;
  int64_t requested_observe_time_ms = 0;  // as asked for; 0: not told
  int64_t observe_time_ms = 0;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    self.intent.Fields(self.intent, visit);
    visit(self.payer, self.is_verified);
    self.age.Fields(self.age, visit);
    visit(self.has_guardian_consent, self.has_youth_mode, self.tier);
    self.guardian.Fields(self.guardian, visit);
    self.risk.Fields(self.risk, visit);
    visit(self.source, self.requested_observe_time_ms, self.observe_time_ms);
  }
};

struct StreamerRecord {
  Intent intent;
  StreamerId streamer;
  bool is_verified = false;
  Age age;
  bool has_guardian_consent = false;
  TierName tier;
  AgencyId agency;
  PayerId payer;
  SourceName source;
  int64_t requested_observe_time_ms = 0;
  int64_t observe_time_ms = 0;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    self.intent.Fields(self.intent, visit);
    visit(self.streamer, self.is_verified);
    self.age.Fields(self.age, visit);
    visit(self.has_guardian_consent, self.tier, self.agency, self.payer, self.source,
          self.requested_observe_time_ms, self.observe_time_ms);
  }
};

// Stored; never renumber.
enum class SessionAction : uint8_t { kOpen = 1, kClose = 2 };

struct SessionRecord {
  SessionAction action{};
  Intent intent;
  SessionId session;
  StreamerId streamer;
  Outcome outcome{};
  int32_t policy_version = 0;
  TierName tier;
  int64_t open_time_ms = 0;
  int64_t max_end_time_ms = 0;
  Money received;
  Money received_max;
  int64_t retry_time_ms = 0;
  Slice<Violation> violations;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.action);
    self.intent.Fields(self.intent, visit);
    visit(self.session, self.streamer, self.outcome, self.policy_version, self.tier,
          self.open_time_ms, self.max_end_time_ms, self.received, self.received_max,
          self.retry_time_ms, self.violations);
  }
};

// What one streamer gets in a settlement.
struct SettlementShare {
  StreamerId streamer;
  Money amount;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.streamer, self.amount);
  }
};

// Every accepted tip of one delay in the entries first_sequence .. last_sequence is settled.
struct SettlementRecord {
  int64_t delay_ms = 0;
  int64_t first_sequence = 0;
  int64_t last_sequence = 0;
  int64_t last_time_ms = 0;  // of the last entry; due at this plus the delay
  int64_t tips_count = 0;
  Money amount;
  Slice<SettlementShare> shares;  // one a streamer, ascending

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.delay_ms, self.first_sequence, self.last_sequence, self.last_time_ms,
          self.tips_count, self.amount, self.shares);
  }
};

// A payer pauses or excludes themself.
struct PauseRecord {
  Intent intent;
  PayerId payer;
  int64_t duration_ms = 0;
  int64_t end_time_ms = 0;  // after this; never before that of an earlier pause

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    self.intent.Fields(self.intent, visit);
    visit(self.payer, self.duration_ms, self.end_time_ms);
  }
};

// What a payer wants for one of their own limits. Stored; never renumber.
enum class LimitChangeKind : uint8_t { kKeep = 0, kSet = 1, kRemove = 2, kWithdrawRaise = 3 };
struct LimitChange {
  LimitChangeKind kind = LimitChangeKind::kKeep;
  Money amount{};  // of kSet

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.kind, self.amount);
  }

  friend bool operator==(const LimitChange&, const LimitChange&) = default;
};

// A payer changes their own limits.
struct SelfLimitsRecord {
  Intent intent;
  PayerId payer;
  LimitChange tip_max_change;
  LimitChange day_limit_change;
  LimitChange month_limit_change;
  ConfirmationToken token;  // for a raise; may be empty
  Outcome outcome{};
  bool uses_confirmation = false;  // accepted: there was a raise, and the token is used up
  SelfLimit tip_max;               // after this
  SelfLimit day_limit;
  SelfLimit month_limit;
  Slice<Violation> violations;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    self.intent.Fields(self.intent, visit);
    visit(self.payer);
    self.tip_max_change.Fields(self.tip_max_change, visit);
    self.day_limit_change.Fields(self.day_limit_change, visit);
    self.month_limit_change.Fields(self.month_limit_change, visit);
    visit(self.token, self.outcome, self.uses_confirmation);
    self.tip_max.Fields(self.tip_max, visit);
    self.day_limit.Fields(self.day_limit, visit);
    self.month_limit.Fields(self.month_limit, visit);
    visit(self.violations);
  }
};

// Stored; never renumber.
enum class ConfirmationAction : uint8_t { kStart = 1, kComplete = 2 };

// A confirmation begins, or comes to its end.
struct ConfirmationRecord {
  ConfirmationAction action{};
  Intent intent;
  PayerId payer;
  ConfirmationScope scope{};
  ConfirmationToken token;  // kStart: drawn for it; kComplete: as presented
  ProofName proof;          // kComplete
  Outcome outcome{};
  ConfirmationRefusal refusal = ConfirmationRefusal::kNone;
  int32_t policy_version = 0;
  int32_t attempts_left = 0;
  int64_t expire_time_ms = 0;  // kStart

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.action);
    self.intent.Fields(self.intent, visit);
    visit(self.payer, self.scope, self.token, self.proof, self.outcome, self.refusal,
          self.policy_version, self.attempts_left, self.expire_time_ms);
  }
};

// Staff let a payer cool off.
struct CoolingOffRecord {
  Intent intent;
  ActorName actor;
  PayerId payer;
  int64_t duration_ms = 0;
  int64_t end_time_ms = 0;  // after this; never before that of one in force

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    self.intent.Fields(self.intent, visit);
    visit(self.actor, self.payer, self.duration_ms, self.end_time_ms);
  }
};

// Stored; never renumber.
enum class FreezeAction : uint8_t { kFreeze = 1, kUnfreeze = 2 };

// A payer is frozen for a case, or one of two people agrees to end it.
struct PayerFreezeRecord {
  FreezeAction action{};
  Intent intent;
  ActorName actor;
  PayerId payer;
  CaseName case_name;
  bool is_frozen = false;    // after this
  ActorName first_approver;  // of the unfreezing, after this; empty: none

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.action);
    self.intent.Fields(self.intent, visit);
    visit(self.actor, self.payer, self.case_name, self.is_frozen, self.first_approver);
  }
};

struct PolicyRecord {
  PolicyPtr policy;
};

struct CatalogRecord {
  GiftCatalogPtr catalog;
};

// The index of each alternative is stored as the record's kind; append only.
using Record =
    std::variant<TipRecord, RechargeRecord, PayerRecord, StreamerRecord, SessionRecord,
                 SettlementRecord, PolicyRecord, CatalogRecord, PauseRecord, SelfLimitsRecord,
                 ConfirmationRecord, CoolingOffRecord, PayerFreezeRecord>;

// Who asked for a record and with which key, or null for those that nobody asked for.
const Intent* IntentOf(const Record& record);

}  // namespace tipgate
