#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "bench/gate_process.h"
#include "tests/integration/gate_client.h"
#include "tests/integration/gate_files.h"
#include "tests/integration/requests.h"
#include "tests/integration/test_clock.h"

namespace tipgate {

// A test against the real server on real RocksDB. Set `policy_` and what else it shall start with,
// then StartGate; stop it and StartGate again to go on with the same data.
class GateTest : public testing::Test {
 protected:
  // Fails the test if the gate does not serve; calls then answer UNAVAILABLE.
  void StartGate();
  // The same, with kPayer known, and kStreamer live in kSession.
  void StartGateWithSession();

  // How the gate is started; `files_` exist from the first call on.
  GateProcessOptions StartOptions();
  // Gives the gates that are started from here on a clock that stands at this time.
  TestClock& StopClock(int64_t time_ms);
  // Ends it with SIGTERM and expects 0.
  void StopGate();

  // The gate answers `client`: a hundred tips, whose keys begin with `name`.
  void ExpectResponsive(const std::string& name);
  // What the metrics say of a sample; -1 if there is none.
  double Metric(const std::string& sample);
  // Reads the metrics until this sample has this value, or no larger one; false if it never does.
  bool Reaches(const std::string& sample, double expected);
  bool FallsTo(const std::string& sample, double expected);

  GateProcess& gate() { return *gate_; }
  GateClient& client() { return *client_; }
  GateFiles& files() { return files_; }

  TestPolicy policy_;
  std::string more_config_;
  std::vector<std::string> arguments_;    // on top of those that every gate gets
  std::vector<std::string> environment_;  // "NAME=value", on top of ours

 private:
  void MakeFiles();

  bool has_files_ = false;
  GateFiles files_;
  std::unique_ptr<TestClock> clock_;
  std::unique_ptr<GateProcess> gate_;
  std::unique_ptr<GateClient> client_;
};

}  // namespace tipgate
