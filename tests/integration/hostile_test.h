#pragma once

#include <cstdint>
#include <string>

#include "tests/integration/gate_test.h"
#include "tests/integration/http2_client.h"

namespace tipgate {

// A gate with a session, and what it was like before anybody was hostile.
class HostileTest : public GateTest {
 protected:
  void SetUp() override;

  // A connection that has said its preface and, like every honest one, has agreed to the gate's
  // settings. gRPC 1.51 does not hold others to them: docs/tipgate.md.
  Http2Client Greeted(const std::string& settings = "");

  // The gate serves others; nothing was counted but what they tipped; its connections are as they
  // were, and its memory has not grown by more than `growth_max` bytes. Call when the hostile
  // connections are closed.
  void ExpectUnharmed(int64_t growth_max = kGrowthMax);
  // The gate serves others.
  void ExpectServing();

  static constexpr int64_t kGrowthMax = int64_t{128} << 20;
  static constexpr char kAuthorizeTip[] = "/tipgate.v1.TipService/AuthorizeTip";

 private:
  int rounds_count_ = 0;
  double files_before_ = 0;
  int64_t bytes_before_ = 0;
};

}  // namespace tipgate
