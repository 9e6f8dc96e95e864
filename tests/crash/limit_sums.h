#pragma once

#include <cstdint>
#include <map>

#include "core/entry.h"
#include "tests/oracle/policy.h"

namespace tipgate::crash {

// Adds up what was accepted, straight from the records, by no rule of the gate and none of the
// oracle: sums of payers and sessions, of one local day. One thread.
class LimitSums {
 public:
  explicit LimitSums(const oracle::Policy& policy) : policy_(policy) {}

  void Add(const Entry& entry);

  // Records that passed a limit, took a tip of somebody unknown, or gave back more than was paid.
  int64_t over_limit_count() const { return over_limit_count_; }

 private:
  void AddTip(const TipRecord& tip);
  void AddChange(const TipChangeRecord& change, const Tip& after);

  const oracle::Policy policy_;
  std::map<PayerId, int64_t> payers_minor_;
  std::map<SessionId, int64_t> sessions_minor_;
  int64_t over_limit_count_ = 0;
};

}  // namespace tipgate::crash
