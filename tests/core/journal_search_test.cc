#include "core/journal_search.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

#include "tests/support/core_gate.h"

namespace tipgate {
namespace {

TEST(JournalSearch, FindsTheEntryOfAMomentAndTheNextOne) {
  CoreGate gate;
  gate.PutScene();
  for (int i = 0; i < 6; ++i) {
    gate.Advance(absl::Minutes(1));
    const int64_t tip = gate.Tip(gate.MakeTip(PayerId(1), GiftId(1), 1)).id.sequence();
    EXPECT_EQ(*FirstSequenceAt(*gate.journal, gate.now_ms - 1), tip);
    EXPECT_EQ(*FirstSequenceAt(*gate.journal, gate.now_ms), tip);
    EXPECT_EQ(*FirstSequenceAt(*gate.journal, gate.now_ms + 1), tip + 1);
  }
  EXPECT_EQ(*FirstSequenceAt(*gate.journal, 0), 1);
  EXPECT_EQ(*FirstSequenceAt(*gate.journal, std::numeric_limits<int64_t>::max()),
            gate.journal->Head().sequence + 1);
}

TEST(JournalSearch, IsOnePastTheHeadOfAnEmptyJournal) {
  EXPECT_EQ(*FirstSequenceAt(MemoryJournal(), 5), 1);
}

}  // namespace
}  // namespace tipgate
