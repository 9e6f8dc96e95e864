#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/entry.h"
#include "core/journal.h"
#include "core/sequencer.h"
#include "tests/simulation/judge.h"

namespace tipgate::simulation {

// All that is durable: the truth that answers, restarts and state are held against. It outlives
// every process. The judge follows behind, as answers leave: so it stands at each answer where the
// gate stood when it decided.
class History {
 public:
  History(const oracle::Policy& policy, std::vector<oracle::Gift> gifts, int64_t key_retention_ms)
      : judge_(policy, std::move(gifts), key_retention_ms) {}

  // The next entry is durable. False if a promise is broken: fault() says which.
  bool Add(const Entry& entry, const ChainHash& hash);

  // The entries of a journal after a restart: those that are known must stand there as they were,
  // the others are added.
  bool Recover(const std::vector<Entry>& entries, const std::vector<ChainHash>& hashes);

  // The answer to a command leaves, after those that were decided before it: judges all up to it.
  bool Follow(const Batch& batch, const Command& command);

  // No answers come any more: judges all that is durable.
  bool FollowAll();

  // The record that a key named; unset if none did.
  RecordId Find(const std::string& key) const;

  int64_t entries_count() const { return static_cast<int64_t>(hashes_.size()); }
  Judge& judge() { return judge_; }
  const std::string& fault() const { return fault_; }

 private:
  bool JudgeNext();
  bool JudgeEntriesBefore(int64_t sequence);
  bool Fail(std::string fault);

  Judge judge_;
  std::map<std::string, RecordId> keys_;
  std::vector<ChainHash> hashes_;
  std::deque<Entry> waiting_;  // durable, and not judged to their ends
  size_t position_ = 0;        // in the first of them
  std::string fault_;
};

}  // namespace tipgate::simulation
