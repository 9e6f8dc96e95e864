#include "server/damage_alarm.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/match.h"
#include "tests/server/service_gate.h"

namespace tipgate {
namespace {

class DamageAlarmTest : public testing::Test {
 protected:
  // The line that an alarm logs, if it does.
  std::string Raise(const std::string& what) {
    testing::internal::CaptureStderr();
    alarm_.Raise(what, "checksum mismatch");
    return testing::internal::GetCapturedStderr();
  }

  ManualClock clock_;
  SharedCounter count_;
  DamageAlarm alarm_{&count_, &clock_};
};

TEST_F(DamageAlarmTest, SaysWhatIsDamagedInOneLine) {
  const std::string line = Raise("journal entry 7");
  EXPECT_TRUE(absl::EndsWith(line, " error damaged data: journal entry 7: checksum mismatch\n"))
      << line;
}

TEST_F(DamageAlarmTest, CountsEachAndLogsOneInAWhile) {
  EXPECT_NE(Raise("journal entry 7"), "");
  EXPECT_EQ(Raise("journal entry 7"), "");
  clock_.Advance(absl::Nanoseconds(DamageAlarm::kLineIntervalNs - 1));
  EXPECT_EQ(Raise("journal entry 8"), "");
  clock_.Advance(absl::Nanoseconds(1));
  const std::string line = Raise("journal entry 9");
  EXPECT_TRUE(absl::StrContains(line, "journal entry 9: checksum mismatch (and 2 before it)\n"))
      << line;
  EXPECT_EQ(count_.value(), 4);
}

}  // namespace
}  // namespace tipgate
