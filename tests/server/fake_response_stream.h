#pragma once

#include <functional>
#include <optional>

#include "core/check.h"
#include "server/response_stream.h"

namespace tipgate {

// A stream whose caller is the test.
template <typename Request, typename Response>
class FakeResponseStream final : public ResponseStream {
 public:
  explicit FakeResponseStream(const Request& request) : request_(request) {}

  std::optional<CallError> Parse(google::protobuf::Message* request) override {
    request->CopyFrom(request_);
    return std::nullopt;
  }

  bool Write(const google::protobuf::Message& response) override {
    is_open_ = is_open_ && on_write(dynamic_cast<const Response&>(response));
    return is_open_;
  }

  bool is_open() const override { return is_open_ && ++looks_ <= looks_max; }

  // Whether to go on after this response.
  std::function<bool(const Response&)> on_write;
  // So often it is open when it is asked.
  int looks_max = INT32_MAX;

 private:
  const Request request_;
  bool is_open_ = true;
  mutable int looks_ = 0;
};

}  // namespace tipgate
