#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

namespace tipgate {

// Sends bytes as the one request message of a method such as "/tipgate.v1.TipService/GetTip",
// whatever they mean, and waits for the one response.
grpc::Status RawCall(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                     const std::string& request, std::string* response,
                     grpc_compression_algorithm compression = GRPC_COMPRESS_NONE);

}  // namespace tipgate
