#pragma once

#include <optional>

#include "core/record.h"
#include "server/rpc.h"
#include "tipgate/v1/payer.pb.h"
#include "tipgate/v1/streamer.pb.h"

namespace tipgate {

// Facts about people, from what callers send to what the core takes; as in
// server/request_conversion.h.
std::optional<CallError> Convert(const v1::PutPayerRequest& message, PayerRecord* request);
std::optional<CallError> Convert(const v1::PutStreamerRequest& message, StreamerRecord* request);

}  // namespace tipgate
