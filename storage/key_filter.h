#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "core/hash128.h"
#include "core/ids.h"

namespace tipgate {

// An idempotency key, and the record that it named.
struct KeyRow {
  Hash128 key;
  RecordId record;
};

// Tells of nearly all keys that are not in the index that they are not, for the price of a line of
// memory or a few instead of a search through RocksDB.
//
// Split block Bloom filters (Apache Parquet describes them): a key sets one bit in each of the
// eight words of one block. With the 16 bits a key that the parts are made for, one new key in 60
// is taken for a known one; with 8 bits, one in three. No known key is ever taken for a new one.
// Parts follow each other in time, so that one whose keys are all forgotten can begin anew. Where
// there is none, the two neighbours in time with the fewest keys become one: all parts fill up
// alike.
//
// MayContain and Prefetch: any thread, without a lock. Add: any thread.
class KeyFilter {
 public:
  static constexpr size_t kPartsCount = 8;

  // `bytes_max`: of all parts, at least one block each. A part takes its memory when it begins.
  explicit KeyFilter(int64_t bytes_max);
  ~KeyFilter();

  // Asks for the memory that MayContain will read.
  void Prefetch(const Hash128& key) const;

  // False: the key was never added, or is forgotten.
  bool MayContain(const Hash128& key) const;

  // Whoever learns of this call afterwards finds the keys. Records of entries before
  // `forget_before` are forgotten.
  void Add(absl::Span<const KeyRow> rows, int64_t forget_before);

  // Of the parts that have begun.
  int64_t bytes() const;

 private:
  class Block;
  struct Part {
    std::atomic<Block*> blocks{nullptr};  // never goes before the filter does: readers hold no lock
    int64_t keys_count = 0;
    int64_t last_sequence = 0;  // the newest entry that a key is of
  };

  size_t BlockOf(const Hash128& key) const;
  bool IsFull(const Part& part) const { return part.keys_count >= part_keys_max_; }
  // Of a part that has nothing to remember.
  size_t FreePart(int64_t forget_before) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  size_t MergeParts() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Begin(Part* part) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const size_t part_blocks_;
  const int64_t part_keys_max_;
  absl::Mutex mutex_;                    // of those who add
  std::array<Part, kPartsCount> parts_;  // they begin in order
  // How often keys went from a part to another, which a reader may have passed already.
  std::atomic<int64_t> merges_count_{0};
  size_t current_ ABSL_GUARDED_BY(mutex_) = 0;  // takes what is added
};

}  // namespace tipgate
