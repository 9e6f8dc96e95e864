#pragma once

#include <cstdint>

namespace tipgate {

// Why a request failed without a decision; the values are those of tipgate.v1.ErrorReason.
enum class ErrorReason : uint8_t {
  kInvalidField = 1,
  kCreateTimeTooOld = 2,
  kKeyReused = 3,
  kNotFound = 4,
  kWrongState = 5,
  kOverloaded = 6,
  kCapacityReached = 7,
  kStopping = 8,
  kClockUntrusted = 9,
  kDeadlinePassed = 10,
  kDamaged = 11,
  kIdTaken = 12,
  kUnauthenticated = 13,
  kDiskFull = 14,
  kBackupFailed = 15,
};

// An error of one request. Both texts live as long as the program: `field` is the path of the field
// to blame (empty: none), `message` tells a person in one line what is expected.
struct RequestError {
  ErrorReason reason{};
  const char* field = "";
  const char* message = "";
};

}  // namespace tipgate
