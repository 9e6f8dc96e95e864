#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/integration/gate_test.h"

namespace tipgate {

// A test of what happens in time: the gate's clock stands until it is set.
class StoppedClockTest : public GateTest {
 protected:
  // So many days ago that nothing that the test does is later than now: calls have deadlines.
  // People who give an order are believed to be who they say.
  void StartStopped(int days_ago = 7) {
    policy_.tiers[0].session_duration_max = "48h";
    more_config_ += "development_identities: true\nclock_jump_max: 40d\n";
    now_ms_ = absl::ToUnixMillis(absl::Now() - days_ago * absl::Hours(24));
    clock_ = &StopClock(now_ms_);
    StartGateWithSession();
  }
  void SetClock(int64_t time_ms) { clock_->Set(now_ms_ = time_ms); }
  void Advance(int64_t ms) { SetClock(now_ms_ + ms); }

  // One that no client of this test has used, for restarts too.
  std::string NewKey() { return absl::StrCat("own key ", ++keys_count_); }

  // The replayed journal leads to the same decisions and the same state.
  void ExpectProved() {
    EXPECT_EQ(client().Verify().state_hash(), client().Info(/*with_state_hash=*/true).state_hash());
  }

  int64_t now_ms_ = 0;

 private:
  TestClock* clock_ = nullptr;
  int64_t keys_count_ = 0;
};

}  // namespace tipgate
