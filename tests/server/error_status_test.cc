#include "server/error_status.h"

#include <gtest/gtest.h>

#include "tipgate/v1/error.pb.h"

namespace tipgate {
namespace {

struct Mapping {
  v1::ErrorReason reason;
  grpc::StatusCode code;
};

TEST(ErrorStatus, EveryReasonOfTheContractHasTheCodeThatItTells) {
  constexpr Mapping kMappings[] = {
      {v1::ERROR_REASON_INVALID_FIELD, grpc::StatusCode::INVALID_ARGUMENT},
      {v1::ERROR_REASON_CREATE_TIME_TOO_OLD, grpc::StatusCode::INVALID_ARGUMENT},
      {v1::ERROR_REASON_KEY_REUSED, grpc::StatusCode::ALREADY_EXISTS},
      {v1::ERROR_REASON_NOT_FOUND, grpc::StatusCode::NOT_FOUND},
      {v1::ERROR_REASON_WRONG_STATE, grpc::StatusCode::FAILED_PRECONDITION},
      {v1::ERROR_REASON_OVERLOADED, grpc::StatusCode::RESOURCE_EXHAUSTED},
      {v1::ERROR_REASON_CAPACITY_REACHED, grpc::StatusCode::RESOURCE_EXHAUSTED},
      {v1::ERROR_REASON_STOPPING, grpc::StatusCode::UNAVAILABLE},
      {v1::ERROR_REASON_CLOCK_UNTRUSTED, grpc::StatusCode::UNAVAILABLE},
      {v1::ERROR_REASON_DEADLINE_PASSED, grpc::StatusCode::DEADLINE_EXCEEDED},
      {v1::ERROR_REASON_DAMAGED, grpc::StatusCode::DATA_LOSS},
      {v1::ERROR_REASON_ID_TAKEN, grpc::StatusCode::ALREADY_EXISTS},
      {v1::ERROR_REASON_UNAUTHENTICATED, grpc::StatusCode::UNAUTHENTICATED},
      {v1::ERROR_REASON_DISK_FULL, grpc::StatusCode::RESOURCE_EXHAUSTED},
      {v1::ERROR_REASON_BACKUP_FAILED, grpc::StatusCode::UNAVAILABLE},
  };
  EXPECT_EQ(std::size(kMappings), v1::ErrorReason_ARRAYSIZE - 1);
  for (const Mapping& mapping : kMappings) {
    EXPECT_EQ(StatusCodeOf(static_cast<ErrorReason>(mapping.reason)), mapping.code)
        << v1::ErrorReason_Name(mapping.reason);
  }
}

TEST(ErrorStatus, ProgramsFindTheReasonAndTheFieldInTheDetails) {
  const grpc::Status status = ToGrpcStatus({.reason = ErrorReason::kKeyReused,
                                            .field = "tip.idempotency_key",
                                            .message = "use a new key"});
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(status.error_message(), "use a new key");

  v1::ErrorStatus details;
  ASSERT_TRUE(details.ParseFromString(status.error_details()));
  EXPECT_EQ(details.code(), 6);
  EXPECT_EQ(details.message(), "use a new key");
  ASSERT_EQ(details.details_size(), 1);
  v1::ErrorInfo info;
  ASSERT_TRUE(details.details(0).UnpackTo(&info));
  EXPECT_EQ(info.reason(), v1::ERROR_REASON_KEY_REUSED);
  EXPECT_EQ(info.field(), "tip.idempotency_key");
}

}  // namespace
}  // namespace tipgate
