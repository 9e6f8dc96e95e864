// The ring and its gate for sleepers, in every order of the steps of a few threads, with all that
// memory may do (tests/interleaving/memory.h); and would that see a fault? docs/testing.md says
// what it proves.
//
// TIPGATE_ALL_INTERLEAVINGS=1 also tries what takes minutes.
#include "server/ring.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/interleaving/ring_scenes.h"

namespace tipgate::interleaving {
namespace {

constexpr char kOutOfReach[] = "the end is out of reach: somebody sleeps or waits for ever";

void ExpectNoFault(const Checker::Report& report, int64_t states_min) {
  EXPECT_EQ(report.fault, "") << absl::StrJoin(report.trace, "\n");
  // Fewer would mean that something is not tried any more.
  EXPECT_GE(report.states_count, states_min);
}

TEST(RingInterleavings, TwoProducersAndASleepyConsumerOnAnyMachine) {
  ExpectNoFault(CheckRing({.producers = 2, .items = 1, .capacity = 2}, Machine::kAny), 100'000);
}

// The ring goes round, and is full now and then.
TEST(RingInterleavings, ManyItemsOfOneProducerOnAnyMachine) {
  ExpectNoFault(CheckRing({.producers = 1, .items = 5, .capacity = 2}, Machine::kAny), 5'000);
  ExpectNoFault(CheckRing({.producers = 1, .items = 5, .capacity = 4}, Machine::kAny), 5'000);
}

TEST(RingInterleavings, TwoProducersOfTwoItemsEachOnASequentialMachine) {
  ExpectNoFault(CheckRing({.producers = 2, .items = 2, .capacity = 2}, Machine::kSequential),
                1'000'000);
}

// Minutes, and gigabytes of memory.
TEST(RingInterleavings, MoreOfEverything) {
  if (std::getenv("TIPGATE_ALL_INTERLEAVINGS") == nullptr) {
    GTEST_SKIP() << "takes minutes; TIPGATE_ALL_INTERLEAVINGS=1 runs it";
  }
  ExpectNoFault(CheckRing({.producers = 2, .items = 2, .capacity = 2}, Machine::kSure), 1'000'000);
  ExpectNoFault(CheckRing({.producers = 3, .items = 1, .capacity = 2}, Machine::kSequential),
                1'000'000);
}

TEST(RingInterleavings, AConsumerThatIsToldToStopLeavesNothing) { ExpectNoFault(CheckStop(), 100); }

TEST(RingInterleavings, AGateLetsNobodySleepForEver) { ExpectNoFault(CheckGate(true), 40); }

// --- Faults that must be found ------------------------------------------------------------------

// The first fault that a scene finds; empty if none does.
std::string FaultFound(const Fault& fault) {
  std::string found = CheckGate(true, fault).fault;
  if (found.empty()) found = CheckStop(fault).fault;
  for (const int producers : {1, 2}) {
    if (!found.empty()) break;
    const RingSize size = {.producers = producers, .items = producers == 1 ? 3 : 1};
    found = CheckRing(size, Machine::kSure, fault).fault;
  }
  return found;
}

// Every operation of ring and gate, by name, with its memory order.
std::map<std::string, std::memory_order> Operations() {
  std::map<std::string, std::memory_order> operations =
      CheckRing({.producers = 2, .items = 1}, Machine::kSure).operations;
  operations.erase("SleepWhile sleep relaxed");
  operations.erase("WakeOne wake relaxed");
  return operations;
}

std::vector<std::memory_order> WeakerThan(std::memory_order order) {
  switch (order) {
    case std::memory_order_acq_rel:
      return {std::memory_order_acquire, std::memory_order_release, std::memory_order_relaxed};
    case std::memory_order_acquire:
    case std::memory_order_release:
      return {std::memory_order_relaxed};
    default:
      return {};
  }
}

// Which memory orders are there for something: weakened, they let go wrong what is found. The
// others are stronger than need be, which costs nothing on the processors that we know.
TEST(RingFaults, AWeakerMemoryOrderIsFoundWhereSomethingDependsOnIt) {
  const std::set<std::string> needed = {
      "Pop load acquire as relaxed",         "Pop store release as relaxed",
      "Prepare exchange acq_rel as relaxed", "Prepare exchange acq_rel as release",
      "Push load acquire as relaxed",        "Push store release as relaxed",
      "Wake exchange acq_rel as acquire",    "Wake exchange acq_rel as relaxed",
  };
  // Pop looks again; the sleeper must see what came before the waker's exchange, and not the other
  // way round; the epoch is only compared.
  const std::set<std::string> stronger = {
      "IsEmpty load acquire as relaxed",  "Prepare exchange acq_rel as acquire",
      "Prepare load acquire as relaxed",  "Wait exchange acq_rel as acquire",
      "Wait exchange acq_rel as relaxed", "Wait exchange acq_rel as release",
      "Wake add release as relaxed",      "Wake exchange acq_rel as release",
  };
  std::set<std::string> found;
  std::set<std::string> missed;
  for (const auto& [name, order] : Operations()) {
    for (const std::memory_order weaker : WeakerThan(order)) {
      const std::string fault =
          FaultFound({.kind = Fault::Kind::kReorder, .operation = name, .order = weaker});
      (fault.empty() ? missed : found).insert(absl::StrCat(name, " as ", OrderName(weaker)));
    }
  }
  EXPECT_EQ(found, needed);
  EXPECT_EQ(missed, stronger);
}

// Left out, the sleeper's ticket lets it look around without sleeping, and its last exchange lets
// somebody wake nobody.
TEST(RingFaults, AStepThatIsLeftOutIsFound) {
  for (const auto& [name, order] : Operations()) {
    const bool is_found =
        !FaultFound({.kind = Fault::Kind::kSkip, .operation = name, .order = order}).empty();
    const bool only_saves_work = name == "Prepare load acquire" || name == "Wait exchange acq_rel";
    EXPECT_EQ(is_found, !only_saves_work) << name;
  }
}

TEST(RingFaults, ASleeperWhoDoesNotLookAgainSleepsForEver) {
  const Checker::Report report = CheckGate(false);
  EXPECT_EQ(report.fault, kOutOfReach);
  EXPECT_FALSE(report.trace.empty());
  // The look before the sleep, in the ring.
  EXPECT_EQ(CheckRing({.producers = 1, .items = 1}, Machine::kSure,
                      {.kind = Fault::Kind::kSkip, .operation = "IsEmpty load acquire"})
                .fault,
            kOutOfReach);
}

}  // namespace
}  // namespace tipgate::interleaving
