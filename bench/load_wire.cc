#include "bench/load_wire.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>
#include <grpcpp/support/slice.h>

#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "tipgate/v1/tip.pb.h"

namespace tipgate {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;
using google::protobuf::io::CodedOutputStream;

constexpr size_t kKeyBytes = 16;
// Key 18, payer 10, streamer and session 20, gift 10 + 6 + 3; with its own tag and length. So the
// length of a tip fits into one byte.
constexpr size_t kTipBytesMax = 2 + 18 + 10 + 20 + 19;
static_assert(kTipBytesMax < 128);

constexpr uint8_t VarintTag(int field) { return static_cast<uint8_t>(field << 3); }
constexpr uint8_t BytesTag(int field) { return static_cast<uint8_t>(field << 3 | 2); }

uint8_t* WriteField(int field, int64_t value, uint8_t* to) {
  *to++ = VarintTag(field);
  return CodedOutputStream::WriteVarint64ToArray(static_cast<uint64_t>(value), to);
}

uint8_t* WriteText(absl::string_view text, uint8_t* to) {
  std::memcpy(to, text.data(), text.size());
  return to + text.size();
}

uint8_t* WriteKey(uint64_t key, uint8_t* to) {
  constexpr char kDigits[] = "0123456789abcdef";
  *to++ = BytesTag(v1::TipIntent::kIdempotencyKeyFieldNumber);
  *to++ = kKeyBytes;
  for (int shift = 60; shift >= 0; shift -= 4) *to++ = kDigits[key >> shift & 0xf];
  return to;
}

std::string Encoded(const uint8_t* begin, const uint8_t* end) { return {begin, end}; }

absl::Status Malformed() { return absl::InternalError("a reply is not the expected message"); }

// Rare, so it may take the long way: goes on in a rejected decision to its first violation.
bool ReadRejection(CodedInputStream& input, TipOutcomes& outcomes) {
  while (const uint32_t tag = input.ReadTag()) {
    if (tag != BytesTag(v1::TipDecision::kViolationsFieldNumber)) {
      if (!WireFormatLite::SkipField(&input, tag)) return false;
      continue;
    }
    uint32_t size = 0;
    std::string bytes;
    v1::Violation violation;
    if (!input.ReadVarint32(&size) || !input.ReadString(&bytes, static_cast<int>(size)) ||
        !violation.ParseFromString(bytes)) {
      return false;
    }
    outcomes.first_rejection = v1::RejectionCode_Name(violation.code());
    return true;
  }
  return true;
}

// Counts the outcome of the TipDecision that fills the input's limit; leaves the rest of it unread.
bool ReadDecision(CodedInputStream& input, TipOutcomes& outcomes) {
  while (const uint32_t tag = input.ReadTag()) {
    uint32_t outcome = 0;
    if (tag != VarintTag(v1::TipDecision::kOutcomeFieldNumber)) {
      if (!WireFormatLite::SkipField(&input, tag)) return false;
      continue;
    }
    if (!input.ReadVarint32(&outcome)) return false;
    if (outcome == v1::OUTCOME_ACCEPTED) ++outcomes.accepted_count;
    if (outcome != v1::OUTCOME_REJECTED) return outcome == v1::OUTCOME_ACCEPTED;
    return outcomes.rejected_count++ > 0 || ReadRejection(input, outcomes);
  }
  return false;
}

// Rare, so it may take the long way.
bool ReadError(CodedInputStream& input, TipOutcomes& outcomes) {
  uint32_t size = 0;
  std::string bytes;
  v1::TipError error;
  if (!input.ReadVarint32(&size) || !input.ReadString(&bytes, static_cast<int>(size)) ||
      !error.ParseFromString(bytes)) {
    return false;
  }
  if (outcomes.error_count++ == 0) {
    outcomes.first_error = absl::StrCat(error.field(), ": ", error.message());
  }
  return true;
}

// Calls read(input) on the next length-delimited value, and goes to its end.
template <typename Read>
bool ReadNested(CodedInputStream& input, Read read) {
  uint32_t size = 0;
  if (!input.ReadVarint32(&size)) return false;
  const auto limit = input.PushLimit(static_cast<int>(size));
  if (!read(input)) return false;
  const int left = input.BytesUntilLimit();
  if (left > 0 && !input.Skip(left)) return false;
  input.PopLimit(limit);
  return true;
}

bool ReadResult(CodedInputStream& input, TipOutcomes& outcomes) {
  switch (input.ReadTag()) {
    case BytesTag(v1::TipResult::kDecisionFieldNumber):
      return ReadNested(input, [&](CodedInputStream& in) { return ReadDecision(in, outcomes); });
    case BytesTag(v1::TipResult::kErrorFieldNumber):
      return ReadError(input, outcomes);
    default:
      return false;
  }
}

CodedInputStream Input(absl::string_view bytes) {
  return CodedInputStream(reinterpret_cast<const uint8_t*>(bytes.data()),
                          static_cast<int>(bytes.size()));
}

}  // namespace

