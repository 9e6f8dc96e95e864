#pragma once

#include <cstdint>
#include <type_traits>

#include "core/ids.h"
#include "core/inline_text.h"
#include "core/money.h"

namespace tipgate {

// What is done to many tips at once. Stored; never renumber.
enum class IncomeAction : uint8_t {
  kFreeze = 1,   // pending tips no longer settle
  kRelease = 2,  // frozen ones are pending again, unless another case holds them
  kRefund = 3,   // money of pending, frozen and settled ones goes back
};

// Which tips. Stored; never renumber.
enum class IncomeScopeKind : uint8_t {
  kTip = 1,
  kSession = 2,
  kStreamer = 3,
  kAgency = 4,
  kCase = 5,  // all that it has frozen
  kPayer = 6,
  kEverything = 7,  // of a stretch of time
};

struct IncomeScope {
  IncomeScopeKind kind{};
  int64_t id = 0;             // of the kind; 0 for kCase, which the job names, and kEverything
  int64_t start_time_ms = 0;  // accepted then or later
  int64_t end_time_ms = 0;    // accepted before; 0: whenever

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.kind, self.id, self.start_time_ms, self.end_time_ms);
  }

  friend bool operator==(const IncomeScope&, const IncomeScope&) = default;
};

// Why it is done: a reference into the platform's own files, and a reason in words.
struct CaseNote {
  CaseName case_name;
  ReasonText reason;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.case_name, self.reason);
  }

  friend bool operator==(const CaseNote&, const CaseNote&) = default;
};

// One order about many tips, which is carried out in steps. Its id is the record that gave it.
struct IncomeJob {
  RecordId id;
  IncomeAction action{};
  IncomeScope scope;
  int32_t permille = 0;  // of a refund: of what each tip was captured with
  ActorName actor;
  CaseNote note;
  bool is_in_journal = false;  // it looks through the journal, or still at the list of frozen tips
  RecordId next;               // where it goes on: a record, or a frozen tip
  RecordId journal_begin;      // where it looks in the journal: from here on
  RecordId end;                // before this
  int64_t tips_count = 0;
  int64_t skipped_count = 0;  // which it could not change
  Money amount;
  int64_t frozen_count = 0;  // tips that it holds back now
  int64_t start_time_ms = 0;
  int64_t done_time_ms = 0;  // 0: is not done
  RecordId changed;
  bool is_dirty = false;  // not stored

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.id, self.action);
    self.scope.Fields(self.scope, visit);
    visit(self.permille, self.actor);
    self.note.Fields(self.note, visit);
    visit(self.is_in_journal, self.next, self.journal_begin, self.end, self.tips_count,
          self.skipped_count, self.amount, self.frozen_count, self.start_time_ms, self.done_time_ms,
          self.changed);
  }

  bool is_done() const { return done_time_ms != 0; }
  // A freeze looks at what is frozen already, and then at what is not.
  bool is_about_frozen_tips() const {
    return action != IncomeAction::kRefund || scope.kind == IncomeScopeKind::kCase;
  }
  bool is_about_journal() const {
    return action != IncomeAction::kRelease && scope.kind != IncomeScopeKind::kCase;
  }
};

static_assert(std::is_trivially_copyable_v<IncomeJob>);

// The most tips that one step of a job looks at, so that tips between two steps need not wait.
inline constexpr int64_t kIncomeStepMax = 128;

// A job that is done and holds nothing back is forgotten after this time.
inline constexpr int64_t kIncomeJobMemoryMs = int64_t{31} * 24 * 3600 * 1000;

}  // namespace tipgate
