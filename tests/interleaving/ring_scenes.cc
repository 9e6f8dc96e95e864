#include "tests/interleaving/ring_scenes.h"

#include <cstdint>
#include <vector>

#include "server/ring.h"
#include "server/wake_gate.h"
#include "tests/interleaving/model_atomics.h"

namespace tipgate::interleaving {
namespace {

constexpr int64_t kForEverNs = 1;  // no time passes

struct Item {
  int producer = 0;
  int number = 0;
};
using ModelRing = Ring<Item, ModelAtomics>;

std::vector<std::vector<Item>> ItemsOf(const RingSize& size) {
  std::vector<std::vector<Item>> items(static_cast<size_t>(size.producers));
  for (int producer = 0; producer < size.producers; ++producer) {
    for (int number = 0; number < size.items; ++number) {
      items[producer].push_back({.producer = producer, .number = number});
    }
  }
  return items;
}

// Puts the next item in. Locals: 0 how many were.
bool Produce(std::vector<Item>& items, ModelRing& ring, Locals& locals) {
  if (ring.Push(&items[locals[0]])) ++locals[0];
  return locals[0] < static_cast<int8_t>(items.size());
}

// Takes one out if there is one. Locals: how many of each producer were.
bool Take(const Checker& checker, ModelRing& ring, Locals& locals) {
  const Item* const item = ring.Pop();
  if (item == nullptr) return false;
  int8_t& taken = locals[item->producer];
  checker.Require(item->number >= taken, "an item came twice");
  checker.Require(item->number <= taken, "an item was lost or overtaken");
  ++taken;
  return true;
}

bool HasAll(const RingSize& size, const Locals& locals) {
  for (int producer = 0; producer < size.producers; ++producer) {
    if (locals[producer] < size.items) return false;
  }
  return true;
}

}  // namespace

Checker::Report CheckRing(const RingSize& size, Machine machine, const Fault& fault) {
  Checker checker(machine, fault);
  ModelRing ring(static_cast<size_t>(size.capacity));
  std::vector<std::vector<Item>> items = ItemsOf(size);
  for (std::vector<Item>& of_producer : items) {
    checker.AddThread([&](Locals& locals) { return Produce(of_producer, ring, locals); }, false);
  }
  checker.AddThread([&](Locals& locals) {
    if (!Take(checker, ring, locals)) ring.Wait(kForEverNs);
    return !HasAll(size, locals);
  });
  return checker.Run();
}

Checker::Report CheckStop(const Fault& fault) {
  const RingSize size = {.producers = 1, .items = 1};
  Checker checker(Machine::kAny, fault);
  ModelRing ring(static_cast<size_t>(size.capacity));
  ModelAtomic<bool> is_stopping(false);
  std::vector<std::vector<Item>> items = ItemsOf(size);
  checker.AddThread([&](Locals& locals) {
    if (Produce(items[0], ring, locals)) return true;
    is_stopping.store(true, std::memory_order_release);
    ring.Wake();
    return false;
  });
  checker.AddThread([&](Locals& locals) {
    if (Take(checker, ring, locals)) return true;
    if (!is_stopping.load(std::memory_order_acquire)) {
      ring.WaitWhile([&] { return !is_stopping.load(std::memory_order_relaxed); }, kForEverNs);
      return true;
    }
    while (Take(checker, ring, locals)) {
    }
    checker.Require(HasAll(size, locals), "an item was left");
    return false;
  });
  return checker.Run();
}

Checker::Report CheckGate(bool looks_again, const Fault& fault) {
  Checker checker(Machine::kAny, fault);
  BasicWakeGate<ModelAtomics> gate;
  ModelAtomic<bool> is_ready(false);
  ModelPlain<uint64_t> work(0);
  checker.AddThread([&](Locals&) {
    work = 1;
    is_ready.store(true, std::memory_order_release);
    gate.Wake();
    return false;
  });
  checker.AddThread([&](Locals&) {
    if (!is_ready.load(std::memory_order_acquire)) {
      const uint32_t ticket = gate.Prepare();
      const bool is_worth_it = !looks_again || !is_ready.load(std::memory_order_acquire);
      if (is_worth_it) gate.Wait(ticket, kForEverNs);
      return true;
    }
    checker.Require(work == 1, "the work is not there");
    return false;
  });
  return checker.Run();
}

}  // namespace tipgate::interleaving
