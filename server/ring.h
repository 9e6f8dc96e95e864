#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "core/check.h"
#include "server/atomics.h"
#include "server/wake_gate.h"

namespace tipgate {

// A bounded queue of pointers, many producers, one consumer; lock-free. Each slot has a turn number
// (Vyukov's bounded queue): a producer claims a place with one compare-and-swap and never waits for
// another one; the consumer sleeps while there is nothing.
//
// Push: any thread. Pop and Wait: one thread. Each order of their steps is tried in
// tests/interleaving/ring_test.cc, which also tells what each memory order is for.
template <typename T, typename Atomics = StdAtomics>
class Ring {
 public:
  // `capacity` is a power of two, at least 2.
  explicit Ring(size_t capacity) : mask_(capacity - 1), slots_(new Slot[capacity]) {
    TIPGATE_CHECK(capacity >= 2 && (capacity & mask_) == 0);
    for (size_t i = 0; i < capacity; ++i) slots_[i].turn.store(i, std::memory_order_relaxed);
  }

  // False, at once, if it is full.
  bool Push(T* item) {
    uint64_t place = tail_.load(std::memory_order_relaxed);
    while (true) {
      Slot& slot = slots_[place & mask_];
      const uint64_t turn = slot.turn.load(std::memory_order_acquire);
      if (turn == place) {
        if (tail_.compare_exchange_weak(place, place + 1, std::memory_order_relaxed)) {
          slot.item = item;
          slot.turn.store(place + 1, std::memory_order_release);
          gate_.Wake();
          return true;
        }
      } else if (turn < place) {
        return false;  // the slot still holds what was pushed a round ago
      } else {
        place = tail_.load(std::memory_order_relaxed);
      }
    }
  }

  // The oldest item, or null.
  T* Pop() {
    Slot& slot = slots_[head_ & mask_];
    if (slot.turn.load(std::memory_order_acquire) != head_ + 1) return nullptr;
    T* const item = slot.item;
    slot.item = nullptr;
    slot.turn.store(head_ + mask_ + 1, std::memory_order_release);
    ++head_;
    return item;
  }

  // Sleeps until there may be an item, but not longer than this.
  void Wait(int64_t timeout_ns) {
    WaitWhile([] { return true; }, timeout_ns);
  }

  // The same, and not if `is_worth_it` says no. Whoever makes it say no calls Wake after that, and
  // so ends the sleep whether it has begun or not.
  template <typename Predicate>
  void WaitWhile(Predicate is_worth_it, int64_t timeout_ns) {
    const uint32_t ticket = gate_.Prepare();
    if (!IsEmpty() || !is_worth_it()) return;
    gate_.Wait(ticket, timeout_ns);
  }

  // Ends a Wait early.
  void Wake() { gate_.Wake(); }

 private:
  struct Slot {
    typename Atomics::template Atomic<uint64_t> turn{0};
    typename Atomics::template Plain<T*> item{nullptr};
  };

  bool IsEmpty() const {
    return slots_[head_ & mask_].turn.load(std::memory_order_acquire) != head_ + 1;
  }

  const size_t mask_;
  const std::unique_ptr<Slot[]> slots_;
  alignas(64) typename Atomics::template Atomic<uint64_t> tail_{0};  // producers
  alignas(64) typename Atomics::template Plain<uint64_t> head_{0};   // the consumer
  BasicWakeGate<Atomics> gate_;
};

}  // namespace tipgate
