#include "storage/key_filter.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace tipgate {
namespace {

constexpr int64_t kBytes = int64_t{1} << 20;
constexpr int64_t kParts{KeyFilter::kPartsCount};
constexpr int64_t kPartKeys = kBytes / kParts / 2;  // 16 bits each

Hash128 KeyOf(int64_t number) {
  Hasher128 hasher;
  hasher.Add(static_cast<uint64_t>(number));
  return hasher.Finish();
}

// Keys first .. first + count - 1, all of the entry `sequence`.
std::vector<KeyRow> MakeRows(int64_t first, int64_t count, int64_t sequence) {
  std::vector<KeyRow> rows;
  for (int64_t n = first; n < first + count; ++n) {
    rows.push_back({.key = KeyOf(n), .record = RecordId(sequence, 0)});
  }
  return rows;
}

int64_t CountMaybe(const KeyFilter& filter, int64_t first, int64_t count) {
  int64_t maybe_count = 0;
  for (int64_t n = first; n < first + count; ++n) {
    filter.Prefetch(KeyOf(n));
    maybe_count += filter.MayContain(KeyOf(n)) ? 1 : 0;
  }
  return maybe_count;
}

TEST(KeyFilter, AnEmptyOneTakesNoMemoryAndKnowsNothing) {
  const KeyFilter filter(kBytes);
  EXPECT_EQ(filter.bytes(), 0);
  EXPECT_EQ(CountMaybe(filter, 0, 1'000), 0);
}

TEST(KeyFilter, KnowsEveryKeyAndFewOthers) {
  KeyFilter filter(kBytes);
  constexpr int64_t kKeys = kPartKeys * kParts;
  for (int64_t n = 0; n < kKeys; n += 1'024) filter.Add(MakeRows(n, 1'024, 1), 0);
  EXPECT_EQ(filter.bytes(), kBytes);
  EXPECT_EQ(CountMaybe(filter, 0, kKeys), kKeys);
  constexpr int64_t kOthers = 100'000;
  EXPECT_LT(CountMaybe(filter, kKeys, kOthers), kOthers / 60);
}

TEST(KeyFilter, GoesOnWithMoreKeysThanItIsMadeFor) {
  KeyFilter filter(kBytes);
  constexpr int64_t kKeys = 2 * kPartKeys * kParts;
  filter.Add(MakeRows(0, kKeys, 5), 5);
  EXPECT_EQ(CountMaybe(filter, 0, kKeys), kKeys);
  EXPECT_EQ(filter.bytes(), kBytes);
}

TEST(KeyFilter, MoreKeysThanItIsMadeForSpreadOverAllParts) {
  KeyFilter filter(kBytes);
  constexpr int64_t kKeys = 2 * kPartKeys * kParts;
  for (int64_t n = 0; n < kKeys; n += 1'024) filter.Add(MakeRows(n, 1'024, n + 1), 0);
  EXPECT_EQ(CountMaybe(filter, 0, kKeys), kKeys);
  constexpr int64_t kOthers = 100'000;
  EXPECT_LT(CountMaybe(filter, kKeys, kOthers), kOthers / 3);
}

TEST(KeyFilter, WhatTwoPartsBecameIsForgottenWithTheNewerOne) {
  KeyFilter filter(kBytes);
  for (int64_t part = 0; part < kParts; ++part) {
    filter.Add(MakeRows(part * kPartKeys, kPartKeys, part + 1), 0);
  }
  filter.Add(MakeRows(1'000'000, kPartKeys, 100), 0);  // entries 1 and 2 are one part now
  filter.Add(MakeRows(2'000'000, kPartKeys, 200), 2);  // entry 2 still counts: now 3 and 4 are one
  EXPECT_EQ(CountMaybe(filter, 0, kParts * kPartKeys), kParts * kPartKeys);
  filter.Add(MakeRows(3'000'000, kPartKeys, 300), 3);
  EXPECT_LT(CountMaybe(filter, 0, 2 * kPartKeys), kPartKeys);
  EXPECT_EQ(CountMaybe(filter, 2 * kPartKeys, 6 * kPartKeys), 6 * kPartKeys);
}

TEST(KeyFilter, TheBlocksOfForgottenKeysAreUsedAgain) {
  KeyFilter filter(kBytes);
  for (int64_t part = 0; part < kParts; ++part) {
    filter.Add(MakeRows(part * kPartKeys, kPartKeys, part + 1), 0);
  }
  // Entry 2 is still remembered: one part may go.
  filter.Add(MakeRows(1'000'000, 2 * kPartKeys, 100), 2);
  EXPECT_LT(CountMaybe(filter, 0, kPartKeys), kPartKeys / 2);
  EXPECT_EQ(CountMaybe(filter, kPartKeys, 7 * kPartKeys), 7 * kPartKeys);
  EXPECT_EQ(CountMaybe(filter, 1'000'000, 2 * kPartKeys), 2 * kPartKeys);
}

TEST(KeyFilter, WhoLearnsOfKeysFindsThem) {
  KeyFilter filter(kBytes);
  std::atomic<int64_t> added_count{0};
  constexpr int64_t kKeys = 2 * kPartKeys;
  std::thread writer([&] {
    for (int64_t n = 0; n < kKeys; n += 64) {
      filter.Add(MakeRows(n, 64, 1), 0);
      added_count.store(n + 64, std::memory_order_release);
    }
  });
  int64_t missed_count = 0;
  for (int64_t known = 0; known < kKeys;) {
    known = added_count.load(std::memory_order_acquire);
    if (known > 0 && !filter.MayContain(KeyOf(known - 1))) ++missed_count;
  }
  writer.join();
  EXPECT_EQ(missed_count, 0);
}

TEST(KeyFilter, NoKeyIsMissedWhilePartsBecomeOne) {
  constexpr int64_t kSmallBytes = int64_t{16} << 10;
  constexpr int64_t kSmallPartKeys = kSmallBytes / kParts / 2;
  constexpr int64_t kKeys = kSmallPartKeys * kParts;
  constexpr int64_t kMerges = 2'000;
  KeyFilter filter(kSmallBytes);
  filter.Add(MakeRows(0, kKeys, 1), 0);
  std::atomic<bool> is_done{false};
  std::thread writer([&] {
    // The same keys over and over: they move, and no other ones fill the words.
    for (int64_t i = 0; i < kMerges; ++i) filter.Add(MakeRows(0, kSmallPartKeys, i + 2), 0);
    is_done.store(true);
  });
  int64_t missed_count = 0;
  while (!is_done.load()) missed_count += kKeys - CountMaybe(filter, 0, kKeys);
  writer.join();
  EXPECT_EQ(missed_count, 0);
}

}  // namespace
}  // namespace tipgate
