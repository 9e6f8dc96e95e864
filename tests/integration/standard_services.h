#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <set>
#include <string>

namespace tipgate {

enum class HealthState { kServing, kNotServing, kUnknownService, kNoAnswer };

// Asks the services that every gRPC server may have: grpc.health.v1 and grpc.reflection.v1alpha.
// Their few messages are read by field number.
class StandardServices {
 public:
  explicit StandardServices(std::shared_ptr<grpc::Channel> channel)
      : channel_(std::move(channel)) {}

  HealthState Health(const std::string& service);
  std::set<std::string> ListServices();
  // The serialized file descriptor that declares a symbol; empty if there is none.
  std::string FileOf(const std::string& symbol);

 private:
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace tipgate
