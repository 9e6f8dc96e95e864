#pragma once

namespace tipgate {

// Version of the server, as in CHANGELOG.md.
inline constexpr char kVersion[] = "0.1.0";

}  // namespace tipgate
