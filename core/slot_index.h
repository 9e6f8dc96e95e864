#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "core/check.h"
#include "core/chunks.h"
#include "core/prefetch.h"

namespace tipgate {

// Finds slots of a table by the hash of what stands in them: about 10 bytes a slot.
//
// Linear hashing (Litwin 1980). A bucket is one cache line; whenever there are more than
// kBucketLoad slots a bucket, the next bucket in order is split in two, so growth never stalls,
// however large the table is. What does not fit a bucket stands in lines that are chained to it.
// Only tags stand here, no hashes: who asks says whether a slot is the right one. Does not shrink.
class SlotIndex {
 public:
  // A hash of an id: every bit of it depends on every bit of the id.
  static uint64_t HashOf(int64_t id) {
    __extension__ using Wide = unsigned __int128;
    const Wide product =
        static_cast<Wide>(static_cast<uint64_t>(id) ^ 0x243f6a8885a308d3) * 0x9e3779b97f4a7c15;
    return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
  }

  static constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();

  // The slot with that hash of which `is_it` is true, or kNone.
  template <typename IsIt>
  uint32_t Find(uint64_t hash, IsIt is_it) const {
    const uint8_t tag = TagOf(hash);
    for (const Line* line = &buckets_[BucketOf(hash)];; line = &overflow_[line->next]) {
      for (uint64_t places = line->PlacesOf(tag); places != 0; places &= places - 1) {
        const uint32_t slot = line->slots[Line::FirstOf(places)];
        if (is_it(slot)) [[likely]]
          return slot;
      }
      if (line->next == 0) [[likely]]
        return kNone;
    }
  }

  // A hint that this hash will be looked for soon.
  void Prefetch(uint64_t hash) const { PrefetchLine(&buckets_[BucketOf(hash)]); }

  // Adds a slot that is not there. `hash_of` tells the hashes of slots that are.
  template <typename HashOfSlot>
  void Insert(uint64_t hash, uint32_t slot, HashOfSlot hash_of) {
    if (size_ >= uint64_t{buckets_.size()} * kBucketLoad) Split(hash_of);
    Put(hash, slot);
    ++size_;
  }

  // Takes away a slot that is there.
  void Erase(uint64_t hash, uint32_t slot);

  SlotIndex();

 private:
  // Of 12 places on average; so few lines are full, even among the buckets that wait for their
  // split.
  static constexpr uint32_t kBucketLoad = 7;

  // One cache line. A tag of 0 says that the place is free.
  struct alignas(kCacheLineBytes) Line {
    static constexpr size_t kPlaces = 12;

    std::array<uint8_t, kPlaces> tags{};
    uint32_t next = 0;  // in overflow_; 0: none
    std::array<uint32_t, kPlaces> slots;

    // The places that have this tag, as a set for FirstOf.
    uint64_t PlacesOf(uint8_t tag) const {
      const uint64_t pattern = uint64_t{tag} * 0x0101010101010101;
      uint64_t first = 0;  // tags 0 .. 7
      uint64_t last = 0;   // tags 8 .. 11
      std::memcpy(&first, tags.data(), sizeof(first));
      std::memcpy(&last, tags.data() + sizeof(first), sizeof(uint32_t));
      return ZeroBytes(first ^ pattern) >> 7 | (ZeroBytes(last ^ pattern) & 0x80808080) >> 6;
    }
    // Bit 0 of byte n stands for place n, bit 1 of byte n for place 8 + n.
    static size_t FirstOf(uint64_t places) {
      const auto bit = static_cast<size_t>(std::countr_zero(places));
      return bit % 8 * 8 + bit / 8;
    }
    // The top bit of each byte that is 0.
    static uint64_t ZeroBytes(uint64_t word) {
      constexpr uint64_t kLow = 0x7f7f7f7f7f7f7f7f;
      return ~(((word & kLow) + kLow) | word | kLow);
    }
  };
  static_assert(sizeof(Line) == kCacheLineBytes);
  static_assert(std::endian::native == std::endian::little);

  static uint8_t TagOf(uint64_t hash) {
    const auto tag = static_cast<uint8_t>(hash >> 56);
    return tag == 0 ? 1 : tag;
  }

  // By the low bits: one bit more for a bucket that has been split in this round.
  uint32_t BucketOf(uint64_t hash) const {
    const auto bucket = static_cast<uint32_t>(hash & mask_);
    return bucket < buckets_.size() ? bucket : bucket & (mask_ >> 1);
  }

  void Put(uint64_t hash, uint32_t slot);
  // Chains a line, which is empty, to this one.
  Line* Chain(Line* line);
  // Adds a bucket, and moves what stands in the one that it is split from to `moving_`.
  void TakeApart();
  // Moves what stands in a line to `moving_`; returns the line that was chained to it.
  uint32_t TakeAll(Line* line);

  template <typename HashOfSlot>
  void Split(HashOfSlot hash_of) {
    TakeApart();
    for (const uint32_t slot : moving_) Put(hash_of(slot), slot);
    moving_.clear();
  }

  Chunks<Line, 256> buckets_;
  Chunks<Line, 64> overflow_;  // the first is never used
  uint32_t free_line_ = 0;     // of overflow_, each with the next; 0: none
  uint32_t mask_ = 0;          // the smallest 2^n - 1 that reaches every bucket
  uint64_t size_ = 0;
  std::vector<uint32_t> moving_;
};

}  // namespace tipgate
