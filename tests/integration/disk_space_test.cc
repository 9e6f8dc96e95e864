// A volume that fills up: the gate warns, then refuses changes, and goes on by itself once there is
// room again. Nothing is lost when it cannot even start.

#include <gmock/gmock.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/integration/gate_error.h"
#include "tests/integration/gate_test.h"
#include "tests/integration/http_get.h"
#include "tests/integration/load_clients.h"
#include "tests/integration/small_volume.h"
#include "tests/integration/standard_services.h"

namespace tipgate {
namespace {

using testing::HasSubstr;

constexpr int64_t kMiB = int64_t{1} << 20;
constexpr int64_t kStopBytes = 64 * kMiB;
constexpr int64_t kWarnBytes = 128 * kMiB;

class DiskSpace : public GateTest {
 protected:
  void SetUp() override {
    more_config_ =
        absl::StrCat("disk_stop_bytes: ", kStopBytes, "\ndisk_warn_bytes: ", kWarnBytes, "\n");
    StartOptions();  // makes the files
    volume_ = std::make_unique<SmallVolume>(files().data_dir(), "400m");
    if (!volume_->is_mounted()) {
      GTEST_SKIP() << "only root may mount; see DiskFault, and server_test's DiskWatchTest";
    }
  }

  // Waits until the gate has measured, which it does all the time.
  bool Reaches(const std::string& sample, double expected) {
    for (int i = 0; i < 10'000; ++i) {
      if (Metric(sample) == expected) return true;
    }
    return false;
  }
  double Metric(const std::string& sample) {
    return MetricValue(HttpGet(gate().metrics_address(), "/metrics").body, sample);
  }
  int LogLinesWith(const std::string& text) {
    int count = 0;
    for (const absl::string_view line : absl::StrSplit(ReadFile(files().log_file()), '\n')) {
      count += absl::StrContains(line, text) ? 1 : 0;
    }
    return count;
  }

  std::unique_ptr<SmallVolume> volume_;
};

TEST_F(DiskSpace, TheGateWarnsThenRefusesChangesAndGoesOnByItself) {
  StartGateWithSession();
  EXPECT_EQ(client().Tip(TipOf("a", 1)).outcome(), v1::OUTCOME_ACCEPTED);
  EXPECT_EQ(Metric("tipgate_disk_low"), 0);

  ASSERT_TRUE(volume_->LeaveFree(100 * kMiB));
  ASSERT_TRUE(Reaches("tipgate_disk_low", 1));
  EXPECT_EQ(Metric("tipgate_disk_refused"), 0);
  EXPECT_LT(Metric("tipgate_disk_spare_bytes"), kWarnBytes);
  EXPECT_EQ(HttpGet(gate().metrics_address(), "/healthz").status, 200);
  EXPECT_EQ(client().Tip(TipOf("b", 1)).outcome(), v1::OUTCOME_ACCEPTED);

  ASSERT_TRUE(volume_->LeaveFree(50 * kMiB));
  ASSERT_TRUE(Reaches("tipgate_disk_refused", 1));
  EXPECT_THAT(client().Try(AuthorizeOf(TipOf("c", 1))),
              FailsWith(grpc::StatusCode::RESOURCE_EXHAUSTED, v1::ERROR_REASON_DISK_FULL, ""));
  EXPECT_EQ(Metric("tipgate_disk_refusals_total"), 1);
  const HttpResponse health = HttpGet(gate().metrics_address(), "/healthz");
  EXPECT_EQ(health.status, 503);
  EXPECT_THAT(health.body, HasSubstr("free some space"));
  EXPECT_EQ(StandardServices(client().channel()).Health(""), HealthState::kNotServing);
  EXPECT_EQ(client().Totals().tips_accepted_count(), 2);
  EXPECT_EQ(client().Check(TipOf("", 1)).outcome(), v1::OUTCOME_ACCEPTED);

  volume_->GiveBack();
  ASSERT_TRUE(Reaches("tipgate_disk_refused", 0));
  EXPECT_EQ(HttpGet(gate().metrics_address(), "/healthz").status, 200);
  EXPECT_EQ(client().Tip(TipOf("c", 1)).outcome(), v1::OUTCOME_ACCEPTED);
  EXPECT_EQ(client().Totals().tips_accepted_count(), 3);
  client().Verify();
  StopGate();
  EXPECT_EQ(LogLinesWith("MiB to spare; free some space: with less than 64 MiB"), 1);
  EXPECT_EQ(LogLinesWith("every change is refused: the volume of"), 1);
  EXPECT_EQ(LogLinesWith("changes are taken again"), 1);
}

TEST_F(DiskSpace, AGateThatStartsOnANearlyFullVolumeRefusesFromTheFirstCallOn) {
  StartGateWithSession();
  StopGate();
  ASSERT_TRUE(volume_->LeaveFree(kStopBytes + kMiB));  // enough to start
  StartGate();
  ASSERT_TRUE(Reaches("tipgate_disk_low", 1));
  ASSERT_TRUE(volume_->LeaveFree(kStopBytes - kMiB));
  ASSERT_TRUE(Reaches("tipgate_disk_refused", 1));
  EXPECT_THAT(client().Try(AuthorizeOf(TipOf("a", 1))),
              FailsWith(grpc::StatusCode::RESOURCE_EXHAUSTED, v1::ERROR_REASON_DISK_FULL, ""));
  StopGate();  // there is room for the last checkpoint
}

TEST_F(DiskSpace, AStartOnAFullVolumeIsRefusedAndLosesNothing) {
  StartGateWithSession();
  LoadClients::PutPayers(client());
  TipBooks books;
  LoadClients clients(gate().target(), /*seed=*/1, /*round=*/0, &books);
  ASSERT_TRUE(books.AwaitAnswers(2'000));
  gate().Kill();
  clients.AwaitEnd();
  ASSERT_TRUE(volume_->LeaveFree(0));
  for (int i = 0; i < 2; ++i) {
    GateProcessOptions options = StartOptions();
    options.log_file = files().Join("refused.log");
    const auto refused = GateProcess::Launch(options);
    ASSERT_TRUE(refused.ok()) << refused.status();
    EXPECT_EQ((*refused)->WaitExit(absl::Minutes(1)).value_or(-1), 73);
    EXPECT_THAT(ReadFile(options.log_file), HasSubstr("; free some space, then start again"));
  }
  volume_->GiveBack();
  StartGate();
  books.ReplayAll(client());
  books.ExpectTotals(client().Totals());
  EXPECT_EQ(client().Verify().state_hash(), client().Info(true).state_hash());
  StopGate();
}

}  // namespace
}  // namespace tipgate
