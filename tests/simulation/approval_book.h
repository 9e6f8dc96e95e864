#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "core/records/policy_records.h"
#include "tests/oracle/policy.h"

namespace tipgate::simulation {

// The policies that wait: one comes into force at its time, before anything that is decided later,
// if two people have agreed on it, and then once.
class ApprovalBook {
 public:
  void Propose(RecordId id, const ProposalRecord& record, const oracle::Policy& policy);

  // What is wrong with the approval or the withdrawal of one; empty: nothing.
  std::string Step(const ProposalStepRecord& step, int64_t time_ms);

  // One comes into force. Nothing if it should not.
  struct Active {
    oracle::Policy policy;
    int64_t effective_time_ms = 0;
  };
  std::optional<Active> Activate(const PolicyRecord& record, int64_t time_ms);

  // True if one should be in force that is not.
  bool HasDue(int64_t time_ms) const;

 private:
  struct Proposal {
    ActorName proposer;
    int64_t requested_time_ms = 0;
    oracle::Policy policy;
    std::optional<int64_t> effective_time_ms;  // once it is approved
  };

  std::map<RecordId, Proposal> proposals_;  // that wait
};

}  // namespace tipgate::simulation
