#pragma once

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "server/rpc.h"

namespace tipgate {

inline constexpr int64_t kNoMax = std::numeric_limits<int64_t>::max();

// Checks the fields of one message, one after the other, and keeps the first fault. Costs a
// comparison for a field that is right. Where a check converts, the result of a wrong field means
// nothing.
class FieldChecks {
 public:
  void Range(const char* field, int64_t value, int64_t min, int64_t max) {
    if (value < min || value > max) [[unlikely]]
      RefuseRange(field, value, min, max);
  }
  void Id(const char* field, int64_t value) { Range(field, value, 1, kNoMax); }
  void Bytes(const char* field, const std::string& text, size_t min, size_t max) {
    if (text.size() < min || text.size() > max) [[unlikely]]
      RefuseBytes(field, text, min, max);
  }

  // Refuses the field unless `is_right`.
  void That(bool is_right, const char* field, absl::string_view expected) {
    if (!is_right) [[unlikely]]
      Refuse(field, expected);
  }

  // Unix time in milliseconds, rounded down.
  int64_t TimeMs(const char* field, const google::protobuf::Timestamp& time);

  // A duration of whole milliseconds.
  int64_t DurationMs(const char* field, const google::protobuf::Duration& duration, int64_t min_ms,
                     int64_t max_ms);

  std::optional<CallError> TakeFault() { return std::move(fault_); }

 private:
  void Refuse(const char* field, absl::string_view expected);
  void RefuseRange(const char* field, int64_t value, int64_t min, int64_t max);
  void RefuseBytes(const char* field, const std::string& text, size_t min, size_t max);

  std::optional<CallError> fault_;
};

}  // namespace tipgate
