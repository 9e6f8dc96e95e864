#pragma once

#include "absl/strings/string_view.h"
#include "core/error.h"
#include "server/rpc.h"

namespace tipgate {

// A field that is not as the contract wants it: "count: must be 1 .. 9999, was 0".
CallError InvalidField(absl::string_view field, absl::string_view expected);

// "payer_id: no such payer".
CallError NotFound(absl::string_view field, absl::string_view what);

CallError ToCallError(const RequestError& error);

// The same error with its field inside of the message at `path`, such as "tips[3]".
CallError Within(absl::string_view path, CallError error);

// Errors that more than one kind of call has.
CallError KeyReusedError();
CallError ReadersBusyError();
CallError RepliesUnsentError();
CallError ReadDeadlineError();
// Of a call that only people whom the gate knows may make.
CallError UnauthenticatedError();
CallError TipNotHeldError();
// Of a journal entry that could not be read.
CallError DamagedError();

}  // namespace tipgate
