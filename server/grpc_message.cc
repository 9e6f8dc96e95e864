#include "server/grpc_message.h"

#include <grpcpp/support/proto_buffer_reader.h>

#include <string>
#include <vector>

#include "server/parse_failure.h"

namespace tipgate {
namespace {

std::string Flatten(const grpc::ByteBuffer& bytes) {
  std::vector<grpc::Slice> slices;
  std::string flat;
  if (!bytes.Dump(&slices).ok()) return flat;
  for (const grpc::Slice& slice : slices) {
    flat.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return flat;
}

}  // namespace

std::optional<CallError> ParseBytes(grpc::ByteBuffer* bytes, google::protobuf::Message* message) {
  {
    grpc::ProtoBufferReader reader(bytes);
    if (reader.status().ok() && message->ParseFromZeroCopyStream(&reader)) return std::nullopt;
  }
  return ExplainParseFailure(*message->GetDescriptor(), Flatten(*bytes));
}

grpc::ByteBuffer SerializeToBytes(const google::protobuf::Message& message) {
  grpc::Slice slice(message.ByteSizeLong());
  message.SerializeWithCachedSizesToArray(const_cast<uint8_t*>(slice.begin()));
  return grpc::ByteBuffer(&slice, 1);
}

}  // namespace tipgate