std::string EncodeSessionFields(int64_t streamer_id, int64_t session_id) {
  uint8_t bytes[kTipBytesMax];
  uint8_t* end = WriteField(v1::TipIntent::kStreamerIdFieldNumber, streamer_id, bytes);
  end = WriteField(v1::TipIntent::kSessionIdFieldNumber, session_id, end);
  return Encoded(bytes, end);
}

std::string EncodeGiftFields(int64_t gift_id, int64_t unit_price_minor, int count) {
  uint8_t bytes[kTipBytesMax];
  uint8_t* end = WriteField(v1::TipIntent::kGiftIdFieldNumber, gift_id, bytes);
  end = WriteField(v1::TipIntent::kUnitPriceMinorFieldNumber, unit_price_minor, end);
  end = WriteField(v1::TipIntent::kCountFieldNumber, count, end);
  return Encoded(bytes, end);
}

void TipRequestWriter::Add(uint64_t key, int64_t payer_id, absl::string_view session_fields,
                           absl::string_view gift_fields) {
  uint8_t tip[kTipBytesMax];
  uint8_t* end = WriteKey(key, tip + 2);
  end = WriteField(v1::TipIntent::kPayerIdFieldNumber, payer_id, end);
  end = WriteText(session_fields, end);
  end = WriteText(gift_fields, end);
  tip[0] = BytesTag(v1::AuthorizeTipsRequest::kTipsFieldNumber);
  tip[1] = static_cast<uint8_t>(end - tip - 2);
  bytes_.append(reinterpret_cast<const char*>(tip), static_cast<size_t>(end - tip));
}

grpc::ByteBuffer TipRequestWriter::Take() {
  const grpc::Slice slice(bytes_);
  bytes_.clear();
  return grpc::ByteBuffer(&slice, 1);
}

absl::StatusOr<TipOutcomes> ReadTipResponse(absl::string_view bytes) {
  TipOutcomes outcomes;
  CodedInputStream input = Input(bytes);
  if (input.ReadTag() != BytesTag(v1::AuthorizeTipResponse::kDecisionFieldNumber))
    return Malformed();
  if (!ReadNested(input, [&](CodedInputStream& in) { return ReadDecision(in, outcomes); })) {
    return Malformed();
  }
  return outcomes;
}

absl::StatusOr<TipOutcomes> ReadTipsResponse(absl::string_view bytes, int tip_count) {
  TipOutcomes outcomes;
  CodedInputStream input = Input(bytes);
  int result_count = 0;
  while (const uint32_t tag = input.ReadTag()) {
    if (tag != BytesTag(v1::AuthorizeTipsResponse::kResultsFieldNumber)) return Malformed();
    if (!ReadNested(input, [&](CodedInputStream& in) { return ReadResult(in, outcomes); })) {
      return Malformed();
    }
    ++result_count;
  }
  if (result_count != tip_count) {
    return absl::InternalError(
        absl::StrCat("a reply has ", result_count, " results for ", tip_count, " tips"));
  }
  return outcomes;
}

}  // namespace tipgate
