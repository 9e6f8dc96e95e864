#include "server/verify_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/system_clock.h"
#include "tests/server/fake_response_stream.h"
#include "tests/support/core_gate.h"
#include "tests/support/random_evening.h"
#include "tipgate/v1/audit.pb.h"

namespace tipgate {
namespace {

using ::testing::HasSubstr;

class VerifyServiceTest : public ::testing::Test {
 protected:
  VerifyServiceTest() { RunRandomEvening(/*seed=*/21, /*operations=*/2'000, &gate_); }

  // Looks at the gate's state as the pipeline does.
  std::optional<CallError> Look(Command* command) {
    if (look_error_.has_value()) return look_error_;
    auto& visit = std::get<InfoVisit>(*command);
    EXPECT_TRUE(visit.wants_fingerprint);
    visit.totals = gate_.state.totals;
    visit.payers_count = static_cast<int64_t>(gate_.state.payers.size());
    visit.streamers_count = static_cast<int64_t>(gate_.state.streamers.size());
    visit.sessions_count = static_cast<int64_t>(gate_.state.sessions.size());
    visit.fingerprint = gate_.Fingerprint();
    visit.last_sequence = gate_.journal->Head().sequence;
    visit.time_ms = gate_.now_ms;
    return std::nullopt;
  }

  std::optional<CallError> Verify() {
    FakeResponseStream<v1::VerifyJournalRequest, v1::VerifyJournalResponse> stream({});
    stream.looks_max = looks_max_;
    stream.on_write = [&](const v1::VerifyJournalResponse& response) {
      last_ = response;
      return true;
    };
    return VerifyService(gate_.journal.get(), &damage_,
                         [this](Command* command) { return Look(command); })
        .VerifyJournal(stream);
  }

  CoreGate gate_;
  SystemClock clock_;
  SharedCounter damaged_reads_;
  DamageAlarm damage_{&damaged_reads_, &clock_};
  int looks_max_ = INT32_MAX;
  std::optional<CallError> look_error_;
  v1::VerifyJournalResponse last_;
};

TEST_F(VerifyServiceTest, TellsThatAnHonestJournalAgrees) {
  const std::optional<CallError> error = Verify();
  ASSERT_FALSE(error.has_value()) << error->message;
  EXPECT_TRUE(last_.is_done());
  EXPECT_EQ(last_.entries_verified_count(), gate_.journal->Head().sequence);
  EXPECT_EQ(last_.entries_total_count(), gate_.journal->Head().sequence);
  EXPECT_GT(last_.records_verified_count(), 0);
  EXPECT_EQ(last_.state_hash(), gate_.Fingerprint().ToHex());
  EXPECT_EQ(last_.chain_head().size(), 64U);
  EXPECT_EQ(last_.totals().accepted_minor(), gate_.state.totals.accepted.minor());
  EXPECT_EQ(last_.totals().payers_count(), static_cast<int64_t>(gate_.state.payers.size()));
}

// As they do 31 days after they closed.
TEST_F(VerifyServiceTest, SessionsThatHaveLeftTheMemoryAreNoDifference) {
  const size_t sessions_count = gate_.state.sessions.size();
  gate_.Checkpoint();
  gate_.Checkpoint();
  gate_.Advance(absl::Hours(24 * 40));
  gate_.ForgetWhatIsDue();
  ASSERT_LT(gate_.state.sessions.size(), sessions_count);
  const std::optional<CallError> error = Verify();
  ASSERT_FALSE(error.has_value()) << error->message;
  EXPECT_TRUE(last_.is_done());
}

TEST_F(VerifyServiceTest, SaysWhichRecordDiffers) {
  Entry& entry = gate_.journal->entries()[2];
  entry.records.clear();
  const std::optional<CallError> error = Verify();
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->reason, ErrorReason::kDamaged);
  EXPECT_FALSE(last_.is_done());
  EXPECT_EQ(damaged_reads_.value(), 1);
}

TEST_F(VerifyServiceTest, SaysWhatOfTheRunningStateDiffers) {
  gate_.state.payers.FindOrInsert(PayerId(1)).day_permille_told ^= 1;
  std::optional<CallError> error = Verify();
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->reason, ErrorReason::kDamaged);
  EXPECT_THAT(error->message, HasSubstr("state hash"));
  gate_.state.totals.reminders_count += 1;
  error = Verify();
  ASSERT_TRUE(error.has_value());
  EXPECT_THAT(error->message, HasSubstr("totals"));
  EXPECT_EQ(damaged_reads_.value(), 2);
}

TEST_F(VerifyServiceTest, AnErrorOfTheLookKeepsItsReason) {
  look_error_ = CallError{.reason = ErrorReason::kOverloaded, .field = "", .message = "back off"};
  const std::optional<CallError> error = Verify();
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->reason, ErrorReason::kOverloaded);
  EXPECT_EQ(error->message, "back off");
  EXPECT_EQ(damaged_reads_.value(), 0);
}

TEST_F(VerifyServiceTest, StopsWhenNobodyListens) {
  looks_max_ = 10;
  const std::optional<CallError> error = Verify();
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->reason, ErrorReason::kStopping);
  EXPECT_FALSE(last_.is_done());
}

}  // namespace
}  // namespace tipgate
