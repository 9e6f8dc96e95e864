#pragma once

#include <google/protobuf/descriptor.h>

#include "absl/strings/string_view.h"
#include "server/rpc.h"

namespace tipgate {

// Why `bytes` are not a message of this type: INVALID_ARGUMENT with the path of the field to blame,
// such as "tips[3].idempotency_key", or without one where the message as such is malformed.
CallError ExplainParseFailure(const google::protobuf::Descriptor& type, absl::string_view bytes);

}  // namespace tipgate
