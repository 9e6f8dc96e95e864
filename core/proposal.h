#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/inline_text.h"
#include "core/policy.h"

namespace tipgate {

// Where a policy stands in its life; the values are those of tipgate.v1.PolicyState. Stored; never
// renumber.
enum class ProposalState : uint8_t {
  kProposed = 1,    // waits for a second person
  kApproved = 2,    // waits for its effective time
  kActive = 3,      // in force
  kSuperseded = 4,  // was in force
  kWithdrawn = 5,   // never came into force, and never will
};

// One policy that somebody proposed, or that came from the gate's own file, and what became of it.
struct Proposal {
  RecordId id;  // the record that holds the policy
  ProposalState state{};
  int32_t version = 0;           // 0 until it comes into force
  int32_t restored_version = 0;  // a rollback: the version whose content this is
  ActorName proposer;            // empty: nobody, it came from the file
  ActorName approver;
  ActorName withdrawer;  // empty for one that did not fit when its time had come
  int64_t propose_time_ms = 0;
  int64_t approve_time_ms = 0;
  int64_t effective_time_ms = 0;  // when it comes into force; 0: as soon as it is approved
  int64_t activate_time_ms = 0;
  int64_t end_time_ms = 0;  // when it was superseded or withdrawn
  std::string note;
  PolicyPtr policy;  // while it is open; no field: stored state names the record that holds it

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.id, self.state, self.version, self.restored_version, self.proposer, self.approver,
          self.withdrawer, self.propose_time_ms, self.approve_time_ms, self.effective_time_ms,
          self.activate_time_ms, self.end_time_ms, self.note);
  }

  // True while it may still come into force.
  bool is_open() const {
    return state == ProposalState::kProposed || state == ProposalState::kApproved;
  }
};

// The policies of a gate: those that wait, the one in force, those that were; and how often the
// gift catalogue was replaced.
//
// Invariants: at most one is active; at most kOpenMax are open; at most kKeptMax are kept, of which
// the oldest closed one gives way. Older ones stand in the journal alone.
struct PolicyBook {
  static constexpr size_t kOpenMax = 64;
  static constexpr size_t kKeptMax = 1'024;

  std::vector<Proposal> proposals;  // ascending by id
  int32_t gifts_version = 0;
  ActorName gifts_actor;  // who put the catalogue; empty: it came from the file
  RecordId changed;
  bool is_dirty = false;  // not stored
  // When the next one comes into force; INT64_MAX: none is approved. Not stored: NoteNextActivation
  // finds it.
  int64_t next_activation_ms = INT64_MAX;

  template <class Self, class Visitor>
  static void Fields(Self& self, Visitor& visit) {
    visit(self.proposals, self.gifts_version, self.gifts_actor, self.changed);
  }

  // Null if it is not kept.
  const Proposal* Find(RecordId id) const;
  Proposal* Find(RecordId id);
  const Proposal* FindVersion(int32_t version) const;
  // The one in force; null before the first.
  const Proposal* active() const;
  Proposal* active();

  size_t open_count() const;

  void NoteNextActivation();

  // Adds one with a new id, which is the highest.
  Proposal& Add(RecordId id);
};

}  // namespace tipgate
