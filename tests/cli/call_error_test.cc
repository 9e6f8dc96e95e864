#include "cli/call_error.h"

#include <string>

#include "gtest/gtest.h"
#include "tests/cli/gate_error.h"

namespace tipgate {
namespace {

const CallTarget kTarget{"127.0.0.1:7443", absl::Seconds(10)};

std::string MessageOf(const grpc::Status& status) {
  return std::string(ToCallError(status, kTarget).message());
}

TEST(CallError, ShowsFieldAndReasonOfTheGate) {
  const grpc::Status status =
      GateError(grpc::StatusCode::INVALID_ARGUMENT, "count must be 1 .. 9999",
                v1::ERROR_REASON_INVALID_FIELD, "tip.count");
  EXPECT_EQ(ToCallError(status, kTarget).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(MessageOf(status), "count must be 1 .. 9999 (field tip.count, reason INVALID_FIELD)");
}

TEST(CallError, LeavesOutTheFieldIfNoneIsToBlame) {
  EXPECT_EQ(MessageOf(GateError(grpc::StatusCode::UNAVAILABLE, "the gate is stopping",
                                v1::ERROR_REASON_STOPPING)),
            "the gate is stopping (reason STOPPING)");
}

TEST(CallError, SaysWhereNoGateAnswers) {
  EXPECT_EQ(MessageOf({grpc::StatusCode::UNAVAILABLE, "connection refused"}),
            "no gate answers at 127.0.0.1:7443; is tipgate running there? Set --target or "
            "TIPGATE_TARGET (connection refused)");
}

TEST(CallError, SaysThatATimedOutChangeMayHaveHappened) {
  EXPECT_EQ(MessageOf({grpc::StatusCode::DEADLINE_EXCEEDED, "Deadline Exceeded"}),
            "no answer from 127.0.0.1:7443 within 10s; a change may have happened: repeat it with "
            "the same --key");
}

TEST(CallError, DetailsThatDoNotParseAreNoInfo) {
  const grpc::Status status(grpc::StatusCode::INTERNAL, "broken", "\xFF\xFF");
  EXPECT_EQ(ErrorInfoOf(status).reason(), v1::ERROR_REASON_UNSPECIFIED);
  EXPECT_EQ(MessageOf(status), "broken");
}

}  // namespace
}  // namespace tipgate
