#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"
#include "storage/byte_order.h"

namespace tipgate {

// What stands in the family `state`. Stored; never renumber.
enum class StateKind : uint8_t {
  kPayer = 1,
  kStreamer = 2,
  kSession = 3,
  kRecharge = 4,
  kTotals = 5,
  kControls = 6,
  kRecentTips = 7,
  kSanctions = 8,
  kStops = 9,
  kPolicies = 10,
  kTip = 11,
  kAgency = 12,
  kIncomeJob = 13,
  // From here on what Load does not give: their number is not bounded.
  kOldSession = 64,
  kOldTip = 65,
  kOldRecharge = 66
};

// The key of a row: its kind, and its id big-endian.
class StateKey {
 public:
  static constexpr size_t kBytes = 1 + sizeof(int64_t);

  StateKey(StateKind kind, int64_t id) {
    bytes_[0] = static_cast<char>(kind);
    PutBigEndian(static_cast<uint64_t>(id), bytes_ + 1);
  }
  absl::string_view view() const { return {bytes_, sizeof(bytes_)}; }

 private:
  char bytes_[kBytes];
};

}  // namespace tipgate
