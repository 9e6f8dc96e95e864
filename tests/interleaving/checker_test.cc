// The checker itself: it must see what C++ allows, and nothing else. The small programs are those
// of the literature on memory models.
#include "tests/interleaving/checker.h"

#include <gtest/gtest.h>

#include "tests/interleaving/model_atomics.h"

namespace tipgate::interleaving {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr auto kAcquire = std::memory_order_acquire;
constexpr auto kRelease = std::memory_order_release;

// One thread writes data, then a flag; another one looks at the flag, then at the data.
Checker::Report PassMessage(std::memory_order store_order, std::memory_order load_order) {
  Checker checker;
  ModelAtomic<int> data(0);
  ModelAtomic<int> flag(0);
  checker.AddThread([&](Locals&) {
    data.store(1, kRelaxed);
    flag.store(1, store_order);
    return false;
  });
  checker.AddThread([&](Locals&) {
    const bool is_there = flag.load(load_order) == 1;
    checker.Require(!is_there || data.load(kRelaxed) == 1, "old data behind a new flag");
    return false;
  });
  return checker.Run();
}

TEST(InterleavingChecker, AReleaseAndAnAcquirePassAMessageAndNothingWeakerDoes) {
  EXPECT_EQ(PassMessage(kRelease, kAcquire).fault, "");
  EXPECT_EQ(PassMessage(kRelaxed, kAcquire).fault, "old data behind a new flag");
  EXPECT_EQ(PassMessage(kRelease, kRelaxed).fault, "old data behind a new flag");
}

// Each of two threads writes to its own atomic and looks at the other's.
Checker::Report BufferStores(Machine machine) {
  Checker checker(machine);
  ModelAtomic<int> first(0);
  ModelAtomic<int> second(0);
  ModelAtomic<int> missed_count(0);
  const auto thread = [&](ModelAtomic<int>& own, ModelAtomic<int>& other) {
    return [&](Locals&) {
      own.store(1, kRelease);
      if (other.load(kAcquire) == 0) {
        checker.Require(missed_count.fetch_add(1, kRelaxed) == 0, "both missed each other");
      }
      return false;
    };
  };
  checker.AddThread(thread(first, second));
  checker.AddThread(thread(second, first));
  return checker.Run();
}

TEST(InterleavingChecker, StoresMayBeSeenLateButForASequentialMachine) {
  EXPECT_EQ(BufferStores(Machine::kAny).fault, "both missed each other");
  EXPECT_EQ(BufferStores(Machine::kSequential).fault, "");
}

// Nobody sees the two writes of an atomic in another order than somebody else has seen them.
TEST(InterleavingChecker, WritesOfOneAtomicHaveOneOrder) {
  Checker checker;
  ModelAtomic<int> value(0);
  for (const int written : {1, 2}) {
    checker.AddThread([&value, written](Locals&) {
      value.store(written, kRelaxed);
      return false;
    });
  }
  checker.AddThread([&](Locals&) {
    const int before = value.load(kRelaxed);
    const int after = value.load(kRelaxed);
    checker.Require(before == 0 || after != 0, "back to the beginning");
    const int last = value.load(kRelaxed);
    checker.Require(before == after || last != before || before == 0, "back and forth");
    return false;
  });
  EXPECT_EQ(checker.Run().fault, "");
}

// Two threads write both atomics in opposite orders; both first writes may end as the last ones.
TEST(InterleavingChecker, AStoreMayGoBehindOneThatCameLater) {
  Checker checker;
  ModelAtomic<int> first(0);
  ModelAtomic<int> second(0);
  ModelAtomic<int> done_count(0);
  const auto thread = [&](ModelAtomic<int>& one, ModelAtomic<int>& other) {
    return [&](Locals&) {
      one.store(1, kRelaxed);
      other.store(2, kRelaxed);
      if (done_count.fetch_add(1, std::memory_order_acq_rel) == 0) return false;
      checker.Require(one.load(kRelaxed) != 1 || other.load(kRelaxed) != 1, "both first ones last");
      return false;
    };
  };
  checker.AddThread(thread(first, second));
  checker.AddThread(thread(second, first));
  EXPECT_EQ(checker.Run().fault, "both first ones last");
}

Checker::Report SharePlain(bool is_ordered) {
  Checker checker;
  ModelPlain<int> data(0);
  ModelAtomic<int> turn(0);
  checker.AddThread([&](Locals&) {
    data = 1;
    turn.store(1, kRelease);
    return false;
  });
  checker.AddThread([&](Locals&) {
    if (turn.load(kAcquire) == 1 || !is_ordered) checker.Require(data == 1, "no data");
    return false;
  });
  return checker.Run();
}

TEST(InterleavingChecker, ADataRaceIsFoundWhereNothingOrdersTwoUses) {
  EXPECT_EQ(SharePlain(true).fault, "");
  EXPECT_EQ(SharePlain(false).fault, "a data race");
}

// What an update reads and writes are next to each other: no two updates read the same.
TEST(InterleavingChecker, UpdatesLoseNothing) {
  Checker checker;
  ModelAtomic<int> sum(0);
  const auto thread = [&](Locals&) {
    sum.fetch_add(1, kRelaxed);
    const int seen = sum.load(kRelaxed);
    checker.Require(seen >= 1 && seen <= 3, "an update was lost or came twice");
    checker.Require(sum.fetch_add(0, kRelaxed) <= 3, "too many updates");
    return false;
  };
  for (int i = 0; i < 3; ++i) checker.AddThread(thread);
  EXPECT_EQ(checker.Run().fault, "");
}

TEST(InterleavingChecker, ASleepThatNobodyEndsIsFound) {
  for (const bool wakes : {false, true}) {
    Checker checker;
    ModelAtomic<uint32_t> word(0);
    checker.AddThread([&](Locals&) {
      word.store(1, kRelease);
      if (wakes) ModelAtomics::WakeOne(word);
      return false;
    });
    checker.AddThread([&](Locals&) {
      ModelAtomics::SleepWhile(word, 0, 0);
      return word.load(kAcquire) == 0;
    });
    const Checker::Report report = checker.Run();
    EXPECT_EQ(report.fault.empty(), wakes) << report.fault;
  }
}

TEST(InterleavingChecker, WaitingForWhatNeverComesIsFoundWithTheStepsThatLeadThere) {
  Checker checker;
  ModelAtomic<int> flag(0);
  checker.AddThread([&](Locals&) { return flag.load(kAcquire) != 1; });
  checker.AddThread([&](Locals&) {
    flag.store(2, kRelease);
    return false;
  });
  const Checker::Report report = checker.Run();
  EXPECT_EQ(report.fault, "the end is out of reach: somebody sleeps or waits for ever");
}

TEST(InterleavingChecker, ALoopWithinAStepThatDoesNotEndIsFound) {
  Checker checker;
  ModelAtomic<int> sum(0);
  checker.AddThread([&](Locals&) {
    while (sum.fetch_add(1, kRelaxed) >= 0) {
    }
    return false;
  });
  EXPECT_EQ(checker.Run().fault, "a loop does not end");
}

}  // namespace
}  // namespace tipgate::interleaving
