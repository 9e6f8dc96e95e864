#include "tests/integration/gate_test.h"

#include <utility>

namespace tipgate {
namespace {

// Nobody listens there.
constexpr char kNowhere[] = "127.0.0.1:1";

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
  if (clock_ != nullptr) options.environment = clock_->Environment();
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

void GateTest::StopGate() {
  const absl::StatusOr<int> code = gate_->Terminate();
  ASSERT_TRUE(code.ok()) << code.status();
  EXPECT_EQ(*code, 0) << gate_->LogTail();
}

}  // namespace tipgate
