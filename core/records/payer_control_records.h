#pragma once

#include <cstdint>

#include "core/confirmation.h"
#include "core/decision.h"
#include "core/ids.h"
#include "core/inline_text.h"
#include "core/money.h"
#include "core/payer_controls.h"
#include "core/records/intent.h"

namespace tipgate {

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

// What a payer wants of a preference. Stored; never renumber.
enum class SwitchChange : uint8_t { kKeep = 0, kOn = 1, kOff = 2 };

// A payer changes their preferences.
struct PreferencesRecord {
  Intent intent;
  PayerId payer;
  SwitchChange reminders_change{};
  SwitchChange public_display_change{};
  ConfirmationToken token;  // to switch reminders off; may be empty
  Outcome outcome{};
  bool uses_confirmation = false;  // accepted: reminders go off, and the token is used up
  bool has_reminders_off = false;  // after this
  bool allows_public_display = false;
  Slice<Violation> violations;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    self.intent.Fields(self.intent, visit);
    visit(self.payer, self.reminders_change, self.public_display_change, self.token, self.outcome,
          self.uses_confirmation, self.has_reminders_off, self.allows_public_display,
          self.violations);
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
  bool is_frozen = false;    // after this, for whatever case
  ActorName first_approver;  // of the unfreezing for this case, after this; empty: none

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.action);
    self.intent.Fields(self.intent, visit);
    visit(self.actor, self.payer, self.case_name, self.is_frozen, self.first_approver);
  }
};

}  // namespace tipgate
