#pragma once

#include <string>

#include "core/income_job.h"
#include "core/inline_text.h"
#include "core/record.h"
#include "server/field_checks.h"

namespace tipgate {

// Fields that the requests of several services have in common.

inline constexpr int32_t kPermilleMax = 1'000;

// A text whose length has been checked.
template <int kBytesMax>
void SetText(const std::string& text, InlineText<kBytesMax>* out) {
  if (text.size() <= kBytesMax) *out = InlineText<kBytesMax>(text);
}

inline void ReadKey(const std::string& key, FieldChecks* checks, Intent* intent) {
  checks->Bytes("idempotency_key", key, 1, IdempotencyKey::kSizeMax);
  SetText(key, &intent->key);
}

inline void ReadCase(const std::string& case_reference, FieldChecks* checks, CaseNote* note) {
  checks->Bytes("case_reference", case_reference, 1, CaseName::kSizeMax);
  SetText(case_reference, &note->case_name);
}

inline void ReadReason(const std::string& reason, size_t bytes_min, FieldChecks* checks,
                       CaseNote* note) {
  checks->Bytes("reason", reason, bytes_min, ReasonText::kSizeMax);
  SetText(reason, &note->reason);
}

// A time that was told: never 0, which is the core's word for the opposite.
inline int64_t ReadToldTime(const char* field, const google::protobuf::Timestamp& time,
                            FieldChecks* checks) {
  const int64_t time_ms = checks->TimeMs(field, time);
  return time_ms == 0 ? 1 : time_ms;
}

// The first millisecond that is not before a time.
inline int64_t ReadBound(const char* field, const google::protobuf::Timestamp& time,
                         FieldChecks* checks) {
  constexpr int32_t kNanosPerMs = 1'000'000;
  const int64_t time_ms = checks->TimeMs(field, time);
  return time.nanos() % kNanosPerMs == 0 ? time_ms : time_ms + 1;
}

}  // namespace tipgate
