#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/entry.h"
#include "core/journal.h"
#include "tests/oracle/oracle.h"
#include "tests/simulation/wish.h"

namespace tipgate::simulation {

// All that is durable, and what the oracle says to it: the truth that answers, restarts and state
// are held against. It outlives every process.
class History {
 public:
  History(const oracle::Policy& policy, std::vector<oracle::Gift> gifts, int64_t key_retention_ms)
      : policy_(policy), gifts_(std::move(gifts)), oracle_(key_retention_ms) {}

  // Before the wish is sent for the first time; outlives this.
  void Expect(const Wish* wish) { wishes_[wish->key()] = wish; }

  // The next entry. False if a promise is broken: fault() says which.
  bool Add(const Entry& entry, const ChainHash& hash);

  // The entries of a journal after a restart: those that are known must stand there as they were,
  // the others are added.
  bool Recover(const std::vector<Entry>& entries, const std::vector<ChainHash>& hashes);

  // The record that a key named; unset if none did.
  RecordId Find(const std::string& key) const;

  int64_t entries_count() const { return static_cast<int64_t>(hashes_.size()); }
  int64_t records_count() const { return static_cast<int64_t>(records_.size()); }
  oracle::Oracle& oracle() { return oracle_; }
  const std::string& fault() const { return fault_; }

 private:
  bool AddRecord(const differ::RecordPlace& place);
  bool Fail(std::string fault);

  const oracle::Policy policy_;
  const std::vector<oracle::Gift> gifts_;
  oracle::Oracle oracle_;
  std::map<std::string, const Wish*> wishes_;
  std::map<std::string, RecordId> records_;
  std::vector<ChainHash> hashes_;
  std::string fault_;
};

}  // namespace tipgate::simulation
