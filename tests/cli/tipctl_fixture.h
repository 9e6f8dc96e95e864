// A test with a fake gate and the real tipctl that is pointed at it.
#pragma once

#include <string>
#include <vector>

#include "google/protobuf/text_format.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "tests/cli/fake_gate.h"
#include "tests/cli/tipctl_process.h"

namespace tipgate {

// A message from protobuf text.
template <typename Message>
Message Proto(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

// A message from protobuf JSON.
template <typename Message>
Message FromJson(const std::string& json) {
  Message message;
  const auto status = google::protobuf::util::JsonStringToMessage(json, &message);
  EXPECT_TRUE(status.ok()) << status.ToString() << "\n" << json;
  return message;
}

testing::AssertionResult IsSame(const google::protobuf::Message& actual,
                                const google::protobuf::Message& expected);

std::vector<std::string> Lines(const std::string& text);

class TipctlTest : public testing::Test {
 protected:
  // Runs tipctl against the fake gate, in the time zone +08:00. Words are split at spaces.
  ProcessResult Run(const std::string& line) const;

  // What `rpc` was asked last.
  template <typename Request>
  Request LastRequest(const std::string& rpc) const {
    const auto requests = gate_.script().template Requests<Request>(rpc);
    if (!requests.empty()) return requests.back();
    ADD_FAILURE() << rpc << " was not called";
    return {};
  }

  mutable FakeGate gate_;
};

// True if `line` consists of these words, whatever spaces align them.
bool HasLine(const std::string& text, const std::string& words);

}  // namespace tipgate
