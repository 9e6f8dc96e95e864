#include <gtest/gtest.h>

#include "core/recovery.h"
#include "tests/support/core_gate.h"
#include "tests/support/random_evening.h"

namespace tipgate {
namespace {

constexpr int kOperations = 2'000;

TEST(Checkpoint, StateRecoveredFromAnyMixOfPartsAndJournalIsTheSame) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    CoreGate gate;
    RunRandomEvening(seed, kOperations, &gate, /*checkpoints=*/true);
    const std::unique_ptr<CoreGate> recovered = gate.Recovered();
    ASSERT_EQ(recovered->Fingerprint(), gate.Fingerprint());
    // What follows is decided alike, too.
    RunRandomEvening(seed + 1'000, 50, &gate);
    const std::unique_ptr<CoreGate> replayed = gate.Recovered();
    ASSERT_EQ(replayed->Fingerprint(), gate.Fingerprint());
  }
}

TEST(Checkpoint, PartsMayBeStoredWhileStateMovesOn) {
  CoreGate gate;
  RunRandomEvening(3, kOperations, &gate);
  gate.state.BeginCheckpoint(gate.journal->Head().sequence);
  const auto frozen = gate.keys.Freeze(gate.journal->Head().sequence);
  uint64_t seed = 100;
  for (bool has_more = true; has_more;) {
    StateImage image;
    has_more = gate.state.CopyCheckpoint(2, &image);
    if (!has_more) image.keys = frozen;
    ASSERT_TRUE(gate.store->Write(image).ok());
    RunRandomEvening(++seed, 20, &gate);
    EXPECT_EQ(gate.Recovered()->Fingerprint(), gate.Fingerprint());
  }
}

TEST(Checkpoint, TheSameCommandsLeadToTheSameState) {
  CoreGate first;
  CoreGate second;
  RunRandomEvening(5, kOperations, &first);
  RunRandomEvening(5, kOperations, &second);
  EXPECT_EQ(first.Fingerprint(), second.Fingerprint());
  EXPECT_EQ(first.journal->Head().sequence, second.journal->Head().sequence);
}

TEST(Recovery, RefusesAJournalThatEndsBeforeStoredState) {
  CoreGate gate;
  RunRandomEvening(9, 200, &gate);
  gate.Checkpoint();
  gate.journal->entries().pop_back();
  State state;
  KeyMemory keys;
  EXPECT_EQ(Recover(*gate.journal, *gate.store, 1'000, &state, &keys).status().code(),
            absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace tipgate
