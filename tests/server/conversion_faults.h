#pragma once

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/request_conversion.h"

namespace tipgate {

// What conversions of requests say to one field after the other.

template <typename MessageType>
MessageType Parse(const std::string& text) {
  MessageType message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

// What Convert says to `base` with `change` merged in: "field: expected ...", or "" if nothing is
// wrong.
template <typename MessageType, typename RequestType>
std::string FaultOf(const std::string& base, const std::string& change) {
  MessageType message = Parse<MessageType>(base);
  EXPECT_TRUE(google::protobuf::TextFormat::MergeFromString(change, &message)) << change;
  RequestType request;
  std::optional<CallError> fault;
  if constexpr (std::is_same_v<MessageType, v1::TipIntent>) {
    fault = Convert(message, KeyUse::kRequired, &request);
  } else {
    fault = Convert(message, &request);
  }
  if (!fault.has_value()) return "";
  EXPECT_EQ(fault->reason, ErrorReason::kInvalidField);
  EXPECT_TRUE(absl::StartsWith(fault->message, absl::StrCat(fault->field, ": "))) << fault->message;
  return fault->message;
}

struct Case {
  std::string change;
  std::string fault;  // "": accepted
};

inline constexpr char kTimeExpected[] =
    ": must be a time in the years 1 .. 9999 with nanos 0 .. 999999999";

}  // namespace tipgate
