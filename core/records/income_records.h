#pragma once

#include <cstdint>

#include "core/ids.h"
#include "core/income_job.h"
#include "core/money.h"
#include "core/records/intent.h"

namespace tipgate {

// Staff give an order about many tips.
struct IncomeJobRecord {
  IncomeAction action{};
  Intent intent;
  ActorName actor;
  IncomeScope scope;
  int32_t permille = 0;    // of kRefund
  Slice<CaseNote> note;    // one
  RecordId journal_begin;  // where it looks in the journal: from here on
  RecordId end;            // before this

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.action);
    self.intent.Fields(self.intent, visit);
    visit(self.actor);
    self.scope.Fields(self.scope, visit);
    visit(self.permille, self.note, self.journal_begin, self.end);
  }
};

// A step of it is done: the records of the tips stand before this one.
struct IncomeStepRecord {
  RecordId job;
  bool is_in_journal = false;  // where it goes on, as in IncomeJob
  RecordId next;
  int64_t tips_count = 0;
  int64_t skipped_count = 0;
  Money amount;
  bool is_done = false;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.job, self.is_in_journal, self.next, self.tips_count, self.skipped_count, self.amount,
          self.is_done);
  }
};

// Staff hold a streamer's later income back for longer.
struct ManualDelayRecord {
  Intent intent;
  ActorName actor;
  StreamerId streamer;
  int64_t delay_ms = 0;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    self.intent.Fields(self.intent, visit);
    visit(self.actor, self.streamer, self.delay_ms);
  }
};

}  // namespace tipgate
