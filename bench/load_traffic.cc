#include "bench/load_traffic.h"

#include <grpcpp/support/slice.h>

#include <vector>

namespace tipgate {

std::string Flattened(const grpc::ByteBuffer& message) {
  std::vector<grpc::Slice> slices;
  if (!message.Dump(&slices).ok()) return "";
  std::string bytes;
  bytes.reserve(message.Length());
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

}  // namespace tipgate
