// Text as a terminal shows it.
#pragma once

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace tipgate {

// The terminal columns that UTF-8 text takes: 2 for East Asian wide characters, 1 for all others.
// Zero-width characters count 1, which only costs alignment.
size_t DisplayWidth(absl::string_view text);

// The text with each control character as \xNN, so that a stored key cannot steer the terminal
// and one value stays on one line.
std::string EscapeControls(absl::string_view text);

}  // namespace tipgate
