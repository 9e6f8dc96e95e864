#pragma once

namespace tipgate {

// Names the calling thread for top, perf and a debugger; at most 15 bytes.
void NameThread(const char* name);

}  // namespace tipgate
