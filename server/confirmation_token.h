#pragma once

#include "core/confirmation.h"

namespace tipgate {

// A token that nobody can guess: 128 random bits of the system as 32 hexadecimal digits. Any
// thread.
ConfirmationToken DrawConfirmationToken();

}  // namespace tipgate
