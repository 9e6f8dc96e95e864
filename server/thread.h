#pragma once

namespace tipgate {

// Names the calling thread for top, perf and a debugger; at most 15 bytes.
void NameThread(const char* name);

// From now on the calling thread gets a third of the share of a busy CPU that others get: for work
// that no caller waits for. Not less, because such a thread can hold a lock that others want.
void LowerThreadPriority();

}  // namespace tipgate
