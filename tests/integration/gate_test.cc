#include "tests/integration/gate_test.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/integration/http_get.h"

namespace tipgate {
namespace {

// Nobody listens there.
constexpr char kNowhere[] = "127.0.0.1:1";
// How often the metrics are read before a value counts as never reached.
constexpr int kLooksMax = 20'000;

}  // namespace

void GateTest::MakeFiles() {
  if (has_files_) return;
  auto files = GateFiles::Create(policy_, more_config_);
  ASSERT_TRUE(files.ok()) << files.status();
  files_ = *std::move(files);
  has_files_ = true;
}

GateProcessOptions GateTest::StartOptions() {
  MakeFiles();
  GateProcessOptions options;
  options.binary = TIPGATE_BINARY;
  options.config_file = files_.config_file();
  options.data_dir = files_.data_dir();
  options.log_file = files_.log_file();
  options.extra_arguments = arguments_;
  options.environment = environment_;
  if (clock_ != nullptr) {
    for (std::string& variable : clock_->Environment()) {
      options.environment.push_back(std::move(variable));
    }
  }
  return options;
}

void GateTest::StartGate() {
  auto gate = GateProcess::Start(StartOptions());
  client_ = std::make_unique<GateClient>(gate.ok() ? (*gate)->target() : kNowhere);
  ASSERT_TRUE(gate.ok()) << gate.status();
  gate_ = *std::move(gate);
}

void GateTest::StartGateWithSession() {
  StartGate();
  client().PutAdult(kPayer);
  client().PutStreamer(kStreamer);
  client().OpenSession(kSession, kStreamer);
}

TestClock& GateTest::StopClock(int64_t time_ms) {
  MakeFiles();
  clock_ = std::make_unique<TestClock>(files_.Join("clock"), time_ms);
  return *clock_;
}

void GateTest::ExpectResponsive(const std::string& name) {
  for (int i = 0; i < 100; ++i) {
    v1::AuthorizeTipResponse response;
    const grpc::Status status = client().Call(AuthorizeOf(TipOf(absl::StrCat(name, i), 1)),
                                              &response, std::chrono::seconds(20));
    ASSERT_TRUE(status.ok()) << name << i << ": " << status.error_message();
  }
}

double GateTest::Metric(const std::string& sample) {
  return MetricValue(HttpGet(gate().metrics_address(), "/metrics").body, sample);
}

bool GateTest::Reaches(const std::string& sample, double expected) {
  for (int i = 0; i < kLooksMax; ++i) {
    if (Metric(sample) == expected) return true;
  }
  return false;
}

bool GateTest::FallsTo(const std::string& sample, double expected) {
  for (int i = 0; i < kLooksMax; ++i) {
    if (Metric(sample) <= expected) return true;
  }
  return false;
}

void GateTest::StopGate() {
  const absl::StatusOr<int> code = gate_->Terminate();
  ASSERT_TRUE(code.ok()) << code.status();
  EXPECT_EQ(*code, 0) << gate_->LogTail();
}

}  // namespace tipgate
