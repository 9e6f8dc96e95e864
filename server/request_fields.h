#pragma once

#include <string>

#include "core/inline_text.h"
#include "core/record.h"
#include "server/field_checks.h"

namespace tipgate {

// Fields that the requests of several services have in common.

// A text whose length has been checked.
template <int kBytesMax>
void SetText(const std::string& text, InlineText<kBytesMax>* out) {
  if (text.size() <= kBytesMax) *out = InlineText<kBytesMax>(text);
}

inline void ReadKey(const std::string& key, FieldChecks* checks, Intent* intent) {
  checks->Bytes("idempotency_key", key, 1, IdempotencyKey::kSizeMax);
  SetText(key, &intent->key);
}

}  // namespace tipgate
