#pragma once

#include "absl/strings/string_view.h"

namespace tipgate {

enum class Severity { kInfo, kWarning, kError };

// One line for people on stderr: UTC time, severity, text. No ids of people, no keys. Any thread.
void Log(Severity severity, absl::string_view text);

}  // namespace tipgate
