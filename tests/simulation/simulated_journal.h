#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "core/journal.h"
#include "storage/entry_codec.h"
#include "tests/simulation/simulated_disk.h"
#include "tests/support/memory_journal.h"

namespace tipgate::simulation {

// A journal on a simulated disk: entries as they are stored in the real one, each behind its size,
// one sync each. The process may die before, between and after. One thread.
class SimulatedJournal final : public Journal {
 public:
  // Told of each entry that is durable, before anybody else.
  using DurableListener = std::function<void(const Entry& entry, const ChainHash& hash)>;
  // Called while something takes long; may throw Death.
  using SlowListener = std::function<void()>;

  // What stands on the disk, up to the first entry that is not whole; what follows that is cut off.
  static absl::StatusOr<std::unique_ptr<SimulatedJournal>> Open(SimulatedDisk* disk, Faults* faults,
                                                                DurableListener on_durable,
                                                                SlowListener on_slow);

  absl::StatusOr<int64_t> Claim() override;
  absl::Status Append(const Entry& entry) override;
  JournalHead Head() const override;
  absl::Status Read(int64_t sequence, Entry* entry) const override;
  std::unique_ptr<JournalReader> ReadFrom(int64_t first_sequence) const override;

  const std::vector<Entry>& entries() { return memory_.entries(); }
  // Of each entry.
  const std::vector<ChainHash>& hashes() const { return hashes_; }

 private:
  SimulatedJournal(SimulatedDisk* disk, Faults* faults, DurableListener on_durable,
                   SlowListener on_slow)
      : disk_(*disk),
        faults_(*faults),
        on_durable_(std::move(on_durable)),
        on_slow_(std::move(on_slow)) {}

  // The size of the entries that are whole.
  size_t Load(const std::string& bytes);
  void Remember(const Entry& entry, const ChainHash& hash);

  SimulatedDisk& disk_;
  Faults& faults_;
  const DurableListener on_durable_;
  const SlowListener on_slow_;
  EntryEncoder encoder_;
  MemoryJournal memory_;
  std::vector<ChainHash> hashes_;
  int64_t term_ = 0;
  absl::Status failure_;  // the first: nothing is written after it
};

}  // namespace tipgate::simulation
