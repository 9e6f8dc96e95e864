#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/hash/hash.h"
#include "core/check.h"

namespace tipgate {

// Entities of one kind by their id. Growth never stalls: elements stand in chunks that do not move,
// and the index is many small hash maps that grow one by one. Knows which elements changed since
// the last checkpoint. One thread.
//
// T has `id`, `changed` and `is_dirty`. Pointers stay valid until Erase of that element.
template <typename IdType, typename T>
class Table {
 public:
  T* Find(IdType id) {
    auto& shard = shards_[ShardOf(id)];
    const auto it = shard.find(id);
    return it == shard.end() ? nullptr : &At(it->second);
  }
  const T* Find(IdType id) const { return const_cast<Table*>(this)->Find(id); }

  // Hints for an element that will be asked for soon, so that the memory it stands in is at hand by
  // then: first where the index has it, a little later, once that is at hand, itself.
  void PrefetchIndex(IdType id) const { shards_[ShardOf(id)].prefetch(id); }
  void Prefetch(IdType id) const {
    const T* const element = Find(id);
    if (element == nullptr) return;
    const char* const begin = reinterpret_cast<const char*>(element);
    for (size_t line = 0; line < sizeof(T) && line < kPrefetchBytesMax; line += kLineBytes) {
      __builtin_prefetch(begin + line, 1);
    }
  }

  // The element with this id, made if it was not there.
  T& FindOrInsert(IdType id) {
    auto& shard = shards_[ShardOf(id)];
    const auto [it, is_new] = shard.try_emplace(id, 0);
    if (is_new) {
      it->second = TakeSlot();
      At(it->second).id = id;
      ++size_;
    }
    return At(it->second);
  }

  void Erase(IdType id) {
    auto& shard = shards_[ShardOf(id)];
    const auto it = shard.find(id);
    TIPGATE_CHECK(it != shard.end());
    At(it->second) = T();  // a dirty list may still name the slot: an unset id says that it is free
    free_slots_.push_back(it->second);
    shard.erase(it);
    --size_;
  }

  void MarkDirty(T& element) {
    if (element.is_dirty) return;
    element.is_dirty = true;
    dirty_.push_back(&element);
  }

  // Every element once, in no stated order.
  template <typename Visitor>
  void ForEach(Visitor visit) const {
    for (uint32_t slot = 0; slot < slots_count_; ++slot) {
      const T& element = At(slot);
      if (element.id.is_set()) visit(element);
    }
  }

  size_t size() const { return size_; }

  // The places of elements, from 0: a circle for who looks at all of them little by little. Free
  // ones are null.
  uint32_t slots_count() const { return slots_count_; }
  const T* InSlot(uint32_t slot) const {
    const T& element = At(slot);
    return element.id.is_set() ? &element : nullptr;
  }

  // Starts a checkpoint of what is dirty now; what becomes dirty from here on belongs to the next
  // one.
  void BeginCheckpoint() {
    TIPGATE_CHECK(checkpoint_.empty());
    checkpoint_.swap(dirty_);
  }

  // Copies up to `count_max` elements of the checkpoint to `out`, as they are now. False when none
  // is left.
  bool CopyCheckpoint(size_t count_max, std::vector<T>* out) {
    for (; count_max > 0 && !checkpoint_.empty(); --count_max, checkpoint_.pop_back()) {
      T& element = *checkpoint_.back();
      if (!element.is_dirty || !element.id.is_set()) continue;
      element.is_dirty = false;
      out->push_back(element);
    }
    return !checkpoint_.empty();
  }

 private:
  static constexpr size_t kShardsCount = 1024;
  static constexpr uint32_t kChunkSize = 1024;
  static constexpr size_t kLineBytes = 64;
  static constexpr size_t kPrefetchBytesMax = 3 * kLineBytes;

  static size_t ShardOf(IdType id) {
    // The top bits: the shard's own map uses the low ones of another hash.
    constexpr int kShardBits = 10;
    static_assert(kShardsCount == size_t{1} << kShardBits);
    return (static_cast<uint64_t>(id.value()) * 0x9e3779b97f4a7c15) >> (64 - kShardBits);
  }

  T& At(uint32_t slot) { return chunks_[slot / kChunkSize][slot % kChunkSize]; }
  const T& At(uint32_t slot) const { return chunks_[slot / kChunkSize][slot % kChunkSize]; }

  uint32_t TakeSlot() {
    if (!free_slots_.empty()) {
      const uint32_t slot = free_slots_.back();
      free_slots_.pop_back();
      return slot;
    }
    TIPGATE_CHECK(slots_count_ < UINT32_MAX);
    if (slots_count_ % kChunkSize == 0) chunks_.push_back(std::make_unique<T[]>(kChunkSize));
    return slots_count_++;
  }

  std::array<absl::flat_hash_map<IdType, uint32_t>, kShardsCount> shards_;
  std::vector<std::unique_ptr<T[]>> chunks_;
  std::vector<uint32_t> free_slots_;
  uint32_t slots_count_ = 0;
  size_t size_ = 0;
  std::vector<T*> dirty_;
  std::vector<T*> checkpoint_;
};

}  // namespace tipgate
