#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/entry.h"
#include "core/journal.h"
#include "tests/crash/wish.h"
#include "tests/oracle/oracle.h"

namespace tipgate::crash {

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

  // An entry of a journal that is read from its beginning: one that is known must be as it was,
  // another one is added.
  bool Meet(const Entry& entry, const ChainHash& hash);

  // The entries of a journal after a restart: none that is known may be missing.
  bool Recover(const std::vector<Entry>& entries, const std::vector<ChainHash>& hashes);

  // The record that a key named; unset if none did.
  RecordId Find(const std::string& key) const;

  int64_t entries_count() const { return static_cast<int64_t>(hashes_.size()); }
  int64_t records_count() const { return static_cast<int64_t>(records_.size()); }
  oracle::Oracle& oracle() { return oracle_; }
  const std::string& fault() const { return fault_; }

 private:
  bool AddRecord(const differ::RecordPlace& place);
  // What an order about many tips does to one of them: the oracle does it to that one, once.
  bool AddStep(const differ::RecordPlace& place, const TipChangeRecord& change);
  std::string CompareStep(const differ::RecordPlace& place, const TipChangeRecord& change,
                          const std::string& key);
  bool Fail(std::string fault);

  const oracle::Policy policy_;
  const std::vector<oracle::Gift> gifts_;
  oracle::Oracle oracle_;
  bool has_policy_ = false;
  bool has_gifts_ = false;
  std::map<std::string, const Wish*> wishes_;
  std::map<std::string, RecordId> records_;
  std::map<RecordId, std::string> cases_;  // of orders
  std::vector<ChainHash> hashes_;
  std::string fault_;
};

}  // namespace tipgate::crash
