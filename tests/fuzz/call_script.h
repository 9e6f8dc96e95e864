#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/grpc_server.h"

namespace tipgate::fuzz {

// A method of the contract.
struct Method {
  const char* name;
  RpcHandler GrpcServer::Handlers::*handler;  // null: its answer is a stream
};

// All of them. Corpora name them by their place: new ones go to the end.
const std::vector<Method>& Methods();

// The place of a name, which must be there.
uint8_t MethodPlace(absl::string_view name);

// An empty request of the method.
const google::protobuf::Message& RequestOf(const Method& method);

// A call as a script has it:
//
//   offset  bytes
//        0      1  the method: its place, modulo their count
//        1      1  low 5 bits: the logarithm of the milliseconds since the call before;
//                  high 2 bits: who calls, 0 and 3: nobody known
//        2      2  size of the request, little-endian; cut to what is there
//        4         the request, any bytes
struct ScriptedCall {
  uint8_t method = 0;
  uint8_t header = 0;
  std::string request;

  int64_t after_ms() const { return int64_t{1} << (header & 31); }
  const char* identity() const;
};

// More are not read.
inline constexpr size_t kCallsMax = 48;

std::vector<ScriptedCall> ReadScript(absl::string_view bytes);
std::string WriteScript(const std::vector<ScriptedCall>& calls);

}  // namespace tipgate::fuzz
