#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <vector>

#include "core/journal.h"

namespace tipgate {

// A journal in memory; its "hash" is a fingerprint, good enough to tell entries apart. One thread.
class MemoryJournal final : public Journal {
 public:
  absl::StatusOr<int64_t> Claim() override { return ++term_; }
  absl::Status Append(const Entry& entry) override;
  JournalHead Head() const override;
  absl::Status Read(int64_t sequence, Entry* entry) const override;
  std::unique_ptr<JournalReader> ReadFrom(int64_t first_sequence) const override;

  // For damage: the entries themselves, entry 1 first.
  std::vector<Entry>& entries() { return entries_; }
  // From here on the entry cannot be read.
  void Spoil(int64_t sequence) { spoiled_.insert(sequence); }
  // How often an entry was read.
  int64_t reads_count() const { return reads_count_; }

 private:
  int64_t term_ = 0;
  std::vector<Entry> entries_;
  std::set<int64_t> spoiled_;
  mutable int64_t reads_count_ = 0;
};

}  // namespace tipgate
