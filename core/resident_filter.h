#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "core/ids.h"

namespace tipgate {

// Which payers are probably in memory, as other threads may ask without a lock, so that those who
// are cost no read of the store. It may be wrong either way: one who seems cold costs a read in
// vain, one who seems resident is missed by the sequencer, which asks for them.
//
// Buckets of four tags, each of 16 bits of the id's hash; a full bucket forgets one. Insert, Erase
// and SetHasCold: the sequencer's thread; the rest: any thread.
class ResidentFilter {
 public:
  // About as many as are in it at a time.
  explicit ResidentFilter(int64_t payers_max);

  void Insert(PayerId id);
  void Erase(PayerId id);
  bool MayContain(PayerId id) const;

  // While nobody is cold, nobody needs to be looked up.
  void SetHasCold(bool has_cold) { has_cold_.store(has_cold, std::memory_order_relaxed); }
  bool has_cold() const { return has_cold_.load(std::memory_order_relaxed); }

 private:
  struct Place {
    size_t bucket = 0;
    uint64_t tag = 0;  // never 0, which is a free lane
  };

  Place PlaceOf(PayerId id) const;

  size_t mask_ = 0;
  std::unique_ptr<std::atomic<uint64_t>[]> buckets_;
  std::atomic<bool> has_cold_{false};
};

}  // namespace tipgate
