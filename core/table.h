#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/check.h"
#include "core/chunks.h"
#include "core/prefetch.h"
#include "core/slot_index.h"
#include "core/slot_stack.h"

namespace tipgate {

// Entities of one kind by their id. Growth never stalls: elements stand in chunks that do not move,
// and the index grows by one line at a time. Knows which elements changed since the last
// checkpoint. One thread.
//
// T has `id`, `changed` and `is_dirty`. Pointers stay valid until Erase of that element.
template <typename IdType, typename T>
class Table {
 public:
  T* Find(IdType id) {
    const uint32_t slot = SlotOf(id);
    return slot == SlotIndex::kNone ? nullptr : &elements_[slot];
  }
  const T* Find(IdType id) const { return const_cast<Table*>(this)->Find(id); }

  // Hints for an element that will be asked for soon, so that the memory it stands in is at hand by
  // then: first where the index has it, a little later, once that is at hand, itself.
  void PrefetchIndex(IdType id) const { index_.Prefetch(HashOf(id)); }
  void Prefetch(IdType id) const {
    // Taken unseen: to look at its id would be to wait for it.
    const uint32_t slot = index_.Find(HashOf(id), [](uint32_t) { return true; });
    if (slot == SlotIndex::kNone) return;
    PrefetchBytes(&elements_[slot], kPrefetchBytes);
  }

  // The element with this id, made if it was not there.
  T& FindOrInsert(IdType id) {
    if (T* const found = Find(id)) return *found;
    const uint32_t slot = TakeSlot();
    index_.Insert(HashOf(id), slot, [this](uint32_t other) { return HashOf(elements_[other].id); });
    elements_[slot].id = id;
    ++size_;
    return elements_[slot];
  }

  void Erase(IdType id) {
    const uint32_t slot = SlotOf(id);
    TIPGATE_CHECK(slot != SlotIndex::kNone);
    index_.Erase(HashOf(id), slot);
    // A dirty list may still name the slot: an unset id says that it is free.
    elements_[slot] = T();
    free_.Push(slot);
    --size_;
  }

  void MarkDirty(T& element) {
    if (element.is_dirty) return;
    element.is_dirty = true;
    dirty_.Push(SlotOf(element.id));
  }

  // Every element once, in no stated order.
  template <typename Visitor>
  void ForEach(Visitor visit) const {
    for (uint32_t slot = 0; slot < elements_.size(); ++slot) {
      const T& element = elements_[slot];
      if (element.id.is_set()) visit(element);
    }
  }

  size_t size() const { return size_; }

  // The places of elements, from 0: a circle for who looks at all of them little by little. Free
  // ones are null.
  uint32_t slots_count() const { return elements_.size(); }
  const T* InSlot(uint32_t slot) const {
    const T& element = elements_[slot];
    return element.id.is_set() ? &element : nullptr;
  }

  // Starts a checkpoint of what is dirty now; what becomes dirty from here on belongs to the next
  // one.
  void BeginCheckpoint() {
    TIPGATE_CHECK(checkpoint_.empty());
    checkpoint_.Swap(&dirty_);
  }

  // Copies up to `count_max` elements of the checkpoint to `out`, as they are now. False when none
  // is left.
  bool CopyCheckpoint(size_t count_max, std::vector<T>* out) {
    for (; count_max > 0 && !checkpoint_.empty(); --count_max) {
      T& element = elements_[checkpoint_.Pop()];
      if (!element.is_dirty || !element.id.is_set()) continue;
      element.is_dirty = false;
      out->push_back(element);
    }
    checkpoint_.GiveRoomTo(&dirty_);
    return !checkpoint_.empty();
  }

 private:
  static constexpr uint32_t kChunkSize = 1024;
  static constexpr size_t kPrefetchBytes = std::min(sizeof(T), 3 * kCacheLineBytes);

  static uint64_t HashOf(IdType id) { return SlotIndex::HashOf(id.value()); }

  uint32_t SlotOf(IdType id) const {
    return index_.Find(HashOf(id), [&](uint32_t slot) { return elements_[slot].id == id; });
  }

  uint32_t TakeSlot() {
    if (!free_.empty()) return free_.Pop();
    TIPGATE_CHECK(elements_.size() < SlotIndex::kNone);
    elements_.Grow();
    return elements_.size() - 1;
  }

  Chunks<T, kChunkSize> elements_;
  SlotIndex index_;
  SlotStack free_;
  size_t size_ = 0;
  SlotStack dirty_;
  SlotStack checkpoint_;
};

}  // namespace tipgate
