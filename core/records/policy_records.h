#pragma once

#include <cstdint>
#include <string>

#include "core/ids.h"
#include "core/inline_text.h"
#include "core/policy.h"
#include "core/records/intent.h"

namespace tipgate {

// A policy comes into force. Everything that is decided from here on is decided under it.
struct PolicyRecord {
  RecordId proposal;  // unset: it came from the gate's own file
  PolicyPtr policy;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.proposal, self.policy);
  }
};

// A gift catalogue comes into force.
struct CatalogRecord {
  Intent intent;    // empty, as the actor: it came from the gate's own file
  ActorName actor;  // who put it
  int32_t version = 0;
  GiftCatalogPtr catalog;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    self.intent.Fields(self.intent, visit);
    visit(self.actor, self.version, self.catalog);
  }
};

// Somebody proposes a policy. Its id is that of the record.
struct ProposalRecord {
  Intent intent;
  ActorName actor;
  std::string note;
  int64_t requested_time_ms = 0;  // when it is to come into force; 0: as soon as it is approved
  int32_t restored_version = 0;   // a rollback: the version whose content this is
  PolicyPtr policy;               // without a version

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    self.intent.Fields(self.intent, visit);
    visit(self.actor, self.note, self.requested_time_ms, self.restored_version, self.policy);
  }
};

// What becomes of a proposal before it comes into force. Stored; never renumber.
enum class ProposalStep : uint8_t {
  kApprove = 1,
  kWithdraw = 2,
  kFail = 3,  // its time has come, and it does not fit the journal any more: withdrawn
};
struct ProposalStepRecord {
  ProposalStep step{};
  Intent intent;  // empty, as the actor, for kFail, which nobody asked for
  ActorName actor;
  RecordId proposal;
  int64_t effective_time_ms = 0;  // kApprove: when it comes into force; not before this record

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.step);
    self.intent.Fields(self.intent, visit);
    visit(self.actor, self.proposal, self.effective_time_ms);
  }
};

}  // namespace tipgate
