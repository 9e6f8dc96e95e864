#include "core/slot_index.h"

#include <gtest/gtest.h>

#include <set>

#include "absl/container/flat_hash_map.h"

namespace tipgate {
namespace {

// Slots named by numbers, whose hash is chosen by the test.
class Slots {
 public:
  void Put(uint32_t slot, uint64_t hash) {
    hashes_[slot] = hash;
    index_.Insert(hash, slot, [this](uint32_t other) { return hashes_.at(other); });
  }
  void Erase(uint32_t slot) { index_.Erase(hashes_.at(slot), slot); }
  bool Has(uint32_t slot) const {
    return index_.Find(hashes_.at(slot), [&](uint32_t other) { return other == slot; }) == slot;
  }

 private:
  absl::flat_hash_map<uint32_t, uint64_t> hashes_;
  SlotIndex index_;
};

TEST(SlotIndex, FindsEverySlotWhileItGrows) {
  Slots slots;
  for (uint32_t slot = 0; slot < 3'000; ++slot) {
    slots.Put(slot, SlotIndex::HashOf(slot));
    for (uint32_t known = 0; known <= slot; known += 7) ASSERT_TRUE(slots.Has(known)) << slot;
  }
}

TEST(SlotIndex, TellsSlotsOfOneHashApart) {
  Slots slots;
  constexpr uint32_t kCount = 200;  // many times what a line holds
  for (uint32_t slot = 0; slot < kCount; ++slot) slots.Put(slot, /*hash=*/77);
  for (uint32_t slot = 0; slot < kCount; ++slot) ASSERT_TRUE(slots.Has(slot));
  for (uint32_t slot = 0; slot < kCount; slot += 2) slots.Erase(slot);
  for (uint32_t slot = 0; slot < kCount; ++slot) ASSERT_EQ(slots.Has(slot), slot % 2 == 1);
}

TEST(SlotIndex, AnEmptyOneFindsNothing) {
  const SlotIndex empty;
  EXPECT_EQ(empty.Find(0, [](uint32_t) { return true; }), SlotIndex::kNone);
}

TEST(SlotIndex, HoldsWhatIsLeftAfterInsertsAndErasesInAnyOrder) {
  Slots slots;
  std::set<uint32_t> expected;
  for (uint64_t step = 0; step < 50'000; ++step) {
    const auto slot = static_cast<uint32_t>(SlotIndex::HashOf(static_cast<int64_t>(step)) % 2'000);
    if (expected.erase(slot) != 0) {
      slots.Erase(slot);
    } else {
      slots.Put(slot, SlotIndex::HashOf(slot) & ~uint64_t{0xf0});  // some lines are chained
      expected.insert(slot);
    }
  }
  for (const uint32_t slot : expected) ASSERT_TRUE(slots.Has(slot));
}

}  // namespace
}  // namespace tipgate
