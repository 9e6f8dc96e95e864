#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tests/differ/gate.h"
#include "tests/differ/observations.h"
#include "tests/differ/operation.h"
#include "tests/differ/text.h"
#include "tests/oracle/oracle.h"

namespace tipgate::differ {

// Agencies that streamers may be of: 1 .. 2.
inline constexpr int64_t kAgenciesCount = 2;

// Who takes part, and how much of everything there is. Ids are 1 .. count.
struct Cast {
  int64_t payers_count = 0;
  int64_t streamers_count = 0;
  int64_t payers_resident_max = 0;  // in the gate's memory; the others are cold
};

// The gate and the oracle, fed with the same steps. The first difference is kept, and ends it.
class Duel {
 public:
  // Gift 1 is on sale for 1 fen.
  Duel(const Cast& cast, const oracle::Policy& policy, int64_t key_retention_ms);

  // Does one step to both. False from the first difference on.
  bool Do(const Step& step);

  // What must hold at the end: all views agree, the journal verifies, a restart changes nothing.
  bool Finish();

  // The first difference; empty if there is none.
  const std::string& difference() const { return difference_; }

  Gate& gate() { return gate_; }
  oracle::Oracle& oracle() { return oracle_; }
  Observations& observations() { return observations_; }
  const Observations& observations() const { return observations_; }
  int64_t now_ms() const { return gate_.core().now_ms; }

  // For operations.

  template <HasFields Result>
  void Compare(const std::string& what, const Result& of_gate, const Result& of_oracle) {
    observations_.Count(of_gate);
    if (!IsSame(of_gate, of_oracle)) Note(what + "\n" + DifferenceText(of_gate, of_oracle));
  }
  // Something that must hold does not.
  void Note(const std::string& difference) {
    if (difference_.empty()) difference_ = difference;
  }
  // Proposes and approves a policy that comes into force at `time_ms`, or at once if that is past.
  void ApprovePolicy(const oracle::Policy& policy, int64_t time_ms);
  // Withdraws the one approved last, if one waits.
  void WithdrawPolicy();
  // All views of everybody.
  void CompareViews();
  // Dies, starts again, and is as before.
  void Restart();
  // Of the step that is being done.
  void NoteId(int64_t id) { observations_.NoteId(step_number_, id); }

 private:
  // Waits for its time: the oracle knows only policies that are in force.
  struct ApprovedPolicy {
    int64_t time_ms = 0;
    RecordId proposal;
    oracle::Policy policy;

    bool operator<(const ApprovedPolicy& other) const {
      return std::pair(time_ms, proposal) < std::pair(other.time_ms, other.proposal);
    }
  };

  void ActivatePolicies();
  void LetTimePass();

  const Cast cast_;
  Gate gate_;
  oracle::Oracle oracle_;
  Observations observations_;
  std::vector<ApprovedPolicy> approved_;
  int step_number_ = 0;
  std::string difference_;
};

}  // namespace tipgate::differ
