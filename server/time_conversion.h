#pragma once

#include <google/protobuf/timestamp.pb.h>

#include <cstdint>

namespace tipgate {

// True for what google.protobuf.Timestamp may hold: the years 1 .. 9999, and nanoseconds that are
// not negative.
bool IsValidTimestamp(const google::protobuf::Timestamp& timestamp);

// Unix time in milliseconds of a valid timestamp, rounded down.
int64_t UnixMs(const google::protobuf::Timestamp& timestamp);

void SetUnixMs(int64_t time_ms, google::protobuf::Timestamp* timestamp);

}  // namespace tipgate
