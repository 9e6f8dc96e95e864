// A wall clock that jumps ahead: nothing is decided, everybody can see why, and it passes.

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "tests/integration/gate_error.h"
#include "tests/integration/gate_test.h"
#include "tests/integration/http_get.h"
#include "tests/integration/standard_services.h"

namespace tipgate {
namespace {

constexpr int64_t kHourMs = 3'600'000;

class ClockJump : public GateTest {
 protected:
  // Waits until the gate has looked at its clock, which it does all the time.
  bool BecomesHealthy(bool is_healthy) {
    const int expected = is_healthy ? 200 : 503;
    for (int i = 0; i < 10'000; ++i) {
      page_ = HttpGet(gate().metrics_address(), "/healthz");
      if (page_.status == expected) return true;
    }
    return false;
  }
  HealthState Health(const std::string& service) {
    return StandardServices(client().channel()).Health(service);
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

  HttpResponse page_;
};

TEST_F(ClockJump, TheGateIsUnhealthyUntilTheClockComesBack) {
  const int64_t time_ms = absl::ToUnixMillis(absl::Now()) - 100 * kHourMs;
  TestClock& clock = StopClock(time_ms);
  StartGateWithSession();
  EXPECT_TRUE(BecomesHealthy(true));
  EXPECT_EQ(Metric("tipgate_clock_refused"), 0);

  clock.Set(time_ms + 2 * kHourMs);
  ASSERT_TRUE(BecomesHealthy(false));
  EXPECT_TRUE(absl::StrContains(page_.body, "the clock jumped")) << page_.body;
  EXPECT_EQ(Health(""), HealthState::kNotServing);
  EXPECT_EQ(Health("tipgate.v1.TipService"), HealthState::kNotServing);
  EXPECT_EQ(Metric("tipgate_clock_refused"), 1);
  EXPECT_THAT(client().Try(AuthorizeOf(TipOf("a", 1))),
              FailsWith(grpc::StatusCode::UNAVAILABLE, v1::ERROR_REASON_CLOCK_UNTRUSTED, ""));

  clock.Set(time_ms);
  ASSERT_TRUE(BecomesHealthy(true));
  EXPECT_EQ(Health(""), HealthState::kServing);
  EXPECT_EQ(Health("tipgate.v1.TipService"), HealthState::kServing);
  EXPECT_EQ(Metric("tipgate_clock_refused"), 0);
  EXPECT_EQ(client().Tip(TipOf("a", 1)).outcome(), v1::OUTCOME_ACCEPTED);
  StopGate();
  EXPECT_EQ(LogLinesWith("the clock jumped"), 1);
  EXPECT_EQ(LogLinesWith("the clock has come back"), 1);
}

}  // namespace
}  // namespace tipgate
