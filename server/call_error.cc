#include "server/call_error.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace tipgate {

CallError InvalidField(absl::string_view field, absl::string_view expected) {
  return {.reason = ErrorReason::kInvalidField,
          .field = std::string(field),
          .message = absl::StrCat(field, ": ", expected)};
}

CallError NotFound(absl::string_view field, absl::string_view what) {
  return {.reason = ErrorReason::kNotFound,
          .field = std::string(field),
          .message = absl::StrCat(field, ": no such ", what)};
}

CallError ToCallError(const RequestError& error) {
  return {.reason = error.reason, .field = error.field, .message = error.message};
}

CallError Within(absl::string_view path, CallError error) {
  if (error.field.empty()) return error;
  error.field = absl::StrCat(path, ".", error.field);
  error.message = absl::StrCat(path, ".", error.message);
  return error;
}

CallError KeyReusedError() {
  return {.reason = ErrorReason::kKeyReused,
          .field = "idempotency_key",
          .message = "idempotency_key: was used for another request; use a new key for a new one"};
}

CallError ReadersBusyError() {
  return {.reason = ErrorReason::kOverloaded,
          .field = "",
          .message = "too many reads are waiting; back off, then retry the same call"};
}

CallError RepliesUnsentError() {
  return {.reason = ErrorReason::kOverloaded,
          .field = "",
          .message =
              "too many replies wait for callers to take them; back off, then retry with the "
              "same key"};
}

CallError ReadDeadlineError() {
  return {.reason = ErrorReason::kDeadlinePassed,
          .field = "",
          .message = "the deadline passed before the answer was read; retry the same call"};
}

CallError UnauthenticatedError() {
  return {.reason = ErrorReason::kUnauthenticated,
          .field = "",
          .message =
              "this call needs to know who makes it, and the gate was not told in a way that "
              "it believes"};
}

CallError TipNotHeldError() {
  return {.reason = ErrorReason::kWrongState, .field = "tip_id", .message = "tip_id: is not held"};
}

CallError DamagedError() {
  return {.reason = ErrorReason::kDamaged,
          .field = "",
          .message = "the journal is damaged here; the operators must restore it from a backup"};
}

}  // namespace tipgate
