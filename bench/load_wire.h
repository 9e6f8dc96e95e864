#pragma once

#include <grpcpp/support/byte_buffer.h>

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tipgate {

// Tips in Protobuf's wire format, written and read without message objects: the generator shares
// its machine with the server that it measures, so each nanosecond of its own counts twice.

// The fields of a TipIntent that many tips share, encoded once.
std::string EncodeSessionFields(int64_t streamer_id, int64_t session_id);
std::string EncodeGiftFields(int64_t gift_id, int64_t unit_price_minor, int count);

// Builds AuthorizeTipRequest, AuthorizeTipsRequest and StreamTipsRequest: on the wire they are all
// the same, a list of TipIntent in field 1. Reusable, not thread-safe.
class TipRequestWriter {
 public:
  // Adds one tip, whose idempotency key is `key` as 16 hexadecimal digits.
  void Add(uint64_t key, int64_t payer_id, absl::string_view session_fields,
           absl::string_view gift_fields);

  // The request with all tips added since the last call.
  grpc::ByteBuffer Take();

 private:
  std::string bytes_;
};

// How the tips of a response were decided.
struct TipOutcomes {
  int64_t accepted_count = 0;
  int64_t rejected_count = 0;
  int64_t error_count = 0;
  std::string first_error;      // Of a tip that was not decided.
  std::string first_rejection;  // The code that a rejected tip was given first.
};

// Reads an AuthorizeTipResponse. Fails if it is malformed or has no decision.
absl::StatusOr<TipOutcomes> ReadTipResponse(absl::string_view bytes);

// Reads an AuthorizeTipsResponse or StreamTipsResponse. Fails if it is malformed or has not
// `tip_count` results.
absl::StatusOr<TipOutcomes> ReadTipsResponse(absl::string_view bytes, int tip_count);

}  // namespace tipgate
