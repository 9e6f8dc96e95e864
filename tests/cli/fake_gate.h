// A gate without rules: it answers each RPC with what a test has told it, and remembers what it was
// asked. Real gRPC on a free loopback port.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "google/protobuf/message.h"
#include "grpcpp/server.h"

namespace tipgate {

// Answers by RPC name. Thread-safe.
class Script {
 public:
  // Adds one answer; the RPC gives its answers in their order, and the last one again and again.
  void Reply(const std::string& rpc, const google::protobuf::Message& response);

  // The RPC fails from now on; a stream fails after its answers.
  void Fail(const std::string& rpc, const grpc::Status& status);

  // What was asked, in order; an RPC that was never called has none.
  template <typename Request>
  std::vector<Request> Requests(const std::string& rpc) const {
    const absl::MutexLock lock(&mutex_);
    std::vector<Request> requests;
    const auto calls = calls_.find(rpc);
    if (calls == calls_.end()) return requests;
    for (const std::string& bytes : calls->second.requests) {
      requests.emplace_back().ParseFromString(bytes);
    }
    return requests;
  }

  // Who made the last call, as it says; empty: nobody.
  std::string identity() const;

  // Used by the services.
  void NoteIdentity(const grpc::ServerContext& context);
  grpc::Status Answer(const std::string& rpc, const google::protobuf::Message& request,
                      google::protobuf::Message* response);
  grpc::Status Record(const std::string& rpc, const google::protobuf::Message& request);
  std::vector<std::string> Replies(const std::string& rpc) const;

 private:
  struct Calls {
    std::vector<std::string> requests;
    std::vector<std::string> replies;
    size_t next_reply = 0;
    grpc::Status status;
  };

  mutable absl::Mutex mutex_;
  std::map<std::string, Calls> calls_ ABSL_GUARDED_BY(mutex_);
  std::string identity_ ABSL_GUARDED_BY(mutex_);
};

class FakeGate {
 public:
  FakeGate();
  ~FakeGate();

  Script& script() { return script_; }
  const std::string& address() const { return address_; }

 private:
  struct Services;

  Script script_;
  std::unique_ptr<Services> services_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

}  // namespace tipgate
