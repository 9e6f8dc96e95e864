#pragma once

namespace tipgate {

// From now on SIGINT and SIGTERM do not end this process at once, but make IsInterrupted true, so
// that it can stop its servers and remove its temporary folders.
void CatchInterrupts();
bool IsInterrupted();

}  // namespace tipgate
