#include "server/grpc_message.h"

#include <grpcpp/support/proto_buffer_reader.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
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

std::optional<CallError> ParseBytes(grpc::ByteBuffer* bytes, int bytes_max,
                                    google::protobuf::Message* message) {
  if (bytes->Length() > static_cast<size_t>(bytes_max)) {
    return CallError{.reason = ErrorReason::kInvalidField,
                     .field = "",
                     .message = absl::StrCat("the message must have at most ", bytes_max,
                                             " bytes, had ", bytes->Length())};
  }
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
