#pragma once

#include <memory>
#include <string>
#include <vector>

#include "grpc/reflection/v1alpha/reflection.pb.h"
#include "server/rpc.h"

namespace tipgate {

// Answers the questions of grpc.reflection.v1alpha.ServerReflection from the descriptors that are
// part of the program. Any thread.
class ReflectionService {
 public:
  // The full names of the services that the server has.
  explicit ReflectionService(std::vector<std::string> services);

  grpc::reflection::v1alpha::ServerReflectionResponse Answer(
      const grpc::reflection::v1alpha::ServerReflectionRequest& request) const;

  // The same for one message of a stream.
  void Serve(std::unique_ptr<Rpc> rpc) const;

 private:
  const std::vector<std::string> services_;
};

}  // namespace tipgate
