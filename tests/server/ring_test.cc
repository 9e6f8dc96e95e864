#include "server/ring.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace tipgate {
namespace {

struct Item {
  int producer = 0;
  int number = 0;
};

TEST(Ring, GivesItemsInTheirOrder) {
  Ring<Item> ring(4);
  Item items[3];
  for (Item& item : items) ASSERT_TRUE(ring.Push(&item));
  for (Item& item : items) EXPECT_EQ(ring.Pop(), &item);
  EXPECT_EQ(ring.Pop(), nullptr);
}

TEST(Ring, RefusesAtOnceWhenItIsFull) {
  Ring<Item> ring(2);
  Item items[3];
  EXPECT_TRUE(ring.Push(&items[0]));
  EXPECT_TRUE(ring.Push(&items[1]));
  EXPECT_FALSE(ring.Push(&items[2]));
  EXPECT_EQ(ring.Pop(), &items[0]);
  EXPECT_TRUE(ring.Push(&items[2]));
  EXPECT_EQ(ring.Pop(), &items[1]);
  EXPECT_EQ(ring.Pop(), &items[2]);
}

// A wake that is lost would sleep for an hour.
TEST(Ring, AWakeBetweenTheLookAndTheSleepIsNotLost) {
  constexpr int64_t kHourNs = 3'600'000'000'000;
  Ring<Item> ring(2);
  int looks_count = 0;
  ring.WaitWhile(
      [&] {
        ++looks_count;
        ring.Wake();
        return true;  // what was seen is over by now
      },
      kHourNs);
  ring.WaitWhile(
      [&] {
        ++looks_count;
        return false;
      },
      kHourNs);
  EXPECT_EQ(looks_count, 2);
}

TEST(Ring, GoesRoundManyTimes) {
  Ring<Item> ring(4);
  std::vector<Item> items(1'000);
  for (Item& item : items) {
    ASSERT_TRUE(ring.Push(&item));
    ASSERT_EQ(ring.Pop(), &item);
  }
}

// Nothing is lost, doubled or reordered within a producer, with a consumer that sleeps as often as
// it can: a lost wake-up would leave it asleep until its long timeout, and the test with it.
TEST(Ring, ManyProducersAndASleepyConsumerLoseNothing) {
  constexpr int kProducers = 4;
  constexpr int kItems = 20'000;
  constexpr int64_t kForEverNs = 600'000'000'000;
  Ring<Item> ring(64);
  std::vector<std::vector<Item>> items(kProducers, std::vector<Item>(kItems));
  std::vector<std::thread> producers;
  for (int producer = 0; producer < kProducers; ++producer) {
    producers.emplace_back([&, producer] {
      for (int number = 0; number < kItems; ++number) {
        Item& item = items[static_cast<size_t>(producer)][static_cast<size_t>(number)];
        item = {.producer = producer, .number = number};
        while (!ring.Push(&item)) std::this_thread::yield();
      }
    });
  }
  std::vector<int> next(kProducers, 0);
  for (int taken = 0; taken < kProducers * kItems; ++taken) {
    const Item* item = ring.Pop();
    for (; item == nullptr; item = ring.Pop()) ring.Wait(kForEverNs);
    ASSERT_EQ(item->number, next[static_cast<size_t>(item->producer)]++);
  }
  for (std::thread& producer : producers) producer.join();
  EXPECT_EQ(ring.Pop(), nullptr);
}

}  // namespace
}  // namespace tipgate
